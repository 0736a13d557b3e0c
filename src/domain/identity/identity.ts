declare const brand: unique symbol;

/** A telephone number as `+<country code><national number>`, 7 to 15 digits. */
export type E164 = string & { readonly [brand]: "E164" };

/** An email address, lower case, at most 254 ASCII characters. */
export type EmailAddress = string & { readonly [brand]: "EmailAddress" };

/** What a customer can be found by in Oracle. */
export type Identity =
  | {
      readonly kind: "phone";
      readonly number: E164;
      /** Other ways that the same number may be stored, most likely first, without `number`. */
      readonly spellings: readonly string[];
    }
  | { readonly kind: "email"; readonly address: EmailAddress };

/** Why an address cannot find anybody. Each costs no call to Oracle. */
export type Unusable =
  | "withheld"
  | "internal"
  | "short_number"
  | "opaque"
  | "invalid_number"
  | "no_address";

/** The result of identifying a customer. */
export type Identified =
  | { readonly usable: true; readonly identity: Identity }
  | { readonly usable: false; readonly why: Unusable };

/** One string for one identity: the key of caches and of shared calls. */
export function identityKey(identity: Identity): string {
  return identity.kind === "phone" ? `phone:${identity.number}` : `email:${identity.address}`;
}
