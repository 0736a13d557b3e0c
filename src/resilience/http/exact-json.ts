/** What V8 passes to a reviver beside key and value (TC39, "JSON.parse source text access"). */
interface ReviverContext {
  readonly source?: string;
}

/**
 * [pure] `JSON.parse` that keeps integers which a number cannot hold as the digits they were sent
 * as: Oracle's ids have up to 18 digits, and 2^53 has 16.
 * @throws {SyntaxError}
 */
export function parseExactly(text: string): unknown {
  // The library's types do not know the third argument yet.
  return JSON.parse(text, exact as (key: string, value: unknown) => unknown);
}

function exact(_key: string, value: unknown, { source }: ReviverContext): unknown {
  const isCut = typeof value === "number" && !Number.isSafeInteger(value);
  return isCut && source !== undefined && /^-?\d+$/.test(source) ? source : value;
}
