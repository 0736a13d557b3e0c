import { readAddress } from "./address.ts";
import type { ParticipantAddresses } from "./customer.ts";
import type { Identity } from "./identity.ts";

/**
 * How an event wrote the number that the customer is looked up by:
 * - `e164`: with `+` and country code;
 * - `international`: with the country code, without the `+`;
 * - `national`: as people write it at home, so that the country had to be guessed.
 */
export type NumberForm = "e164" | "international" | "national";

/** [pure] The form in which a number came, found among what came; undefined for email addresses. */
export function formOf(
  identity: Identity,
  came: readonly (string | undefined)[],
): NumberForm | undefined {
  if (identity.kind === "email") return undefined;
  const digits = identity.number.slice(1);
  for (const raw of came) {
    const address = readAddress(raw);
    if (address.kind !== "phone") continue;
    const form = formOfText(address.text, digits);
    if (form !== undefined) return form;
  }
  // What a numbering plan has rewritten (an old prefix, a 9 put in) is international in any case.
  return "international";
}

function formOfText(text: string, digits: string): NumberForm | undefined {
  const written = text.replace(/\D/g, "");
  if (text.startsWith("+")) return written === digits ? "e164" : undefined;
  if (written.replace(/^(00|011)/, "") === digits) return "international";
  return digits.endsWith(written.replace(/^0/, "")) ? "national" : undefined;
}

/** [pure] Everything in an event that could be the customer's address, in Genesys' order. */
export function addressesOf(body: ParticipantAddresses): readonly (string | undefined)[] {
  const { ani, dnis, addressFrom, addressTo, callbackNumbers = [] } = body;
  return body.direction?.toUpperCase() === "OUTBOUND"
    ? [dnis, addressTo, ...callbackNumbers]
    : [ani, addressFrom, ...callbackNumbers];
}

/**
 * [pure] An identity for the log: `+49…17` for a number, `a…@….example` for an email address. It
 * tells nobody who the customer is who does not know already.
 */
export function maskedNumber(identity: Identity): string {
  if (identity.kind === "phone") {
    const { number } = identity;
    return `${number.slice(0, 3)}…${number.slice(-2)}`;
  }
  const { address } = identity;
  return `${address.slice(0, 1)}…@…${address.slice(address.lastIndexOf("."))}`;
}
