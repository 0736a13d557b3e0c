/** The third argument of a reviver (TC39, "JSON.parse source text access"). */
interface ReviverContext {
  readonly source?: string;
}

/** More digits are no id: `1e300` stays a number. */
const MOST_DIGITS = 40;

/**
 * [pure] `JSON.parse` that never rounds an integer: one beyond 2^53 is returned as a string of its digits,
 * whether it is written as digits, with an exponent or with zeros after a point. Oracle's ids have up to 18
 * digits. A fraction that a number would round to an integer is returned as it is written.
 * @throws {SyntaxError}
 */
export function parseExactly(text: string): unknown {
  // The types of the library lack the third argument.
  return JSON.parse(text, exact as (key: string, value: unknown) => unknown);
}

function exact(_key: string, value: unknown, { source }: ReviverContext): unknown {
  if (typeof value !== "number" || source === undefined || !Number.isInteger(value)) return value;
  if (/^-?\d{1,15}$/.test(source)) return value;
  const digits = integerOf(source);
  if (digits === undefined) return source.length <= MOST_DIGITS && !isHuge(value) ? source : value;
  return String(value) === digits && Number.isSafeInteger(value) ? value : digits;
}

function isHuge(value: number): boolean {
  return Math.abs(value) >= 10 ** MOST_DIGITS;
}

/** The digits of a JSON number; undefined if it is not an integer, or too long. */
function integerOf(source: string): string | undefined {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/.exec(source) ?? [];
  const shift = Number(exponent);
  const point = whole.length + shift;
  const all = whole + fraction;
  if (whole === "" || Math.abs(shift) > MOST_DIGITS || all.length > MOST_DIGITS) return undefined;
  const padded = all.padEnd(Math.max(point, 0), "0");
  if (/[1-9]/.test(padded.slice(Math.max(point, 0)))) return undefined;
  const digits = padded.slice(0, Math.max(point, 0)).replace(/^0+(?=\d)/, "");
  return digits === "" || digits === "0" ? "0" : sign + digits;
}
