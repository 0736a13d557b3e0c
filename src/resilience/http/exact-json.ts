/** The third argument of a reviver (TC39, "JSON.parse source text access"). */
interface ReviverContext {
  readonly source?: string;
}

/**
 * [pure] `JSON.parse` that returns an integer beyond 2^53 as a string of its digits: Oracle's ids have up
 * to 18 digits.
 * @throws {SyntaxError}
 */
export function parseExactly(text: string): unknown {
  // The types of the library lack the third argument.
  return JSON.parse(text, exact as (key: string, value: unknown) => unknown);
}

function exact(_key: string, value: unknown, { source }: ReviverContext): unknown {
  const isCut = typeof value === "number" && !Number.isSafeInteger(value);
  return isCut && source !== undefined && /^-?\d+$/.test(source) ? source : value;
}
