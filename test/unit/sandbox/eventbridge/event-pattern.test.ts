import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compilePattern } from "../../../../src/sandbox/simulators/eventbridge/pattern/event-pattern.ts";
import { InvalidPattern } from "../../../../src/sandbox/simulators/eventbridge/pattern/invalid-pattern.ts";

interface Case {
  readonly id: string;
  readonly event: unknown;
  readonly pattern: unknown;
  readonly expected: boolean | "refused";
}

const file = new URL("../../../fixtures/pattern-cases.jsonl", import.meta.url);
const cases: readonly Case[] = readFileSync(file, "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => JSON.parse(line));

function answer(pattern: unknown, event: unknown): boolean | "refused" {
  try {
    return compilePattern(pattern)(event);
  } catch (error) {
    if (error instanceof InvalidPattern) return "refused";
    throw error;
  }
}

/** Whether a field with this value passes a list of values and match expressions. */
function passes(value: unknown, ...members: readonly unknown[]): boolean | "refused" {
  return answer({ detail: { field: members } }, { detail: { field: value } });
}

describe("the results of AWS's reference matcher", () => {
  it("has all cases", () => {
    expect(cases).toHaveLength(69);
  });

  it.each(cases.map((one) => [one.id, one] as const))("%s", (_id, { pattern, event, expected }) => {
    expect(answer(pattern, event)).toBe(expected);
  });
});

describe("a refusal", () => {
  it.each([
    [[], "Filter is not an object"],
    [{ detail: {} }, 'Empty objects are not allowed at "detail"'],
    [{ detail: "x" }, '"detail" must be an object or an array'],
    [{ detail: { field: [["x"]] } }, "Match value must be String, number, true, false, or null"],
    [{ detail: { field: [{ regex: "x" }] } }, 'Unrecognized match type regex at "detail.field"'],
    [{ field: [{ prefix: { wildcard: "x" } }] }, "Unsupported prefix pattern: wildcard"],
    [{ field: [{ suffix: { suffix: "x" } }] }, "Unsupported suffix pattern: suffix"],
    [{ field: [{ "anything-but": { cidr: "::/8" } }] }, "Unsupported anything-but pattern: cidr"],
    [{ field: [{ numeric: ["~", 1] }] }, "Unrecognized numeric range operator: ~"],
    [{ $or: [{ a: [1] }, { b: [{ regex: "x" }] }] }, 'Unrecognized match type regex at "b"'],
  ])("of %j gives the reason and the place", (pattern, reason) => {
    expect(() => compilePattern(pattern)).toThrow(InvalidPattern);
    expect(() => compilePattern(pattern)).toThrow("Event pattern is not valid. Reason: ");
    expect(() => compilePattern(pattern)).toThrow(reason);
  });

  it.each([
    [{ numeric: [">", 5, "<", 5] }],
    [{ numeric: ["=", 5, "<", 6] }],
    [{ numeric: [">", 1, ">", 2] }],
    [{ numeric: [">", 1, "<", 2, "<", 3] }],
    [{ numeric: [">", "5"] }],
    [{ numeric: [">"] }],
    [{ numeric: ["<", Number.POSITIVE_INFINITY] }],
    [{ "anything-but": ["a", 1] }],
    [{ "anything-but": ["a", null] }],
    [{ "anything-but": { suffix: "" } }],
    [{ "anything-but": { prefix: [] } }],
    [{ "anything-but": { "equals-ignore-case": [1] } }],
    [{ exists: 1 }],
    [{ exactly: 1 }],
    [{ cidr: "10.0.0.0" }],
    [{ cidr: "10.0.0.0/33" }],
    [{ cidr: "10.0.0.0/x" }],
    [{ cidr: "::1/128" }],
    [{ cidr: "host/8" }],
    [{ wildcard: "\\" }],
  ])("is given to %j", (member) => {
    expect(passes("x", member)).toBe("refused");
  });
});

describe("an operator", () => {
  it.each([
    ["suffix", "photo.png", { suffix: ".png" }, true],
    ["suffix", "png", { suffix: ".png" }, false],
    ["prefix in any case", "EVENTbridge", { prefix: { "equals-ignore-case": "eventB" } }, true],
    ["suffix in any case", "x.PnG", { suffix: { "equals-ignore-case": ".png" } }, true],
    ["suffix in any case", "x.png.", { suffix: { "equals-ignore-case": ".png" } }, false],
    ["any case, ß in the pattern", "STRASSE", { "equals-ignore-case": "straße" }, true],
    ["any case, a dot is no wildcard", "axb", { "equals-ignore-case": "A.B" }, false],
    ["exactly", "x", { exactly: "x" }, true],
    ["numeric on text", "5", { numeric: ["=", 5] }, false],
    ["numeric, the bounds themselves", 5, { numeric: [">=", 5, "<=", 6] }, true],
    ["numeric, the bounds themselves", 6, { numeric: [">", 5, "<", 6] }, false],
    ["exists, null", null, { exists: true }, true],
    ["exists, an empty list", [], { exists: false }, true],
    ["anything-but of text on a number", 5, { "anything-but": { prefix: "5" } }, true],
    ["anything-but of text on null", null, { "anything-but": "x" }, true],
    ["anything-but suffixes", "a.png", { "anything-but": { suffix: [".gif", ".png"] } }, false],
    ["anything-but wildcard", "a/b/c", { "anything-but": { wildcard: "*/b/*" } }, false],
    ["anything-but wildcard", "a/c", { "anything-but": { wildcard: "*/b/*" } }, true],
    ["cidr, version 6", "2001:db8::99", { cidr: "2001:db8::/32" }, true],
    ["cidr of the other version", "10.0.0.1", { cidr: "::/8" }, false],
    ["cidr on text", "host", { cidr: "10.0.0.0/8" }, false],
    ["an address in another notation", "0:0:0:0:0:0:0:1", "::1", true],
    ["not an address", "10.0.0.999", "10.0.0.999", true],
    ["wildcard, first and last overlap", "aba", { wildcard: "ab*ba" }, false],
    ["wildcard, nothing", "", { wildcard: "*" }, true],
  ])("%s: %j and %j is %s", (_what, value, member, expected) => {
    expect(passes(value, member)).toBe(expected);
  });

  it("matches a number that no double can hold only exactly", () => {
    const [even, odd] = [9007199254740992, 9007199254740993n];
    expect(passes(odd, odd)).toBe(true);
    expect(passes(odd, even)).toBe(false);
    expect(passes(odd, { "anything-but": [even] })).toBe(true);
    expect(passes(odd, { numeric: [">", 0] })).toBe(false);
    expect(passes(odd, { numeric: [">", odd] })).toBe("refused");
  });

  it("passes if any member of the list passes", () => {
    const members = [{ "anything-but": ["x"] }, { exists: false }];
    expect(passes("x", ...members)).toBe(false);
    expect(passes("y", ...members)).toBe(true);
    expect(answer({ detail: { field: members } }, { detail: {} })).toBe(true);
  });

  it("anything-but is the opposite of the same operator for any text", () => {
    const operators = fc.constantFrom("prefix", "suffix", "equals-ignore-case");
    fc.assert(
      fc.property(operators, fc.string({ minLength: 1 }), fc.string(), (operator, text, value) => {
        const plain = passes(value, { [operator]: text });
        expect(passes(value, { "anything-but": { [operator]: text } })).toBe(!plain);
      }),
    );
  });

  it("wildcard matches like a regular expression", () => {
    const text = (characters: string) => fc.string({ unit: fc.constantFrom(...characters) });
    fc.assert(
      fc.property(text("ab*"), text("ab"), (operand, value) => {
        fc.pre(!operand.includes("**"));
        const expression = new RegExp(`^${operand.replaceAll("*", ".*")}$`);
        expect(passes(value, { wildcard: operand })).toBe(expression.test(value));
      }),
    );
  });
});

describe("fields", () => {
  it("must match in one element of a list, in the order of their names", () => {
    const event = { list: [{ b: 1, a: 1 }, { b: 2 }] };
    expect(answer({ list: { b: [2], c: [{ exists: false }] } }, event)).toBe(true);
    // "a" is tested before "b". No element is chosen yet, so "a" is not absent.
    expect(answer({ list: { b: [2], a: [{ exists: false }] } }, event)).toBe(false);
  });

  it("may match in elements of different lists", () => {
    const event = { one: [{ a: 1 }, { a: 2 }], other: [{ b: 1 }, { b: 2 }] };
    expect(answer({ one: { a: [2] }, other: { b: [1] } }, event)).toBe(true);
  });

  it("may occur twice: the last one counts, also inside $or", () => {
    const pattern = { a: ["y"], $or: [{ a: ["x"] }, { b: [2] }] };
    expect(answer(pattern, { a: "x" })).toBe(true);
    expect(answer(pattern, { a: "y" })).toBe(false);
  });

  it("may be named $or if it is not valid as an operator", () => {
    expect(answer({ $or: ["x"] }, { $or: "x" })).toBe(true);
    expect(answer({ $or: [{ prefix: "x" }, { suffix: "y" }] }, { $or: "ay" })).toBe(true);
  });

  it("of several $or multiply, up to a limit", () => {
    const either = (name: string) => ({ $or: [{ [name]: [1] }, { [name]: [2] }] });
    const nested = (depth: number) =>
      Object.fromEntries(Array.from({ length: depth }, (_, index) => [`f${index}`, either("x")]));
    expect(answer(nested(9), { f0: { x: 1 } })).toBe(false);
    expect(answer(nested(10), {})).toBe("refused");
  });

  it("match in long lists without testing every combination", () => {
    const list = Array.from({ length: 2_000 }, () => "x");
    const pattern = Object.fromEntries(["a", "b", "c", "d"].map((name) => [name, ["x"]]));
    expect(answer({ ...pattern, e: ["y"] }, { a: list, b: list, c: list, d: list })).toBe(false);
  });
});

it("answers or refuses any JSON without other errors", () => {
  const keys = fc.constantFrom("a", "$or", "prefix", "anything-but", "numeric", "cidr", "wildcard");
  const json = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: "medium" },
      fc.constantFrom("a", "*", "\\", "10.0.0.0/8", "<", 1, null, true),
      fc.array(tie("any"), { maxLength: 3 }),
      fc.dictionary(keys, tie("any"), { maxKeys: 3 }),
    ),
  })).any;
  fc.assert(
    fc.property(json, json, (pattern, event) => {
      expect([true, false, "refused"]).toContain(answer(pattern, event));
    }),
  );
});
