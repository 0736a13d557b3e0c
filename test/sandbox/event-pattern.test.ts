import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { InvalidPattern } from "../../src/sandbox/event-operators.ts";
import { compilePattern } from "../../src/sandbox/event-pattern.ts";

interface Case {
  readonly id: string;
  readonly event: unknown;
  readonly pattern: unknown;
  readonly expected: boolean | "refused";
}

const cases: readonly Case[] = readFileSync(
  new URL("../fixtures/pattern-cases.jsonl", import.meta.url),
  "utf8",
)
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));

function answer({ pattern, event }: Case): boolean | "refused" {
  try {
    return compilePattern(pattern)(event);
  } catch (error) {
    if (error instanceof InvalidPattern) return "refused";
    throw error;
  }
}

describe("answers as AWS' reference matcher does", () => {
  it("there are cases", () => expect(cases.length).toBe(69));
  it.each(cases)("$id: $expected", (one) => expect(answer(one)).toBe(one.expected));
});

it("names the operator that it refuses, and where", () => {
  expect(() => compilePattern({ detail: { size: [{ "greater-than": 5 }] } })).toThrow(
    /Unrecognized match type greater-than at "detail.size"/,
  );
});
