import { Failure } from "../domain/failure.ts";
import { identifyAddress } from "../domain/identity/customer.ts";
import type { Reference, Unusable } from "../domain/identity/identity.ts";
import type { PhoneRegion } from "../domain/identity/phone.ts";
import { readReference } from "../domain/identity/reference.ts";
import type { LookupRequest } from "../lookup/request.ts";

/** The arguments of `ringahead lookup` identify nobody. */
export class UnreadableArgument extends Failure {
  readonly why: Unusable;

  constructor(what: string, why: Unusable, cure: string) {
    super({
      kind: "misconfigured",
      code: "bad_request",
      source: "worker",
      message: `${what}; no request was sent to Oracle`,
      cure,
    });
    this.why = why;
  }
}

function unreadable(who: string, why: Unusable, region: PhoneRegion): UnreadableArgument {
  return new UnreadableArgument(
    `${quoted(who)} ${reasons(region)[why]}`,
    why,
    `Type a telephone number with its country code, such as "+1 555 019 9999", or an email address, such as ada@example.com. A number without a country code is read as one of DEFAULT_PHONE_REGION (${region}).`,
  );
}

function reasons(region: PhoneRegion): Readonly<Record<Unusable, string>> {
  return {
    withheld: "stands for a withheld number",
    internal: "is an internal extension or station",
    short_number: "is too short for a telephone number",
    opaque: "is neither a telephone number nor an email address",
    invalid_number: `is not a telephone number of any country, read for the region ${region}`,
    no_address: "is empty",
  };
}

/**
 * [pure] The customer whom the arguments of `ringahead lookup` name.
 * @throws {UnreadableArgument} if `who` is neither a telephone number nor an email address, `collected`
 * is no reference, or both are missing.
 */
export function readLookupArguments(
  who: string | undefined,
  collected: string | undefined,
  region: PhoneRegion,
): LookupRequest {
  const reference = collected === undefined ? undefined : reading(collected);
  if (who === undefined) {
    if (reference !== undefined) return { by: "reference", reference };
    const cure = "Give a telephone number, an email address, or --reference <number>.";
    throw new UnreadableArgument("no customer is named", "no_address", cure);
  }
  const read = identifyAddress(who, { defaultRegion: region });
  if (!read.usable) throw unreadable(who, read.why, region);
  return { by: read.identity.kind === "email" ? "email" : "phone", address: who, reference };
}

function reading(collected: string): Reference {
  const reference = readReference(collected);
  if (reference !== undefined) return reference;
  const cure = "A reference has 3 to 40 letters and digits, with single - or _ between them.";
  const what = `${quoted(collected)} is not an account, customer or case number`;
  throw new UnreadableArgument(what, "opaque", cure);
}

/** As JSON, so that no control character reaches the terminal. */
function quoted(who: string): string {
  const signs = [...who];
  const text = signs.length > 80 ? `${signs.slice(0, 80).join("")}…` : who;
  return JSON.stringify(text).replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, escaped);
}

function escaped(sign: string): string {
  return `\\u{${(sign.codePointAt(0) ?? 0).toString(16)}}`;
}
