import { Failure } from "../domain/failure.ts";
import { identifyAddress } from "../domain/identity/customer.ts";
import type { Unusable } from "../domain/identity/identity.ts";
import type { PhoneRegion } from "../domain/identity/phone.ts";
import type { LookupRequest } from "../lookup/request.ts";

/** The argument of `ringahead lookup` identifies nobody. */
export class UnreadableArgument extends Failure {
  readonly why: Unusable;

  constructor(who: string, why: Unusable, region: PhoneRegion) {
    super({
      kind: "misconfigured",
      code: "bad_request",
      source: "worker",
      message: `${quoted(who)} ${reasons(region)[why]}; no request was sent to Oracle`,
      cure: `Type a telephone number with its country code, such as "+1 555 019 9999", or an email address, such as ada@example.com. A number without a country code is read as one of DEFAULT_PHONE_REGION (${region}).`,
    });
    this.why = why;
  }
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
 * [pure] The customer whom the argument of `ringahead lookup` names.
 * @throws {UnreadableArgument} if it is neither a telephone number nor an email address.
 */
export function readLookupArgument(who: string, region: PhoneRegion): LookupRequest {
  const read = identifyAddress(who, { defaultRegion: region });
  if (!read.usable) throw new UnreadableArgument(who, read.why, region);
  return { by: read.identity.kind === "email" ? "email" : "phone", address: who };
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
