import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { seededOrder } from "../../../../src/app/seeded-order.ts";
import { readNumbers } from "../../../../src/operations/spellings/read-numbers.ts";

const read = (text: string, limit = 100, seed = "1") =>
  readNumbers({
    ...{ place: "-", stdin: Readable.from([text]), defaultRegion: "DE", limit },
    ...{ orderOf: seededOrder(seed), placeholders: new Set(["+4930000000"]) },
  });
const sampled = (number: string) => JSON.stringify({ number, match: "not_found", country: "DE" });

describe("the numbers of a sample", () => {
  it("are those of the file of shadow mode, or of a list, each once", async () => {
    const text = `\uFEFF${sampled("+4930123456")}\r\n\n030 123456\n(030) 12 34 57\n`;
    const { numbers, lines, wrong } = await read(text);
    expect(numbers.toSorted()).toEqual(["+4930123456", "+4930123457"]);
    expect([lines, wrong.count]).toEqual([3, 0]);
  });

  it("skip wrong lines, which are named by their line numbers alone", async () => {
    const text = `030 123456\nada@example.com\n{"number":"+4930123457"}\nAda Example\n\n`;
    const found = await read(text);
    expect(found).toMatchObject({ lines: 1, wrong: { count: 3, first: [2, 3, 4] } });
    expect(JSON.stringify(found.wrong)).not.toMatch(/ada|4930/i);
  });

  it("have no placeholder", async () => {
    const { numbers } = await read("+4930000000\n+4930123456\n");
    expect(numbers).toEqual(["+4930123456"]);
  });

  it("are chosen at random, the same with the same seed", async () => {
    const text = Array.from({ length: 300 }, (_, n) => `+4930123${1000 + n}\n`).join("");
    const first = await read(text, 20);
    expect(first.numbers).toHaveLength(20);
    expect((await read(text, 20)).numbers).toEqual(first.numbers);
    expect((await read(text, 20, "2")).numbers).not.toEqual(first.numbers);
  });

  it.each([
    ["", /"-" is empty$/],
    ["\n \n", /"-" is empty$/],
    ["Ada Example\nmore\n", /holds no telephone number in its 2 lines$/],
  ])("must be there: %j", async (text, message) => {
    await expect(read(text)).rejects.toMatchObject({
      ...{ kind: "misconfigured", message: expect.stringMatching(message) },
      cure: expect.stringContaining("SHADOW_SAMPLE_FILE"),
    });
  });

  it("are in a file that can be read", async () => {
    const missing = readNumbers({
      ...{ place: "no/such/file", stdin: Readable.from([]), defaultRegion: "DE", limit: 1 },
      ...{ orderOf: seededOrder("1"), placeholders: new Set<string>() },
    });
    await expect(missing).rejects.toMatchObject({
      message: 'the sample "no/such/file" cannot be read (ENOENT)',
    });
  });
});
