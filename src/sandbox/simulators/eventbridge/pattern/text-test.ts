import { InvalidPattern } from "./invalid-pattern.ts";

/** Whether a string passes. */
export type TextTest = (text: string) => boolean;

/** The operators that take one string and test strings. Each makes a test of its operand. */
export const textOperators = new Map<string, (operand: string, path: string) => TextTest>([
  ["prefix", (operand) => (text) => text.startsWith(operand)],
  ["suffix", (operand) => (text) => text.endsWith(operand)],
  ["equals-ignore-case", (operand) => ignoringCase(operand, { start: true, end: true })],
  ["wildcard", wildcardTest],
]);

/** [pure] A test for texts that begin, end, or both begin and end with this one in any case. */
export function ignoringCase(
  operand: string,
  anchored: { readonly start?: boolean; readonly end?: boolean },
): TextTest {
  // One character at a time, lower or upper: a sharp s in the operand passes "SS", never the other way.
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

/** `*` stands for any number of characters, `\*` and `\\` for themselves. */
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

/** The texts between the asterisks. */
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
