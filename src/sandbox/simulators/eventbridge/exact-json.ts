/**
 * [pure] Parses JSON. An integer that no double can hold becomes a bigint, because EventBridge compares
 * such numbers digit by digit.
 * @throws {SyntaxError} if the text is not JSON
 */
export function parseExactJson(text: string): unknown {
  return JSON.parse(text, (_name, value: unknown, context?: { readonly source?: string }) => {
    const source = context?.source ?? "";
    if (typeof value !== "number" || Number.isSafeInteger(value) || !/^-?\d+$/.test(source)) {
      return value;
    }
    const exact = BigInt(source);
    return Number.isFinite(value) && BigInt(value) === exact ? value : exact;
  });
}
