import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const page = readFileSync(join(ROOT, "docs/explanation/conversation-states.md"), "utf8");

it.each(["src/pipeline/work-item.ts", "src/pipeline/attempt-result.ts"])(
  "the page of states names every state of %s",
  (path) => {
    const source = readFileSync(join(ROOT, path), "utf8");
    const kinds = new Set(
      [...source.matchAll(/readonly kind: "(\w+)"/g)].map(([, kind = ""]) => kind),
    );
    expect(kinds.size).toBeGreaterThan(2);
    expect([...kinds].filter((kind) => !page.includes(`\`${kind}\``))).toEqual([]);
  },
);
