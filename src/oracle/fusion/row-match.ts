import type { CustomerQuery } from "../dialect/customer-query.ts";
import {
  addressesOf,
  digitsOf,
  EMAIL_LITERAL,
  type EmailQuery,
  emailLiteral,
  type PhoneQuery,
  REFERENCE_LITERAL,
  rawNumbers,
  referenceLiteral,
  refusedQuery,
} from "../dialect/literals.ts";

/** A condition in rowmatch form (Oracle Fusion REST, framework version 2 and later). */
export type RowMatch = string;

/** The attributes of a tenant that identify a contact. */
export interface SearchAttributes {
  /** Compared with a telephone number. */
  readonly phones: readonly string[];
  /** Compared with a reference. */
  readonly references: readonly string[];
}

/** Whether `name` is an attribute and nothing else: it becomes part of a query. */
export function isAttributeName(name: string): boolean {
  return /^[A-Z][A-Za-z0-9_]{0,59}$/.test(name);
}

/** The contacts that have this identity. Email addresses are compared without regard to case. */
export function contactsWith(query: CustomerQuery, attributes: SearchAttributes): RowMatch {
  switch (query.kind) {
    case "email":
      return either(
        addressesOf(query).map((one) => `upper(EmailAddress) = ${emailLiteral(upper(one))}`),
      );
    case "phone":
      return numbersIn(query, attributes.phones);
    case "reference": {
      const literal = referenceLiteral(query.reference);
      return either(attributes.references.map((name) => `${name} = ${literal}`));
    }
  }
}

/** For tenants that refuse `upper()`: the address in lower case and as it was typed. */
export function contactsWithAddress(query: EmailQuery): RowMatch {
  const literals = addressesOf(query, true).map(emailLiteral);
  return checkedCondition(`EmailAddress in (${literals.join(",")})`);
}

/** The contacts or accounts that have this number in one of the attributes. */
export function numbersIn(query: PhoneQuery, attributes: readonly string[]): RowMatch {
  const literals = formsOf(query, attributes.length).map((form) => `'${form}'`);
  if (literals.length === 0) throw refusedQuery("a telephone number without digits");
  return either(attributes.map((name) => `${name} in (${literals.join(",")})`));
}

/** The contact of a party. */
export function contactOf(partyId: string): RowMatch {
  return checkedCondition(`PartyId = ${partyId}`);
}

/** The service requests whose primary contact is one of these parties. */
export function requestsOf(...partyIds: readonly string[]): RowMatch {
  const list = partyIds.join(",");
  return checkedCondition(
    partyIds.length === 1
      ? `PrimaryContactPartyId = ${list}`
      : `PrimaryContactPartyId in (${list})`,
  );
}

/** The service requests of an account. */
export function accountRequestsOf(partyId: string): RowMatch {
  return checkedCondition(`AccountPartyId = ${partyId}`);
}

/**
 * The service requests with this number. Telephone keys have no letters, so digits are also tried with
 * the usual prefix (`SR0000012345`).
 */
export function requestsWith(reference: string): RowMatch {
  const forms = /^\d+$/.test(reference) ? [reference, `SR${reference}`] : [reference];
  return checkedCondition(`SrNumber in (${forms.map(referenceLiteral).join(",")})`);
}

/** Of the lists of all attributes as parts of a URL. */
const MOST_CHARACTERS = 5_500;

/**
 * The texts to compare with: each form as it is typed, and its digits. Likeliest first. Digits that are another
 * number without their `+` are left out: a tenant may hide which text matched.
 */
export function formsOf(query: PhoneQuery, attributes: number): readonly string[] {
  const texts = [query.number, ...query.spellings.map(({ text }) => text)];
  const typed = texts.flatMap((text) => [text, digitsOf(text)]);
  const forms = [...new Set([...typed, ...rawNumbers(query)])].filter(
    (form) => PHONE.test(form) && query.rankOf(form) !== undefined,
  );
  let room = MOST_CHARACTERS / attributes;
  return forms.filter((form) => {
    room -= encodeURIComponent(`'${form}',`).length;
    return room >= 0;
  });
}

/** As Oracle's `upper()`: a character without a single capital (`ß`) stays. */
function upper(text: string): string {
  return [...text]
    .map((character) => {
      const capital = character.toUpperCase();
      return capital.length === character.length ? capital : character;
    })
    .join("");
}

function either(conditions: readonly string[]): RowMatch {
  return checkedCondition(conditions.join(" or "));
}

/** The usual spellings of a telephone number: no letter and no quote. */
const PHONE = /^\+?[0-9][0-9 ()./-]{4,24}$|^\([0-9][0-9 ()./-]{4,24}$/;
const NAME = "[A-Z][A-Za-z0-9_]{0,59}";
const PHONES = String.raw`${NAME} in \('[0-9+ ().\/-]{5,26}'(?:,'[0-9+ ().\/-]{5,26}')*\)`;
const REFERENCE = `${NAME} = ${REFERENCE_LITERAL}`;
const UPPER = String.raw`upper\(EmailAddress\) = ${EMAIL_LITERAL}`;
const EMAILS = String.raw`EmailAddress in \(${EMAIL_LITERAL}(?:,${EMAIL_LITERAL})*\)`;
const PARTY = String.raw`(?:PrimaryContact|Account)?PartyId = \d{1,18}`;
const PARTIES = String.raw`PrimaryContactPartyId in \(\d{1,18}(?:,\d{1,18})*\)`;
const NUMBERS = String.raw`SrNumber in \(${REFERENCE_LITERAL}(?:,${REFERENCE_LITERAL})?\)`;
/** Conditions that may stand several times. */
const REPEATED = [PHONES, REFERENCE, UPPER].map((one) => `${one}(?: or ${one})*`);
const CONDITION = new RegExp(
  `^(?:${[...REPEATED, EMAILS, PARTY, PARTIES, NUMBERS].join("|")})$`,
  "u",
);

/**
 * The last check of a condition, independent of the code that built it: the whole text must be one of our
 * forms. No literal can hold `;`, a backslash, a control character or a quote that is not doubled.
 * @throws {Failure} `permanent` for any other text.
 */
export function checkedCondition(text: string): RowMatch {
  if (!CONDITION.test(text)) throw refusedQuery("text that is not one of the expected conditions");
  return text;
}
