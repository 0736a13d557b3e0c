import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { confirm } from "../../../../src/cli/dlq-confirm.ts";

async function ask(answer: string | undefined): Promise<{ agreed: boolean; asked: string }> {
  const input = new PassThrough();
  const output = new PassThrough();
  const asking = confirm("Replay 3 letters?", input, output, new AbortController().signal);
  input.end(answer);
  return { agreed: await asking, asked: String(output.read()) };
}

describe("the question on a terminal", () => {
  it.each([
    ["y\n", true],
    ["YES\n", true],
    [" yes \n", true],
    ["\n", false],
    ["n\n", false],
    ["yesterday\n", false],
    [undefined, false],
  ])("%j means %s", async (answer, expected) => {
    const { agreed, asked } = await ask(answer);
    expect(asked).toContain("Replay 3 letters? [y/N] ");
    expect(agreed).toBe(expected);
  });

  it("is answered with no by an interrupt", async () => {
    const interrupt = new AbortController();
    const asking = confirm("Sure?", new PassThrough(), new PassThrough(), interrupt.signal);
    interrupt.abort();
    expect(await asking).toBe(false);
  });
});
