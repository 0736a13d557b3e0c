declare const brand: unique symbol;

/** A telephone number: `+<country code><national number>`, 7 to 15 digits. */
export type E164 = string & { readonly [brand]: "E164" };

/** An email address, lower case, at most 254 ASCII characters. */
export type EmailAddress = string & { readonly [brand]: "EmailAddress" };

/** The key by which Oracle looks up a customer. */
export type Identity =
  | {
      readonly kind: "phone";
      readonly number: E164;
      /** Other forms in which Oracle may store the number, most likely first, without `number`. */
      readonly spellings: readonly string[];
    }
  | { readonly kind: "email"; readonly address: EmailAddress };

/** Why an address cannot be looked up. Oracle is not called. */
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

/** [pure] The key of an identity in caches and for shared calls. */
export function identityKey(identity: Identity): string {
  return identity.kind === "phone" ? `phone:${identity.number}` : `email:${identity.address}`;
}
