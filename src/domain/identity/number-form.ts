import { readAddress } from "./address.ts";
import type { ParticipantAddresses } from "./customer.ts";
import type { Identity } from "./identity.ts";
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
  const digits = identity.number.slice(1);
  for (const raw of addresses) {
    const address = readAddress(raw);
    if (address.kind !== "phone") continue;
    const form = formOfText(address.text, digits);
    if (form !== undefined) return form;
  }
  // A number that a numbering plan changed (an old prefix, an added 9) is international.
  return "international";
}

function formOfText(text: string, digits: string): NumberForm | undefined {
  const written = text.replace(/\D/g, "");
  if (text.startsWith("+")) return written === digits ? "e164" : undefined;
  if (written.replace(/^(00|011)/, "") === digits) return "international";
  return digits.endsWith(written.replace(/^0/, "")) ? "national" : undefined;
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
