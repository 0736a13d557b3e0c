import type { E164 } from "./identity.ts";
import { currentNumber } from "./numbering-changes.ts";

/**
 * A telephone line as `+<digits>`: the same text for all numbers by which the line is known. It need not be
 * a number that can be dialled.
 */
export type Line = string;

/**
 * [pure] The line of a number. Two numbers have the same line if they are equal, or if they differ only
 * - in a numbering plan that changed (`+521…` in Mexico, the ninth digit in Brazil);
 * - in Argentina's mobile 9: `+54 9 11 2345-6789` is dialled from abroad, `11 2345-6789` is what the
 *   regulator assigned. A block of such numbers is for mobile or for fixed lines, never for both (Argentina,
 *   Plan Fundamental de Numeración Nacional; ITU-T E.129, Argentina), so no second line has those digits.
 */
export function lineOf(number: E164): Line {
  return lineOfCurrent(currentNumber(number.slice(1)));
}

/** [pure] {@link lineOf} for digits with the country code that are known to be a current number. */
export function lineOfCurrent(digits: string): Line {
  return `+${digits.replace(/^549(?=\d{10}$)/, "54")}`;
}
