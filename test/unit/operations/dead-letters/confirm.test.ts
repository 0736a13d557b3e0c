import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { confirm } from "../../../../src/cli/dlq-confirm.ts";

async function ask(answer: string | undefined): Promise<{ confirmed: boolean; output: string }> {
  const input = new PassThrough();
  const shown = new PassThrough();
  const confirmed = confirm("Replay 3 messages?", input, shown, new AbortController().signal);
  input.end(answer);
  return { confirmed: await confirmed, output: String(shown.read()) };
}

describe("the confirmation on a terminal", () => {
  it.each([
    ["y\n", true],
    ["YES\n", true],
    [" yes \n", true],
    ["\n", false],
    ["n\n", false],
    ["yesterday\n", false],
    [undefined, false],
  ])("%j means %s", async (answer, expected) => {
    const { confirmed, output } = await ask(answer);
    expect(output).toContain("Replay 3 messages? [y/N] ");
    expect(confirmed).toBe(expected);
  });

  it("means no after an interrupt", async () => {
    const interrupt = new AbortController();
    const confirmed = confirm("Sure?", new PassThrough(), new PassThrough(), interrupt.signal);
    interrupt.abort();
    expect(await confirmed).toBe(false);
  });
});
