declare const brand: unique symbol;

/** A telephone number: `+<country code><national number>`, 7 to 15 digits. */
export type E164 = string & { readonly [brand]: "E164" };

/** An email address in ASCII, lower case, at most 254 characters. */
export type EmailAddress = string & { readonly [brand]: "EmailAddress" };

/** An account, customer or case number that a flow collected; see `reference.ts`. */
export type Reference = string & { readonly [brand]: "Reference" };

/** The key by which Oracle looks up a customer. */
export type Identity =
  | { readonly kind: "phone"; readonly number: E164 }
  | {
      readonly kind: "email";
      readonly address: EmailAddress;
      /** Other forms in which Oracle may store the address: as it was typed, its domain in Unicode. */
      readonly spellings: readonly string[];
    }
  | { readonly kind: "reference"; readonly reference: Reference };

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
  switch (identity.kind) {
    case "phone":
      return `phone:${identity.number}`;
    case "email":
      return `email:${identity.address}`;
    case "reference":
      return `reference:${identity.reference}`;
  }
}
