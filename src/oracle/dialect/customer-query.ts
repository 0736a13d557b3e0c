import type { E164, EmailAddress, Identity, Reference } from "../../domain/identity/identity.ts";
import type { HomeCountries, Rank } from "../../domain/identity/rank.ts";
import { type Spelling, spellingsOf } from "../../domain/identity/spellings.ts";
import { createStoredReader, rankIn } from "../../domain/identity/stored-number.ts";
import { lineOf } from "../../domain/identity/subscriber-line.ts";

/** What a dialect asks Oracle for: an identity with every form in which Oracle may store it. */
export type CustomerQuery =
  | {
      readonly kind: "phone";
      readonly number: E164;
      /** Further forms of the number, likeliest first. A dialect takes as many as its request can hold. */
      readonly spellings: readonly Spelling[];
      /** How sure it is that a stored text is this number; undefined if it is another number. */
      readonly rankOf: (stored: string) => Rank | undefined;
    }
  | {
      readonly kind: "email";
      readonly address: EmailAddress;
      readonly spellings: readonly string[];
    }
  | { readonly kind: "reference"; readonly reference: Reference };

/** [pure] */
export function queryOf(identity: Identity, home: HomeCountries): CustomerQuery {
  if (identity.kind !== "phone") return identity;
  const { number } = identity;
  const [read, line] = [createStoredReader(home), lineOf(number)];
  return {
    kind: "phone",
    number,
    spellings: spellingsOf(number, home, read),
    rankOf: (stored) => rankIn(read(stored), line),
  };
}
