/**
 * [pure] Reads JSON; an integer that no double can hold becomes a bigint, as EventBridge compares
 * such numbers digit by digit.
 * @throws {SyntaxError} for what is no JSON
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
