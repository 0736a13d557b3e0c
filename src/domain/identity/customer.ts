import { readAddress } from "./address.ts";
import type { Identified, Unusable } from "./identity.ts";
import { type PhoneRegion, type PhoneStyle, phoneIdentity } from "./phone.ts";

/**
 * The fields of a Genesys `customer.start` event that identify the customer (Genesys Cloud analytics
 * detail events). Unknown values of enumerations are accepted.
 */
export interface ParticipantAddresses {
  readonly mediaType?: string | undefined;
  readonly messageType?: string | undefined;
  readonly direction?: string | undefined;
  /** The calling side of a voice session. */
  readonly ani?: string | undefined;
  /** The called side of a voice session. */
  readonly dnis?: string | undefined;
  /** The address that started the session. */
  readonly addressFrom?: string | undefined;
  /** The address that received it. */
  readonly addressTo?: string | undefined;
  /** As the customer or a flow entered them, often not E.164. */
  readonly callbackNumbers?: readonly string[] | undefined;
}

/** The addresses of a Genesys external contact. */
export interface ContactAddresses {
  readonly phones: readonly string[];
  readonly emails: readonly string[];
}

export interface IdentifyOptions {
  /** The region of numbers without a country code. */
  readonly defaultRegion: PhoneRegion;
}

/** [pure] Identifies the customer, from the fields that the channel uses for the customer's side. */
export function identify(
  participant: ParticipantAddresses,
  { defaultRegion }: IdentifyOptions,
): Identified {
  const outbound = participant.direction?.toUpperCase() === "OUTBOUND";
  const line = outbound ? participant.dnis : participant.ani;
  const address = outbound ? participant.addressTo : participant.addressFrom;
  const typed = (raw: string | undefined) => resolve(raw, defaultRegion, "typed");
  switch (participant.mediaType?.toUpperCase()) {
    case "VOICE":
      return caller([line, address].map(typed));
    case "CALLBACK":
      return callback((participant.callbackNumbers ?? []).map(typed), [line, address].map(typed));
    case "EMAIL":
      return typed(address);
    case "MESSAGE":
      return fromMessage(participant.messageType, address, defaultRegion);
    case "CHAT":
      return firstUsable([address, line].map((raw) => onlyIfClear(raw, defaultRegion)));
    default:
      return caller([address, line].map(typed));
  }
}

/**
 * [pure] Identifies the customer by one number or address from a flow or a person. Digits without a `+`
 * are read like those of SMS carriers: as a national number if they look like one, otherwise with their
 * country code.
 */
export function identifyAddress(raw: string, options: IdentifyOptions): Identified {
  return resolve(raw, options.defaultRegion, "sms");
}

/** [pure] The first usable number of an external contact, otherwise the first usable email address. */
export function identifyContact(contact: ContactAddresses, options: IdentifyOptions): Identified {
  return firstUsable(
    [...contact.phones, ...contact.emails].map((raw) =>
      resolve(raw, options.defaultRegion, "typed"),
    ),
  );
}

function fromMessage(
  messageType: string | undefined,
  address: string | undefined,
  region: PhoneRegion,
): Identified {
  const type = messageType?.toUpperCase();
  if (type === "SMS") return resolve(address, region, "sms");
  if (type === "WHATSAPP") return resolve(address, region, "whatsapp");
  return onlyIfClear(address, region);
}

/** For channels with opaque ids: digits alone may be an id, so a number must have its `+`. */
function onlyIfClear(raw: string | undefined, region: PhoneRegion): Identified {
  const address = readAddress(raw);
  const guess = address.kind === "phone" && !address.text.startsWith("+");
  // A few digits, or a sign before them, are an id here, neither a short number nor an extension.
  const id = address.kind === "unusable" && /^(?:short_number|internal)$/.test(address.why);
  return guess || id ? unusable("opaque") : resolve(raw, region, "typed");
}

function resolve(raw: string | undefined, region: PhoneRegion, style: PhoneStyle): Identified {
  const address = readAddress(raw);
  if (address.kind === "unusable") return unusable(address.why);
  if (address.kind === "email") return { usable: true, identity: address };
  const identity = phoneIdentity(address.text, region, address.style ?? style);
  return identity ? { usable: true, identity } : unusable("invalid_number");
}

/** The number to call back, otherwise the one that called. */
function callback(numbers: readonly Identified[], sides: readonly Identified[]): Identified {
  return numbers.some(({ usable }) => usable)
    ? firstUsable(numbers)
    : caller([...numbers, ...sides]);
}

/** A number that is withheld in one field is not taken from another field. */
function caller(sides: readonly Identified[]): Identified {
  return sides.find((side) => !side.usable && side.why === "withheld") ?? firstUsable(sides);
}

function firstUsable(results: readonly Identified[]): Identified {
  return (
    results.find((result) => result.usable) ??
    results.find((result) => !result.usable && result.why !== "no_address") ??
    unusable("no_address")
  );
}

function unusable(why: Unusable): Identified {
  return { usable: false, why };
}
