import { parsePhoneNumberFromString } from "libphonenumber-js/max";
import { readAddress } from "./address.ts";
import type { ParticipantAddresses } from "./customer.ts";
import type { E164, Identity } from "./identity.ts";
import { maskedReference } from "./reference.ts";

/**
 * The form of the customer's number in the event:
 * - `e164`: with `+` and country code;
 * - `international`: with the country code, without the `+`;
 * - `national`: without the country code, so the country is a guess.
 */
export type NumberForm = "e164" | "international" | "national";

/** [pure] The form of the number among the addresses of the event; undefined for email addresses. */
export function formOf(
  identity: Identity,
  addresses: readonly (string | undefined)[],
): NumberForm | undefined {
  if (identity.kind !== "phone") return undefined;
  const { number } = identity;
  const read = addresses.map(readAddress).filter((address) => address.kind === "phone");
  // The last digits tell which of the addresses it is: a plan only changes the first ones.
  const own = read.find(({ text }) => digitsOf(text).endsWith(number.slice(-4)));
  if (own === undefined) return "international";
  return own.style === "global" ? "international" : formOfText(own.text, number);
}

function formOfText(text: string, number: E164): NumberForm {
  const written = digitsOf(text);
  const digits = number.slice(1);
  if (written === digits) return text.startsWith("+") ? "e164" : "international";
  if (digits.endsWith(written)) return "national";
  const code = parsePhoneNumberFromString(number)?.countryCallingCode ?? digits;
  if (text.startsWith("+") && written.startsWith(code)) return "e164";
  const abroad = written.replace(/^(?:0011|011|00)(?=[1-9])/, "");
  // Behind a country code there may be a trunk prefix, or an area code of before the plan changed.
  const isAbroad = abroad.startsWith(code) && abroad.length >= digits.length - 1;
  return isAbroad ? "international" : "national";
}

function digitsOf(text: string): string {
  return text.replace(/\D/g, "");
}

/** [pure] All possible addresses of the customer in an event, in Genesys' order. */
export function addressesOf(body: ParticipantAddresses): readonly (string | undefined)[] {
  const { ani, dnis, addressFrom, addressTo, callbackNumbers = [] } = body;
  return body.direction?.toUpperCase() === "OUTBOUND"
    ? [dnis, addressTo, ...callbackNumbers]
    : [ani, addressFrom, ...callbackNumbers];
}

/**
 * [pure] An identity for the log: `+49…17` for a number, `a…@….example` for an email address, `#…07` for
 * a reference. It does not identify the customer.
 */
export function maskedNumber(identity: Identity): string {
  if (identity.kind === "phone") {
    const { number } = identity;
    return `${number.slice(0, 3)}…${number.slice(-2)}`;
  }
  if (identity.kind === "reference") return maskedReference(identity.reference);
  const { address } = identity;
  return `${address.slice(0, 1)}…@…${address.slice(address.lastIndexOf("."))}`;
}
