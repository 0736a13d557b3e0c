import { InvalidPattern } from "./invalid-pattern.ts";

/** Whether a string passes. */
export type TextTest = (text: string) => boolean;

/** Operators that take one string and test strings. Each creates a test from its operand. */
export const textOperators = new Map<string, (operand: string, path: string) => TextTest>([
  ["prefix", (operand) => (text) => text.startsWith(operand)],
  ["suffix", (operand) => (text) => text.endsWith(operand)],
  ["equals-ignore-case", (operand) => ignoringCase(operand, { start: true, end: true })],
  ["wildcard", wildcardTest],
]);

/** [pure] A case-insensitive test for texts that start with the operand, end with it, or both. */
export function ignoringCase(
  operand: string,
  anchored: { readonly start?: boolean; readonly end?: boolean },
): TextTest {
  // Per character, lower or upper case: ß in the operand matches "SS", but not the other way round.
  const source = Array.from(operand, (character) => {
    const cases = new Set([character.toLowerCase(), character.toUpperCase()]);
    return `(?:${[...cases].map(escapeForRegExp).join("|")})`;
  }).join("");
  const expression = new RegExp(
    `${anchored.start ? "^" : ""}${source}${anchored.end ? "$" : ""}`,
    "s",
  );
  return (text) => expression.test(text);
}

function escapeForRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

/** `*` matches any number of characters. `\*` and `\\` match `*` and `\`. */
function wildcardTest(operand: string, path: string): TextTest {
  const [first = "", ...rest] = literalsOf(operand, path);
  const last = rest.pop();
  if (last === undefined) return (text) => text === first;
  return (text) => {
    if (!text.startsWith(first)) return false;
    let at = first.length;
    for (const literal of rest) {
      const found = text.indexOf(literal, at);
      if (found === -1) return false;
      at = found + literal.length;
    }
    return text.length - last.length >= at && text.endsWith(last);
  };
}

/** The texts between the wildcards. */
function literalsOf(operand: string, path: string): string[] {
  const literals = [""];
  for (const [token] of operand.matchAll(/\\.?|\*+|[^\\*]+/gs)) {
    if (token === "*") literals.push("");
    else if (token.startsWith("*")) {
      throw new InvalidPattern("Consecutive wildcard characters", path);
    } else if (/^\\[^*\\]?$/s.test(token)) {
      throw new InvalidPattern("Invalid escape character in wildcard", path);
    } else literals.push(literals.pop() + token.replace(/^\\/, ""));
  }
  return literals;
}
