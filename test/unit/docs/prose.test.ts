import { describe, expect, it } from "vitest";
import { findingsIn } from "../../../scripts/prose.ts";

const found = async (path: string, text: string) =>
  (await findingsIn(path, text)).map(({ line, column, message }) => [line, column, message]);

describe("the prose check", () => {
  it("reads comments, a phrase that goes on in the next line too", async () => {
    const text = "/** It waits. */\n/**\n * The history is at\n * hand.\n */\nexport {};\n";
    expect(await found("src/a.ts", text)).toEqual([[3, 19, "at hand => cached / available"]]);
  });

  it("reads texts, templates and the names that a file declares", async () => {
    const text = 'const hands = "was told";\nconst b = `so in hand`;\n';
    expect(await found("src/a.ts", text)).toEqual([
      [1, 7, "hands => executor / pass"],
      [1, 20, "told => reported / shown / said"],
      [2, 15, "in hand => in progress / held"],
    ]);
  });

  it("leaves code and scripts for Redis alone", async () => {
    const text = 'import { hands } from "./a.ts";\nhands();\nrun(`redis.call("GET") stretch`);\n';
    expect(await found("src/a.ts", text)).toEqual([]);
  });

  it("reads pages, but not the code in them", async () => {
    const text = "# The way of an event\n\n`in hand`, [told](a.md)\n\n```\nwhoever\n```\n";
    expect(await found("docs/a.md", text)).toEqual([
      [1, 3, "The way of => how / path"],
      [3, 13, "told => reported / shown / said"],
    ]);
  });

  it("reads what HTML shows", async () => {
    const text = '<p class="desk">Whoever\n  calls</p>\n';
    expect(await found("a.html", text)).toEqual([[1, 17, "Whoever => if you / anyone who"]]);
  });
});
