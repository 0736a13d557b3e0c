import type { CustomerQuery } from "../dialect/customer-query.ts";
import {
  addressesOf,
  EMAIL_LITERAL,
  type EmailQuery,
  emailLiteral,
  type PhoneQuery,
  rawNumbers,
  refusedQuery,
} from "../dialect/literals.ts";
import { type ColumnOptions, contactColumns, NUMBER, RAW_NUMBER } from "./columns.ts";

/** A query for `queryResults`, and the number of its statements: the answer has one table for each. */
export interface Roql {
  readonly text: string;
  readonly statements: number;
}

export interface RoqlOptions extends ColumnOptions {
  /** How many of a customer's open incidents are requested. */
  readonly incidents: number;
  /** Digits that users of this site type before a number, beside the prefixes of its country; see {@link isPhonePrefix}. */
  readonly phonePrefixes: readonly string[];
  /** Paths of custom fields of an incident, `CustomFields.c.level`; see {@link isCustomField}. */
  readonly customFields: readonly string[];
}

/** More than one, to detect ambiguity. Each number of a contact gives a row, so there may be many. */
export const MOST_CONTACTS = 20;
/** Of a query as part of a URL. Proxies limit URLs to some 4,096 characters. */
const MOST_CHARACTERS = 3_900;
const THROUGH = "I.PrimaryContact.ParentContact";
/** 2 is `Solved` (Connect REST, "StatusWithType"). Sites may add statuses, but no types. */
const OPEN = "I.StatusWithType.StatusType.ID != 2";

/** The contacts that have this identity and their open incidents, in one request. */
export function contactsAndIncidents(identity: CustomerQuery, options: RoqlOptions): Roql {
  return longestThatFits(identity, (shorter) => {
    const condition = match(shorter, options);
    const text = `${contacts(identity.kind, condition, options)};${incidents(condition, options)}`;
    return checkedRoql(text, 2);
  });
}

/** Only the contacts, for sites that refuse {@link contactsAndIncidents}. */
export function contactsAlone(identity: CustomerQuery, options: RoqlOptions): Roql {
  return longestThatFits(identity, (shorter) =>
    checkedRoql(contacts(identity.kind, match(shorter, options), options), 1),
  );
}

/** Leaves out the least likely forms of the identity until the query is short enough for a URL. */
function longestThatFits(identity: CustomerQuery, build: (shorter: CustomerQuery) => Roql): Roql {
  if (identity.kind === "reference") return build(identity);
  let shorter: typeof identity = identity;
  for (;;) {
    const query = build(shorter);
    if (shorter.spellings.length === 0 || encodeURIComponent(query.text).length <= MOST_CHARACTERS)
      return query;
    shorter = withoutLast(shorter);
  }
}

function withoutLast(identity: PhoneQuery | EmailQuery): PhoneQuery | EmailQuery {
  return identity.kind === "phone"
    ? { ...identity, spellings: identity.spellings.slice(0, -1) }
    : { ...identity, spellings: identity.spellings.slice(0, -1) };
}

/** The open incidents of one contact. */
export function incidentsOf(contactId: string, options: RoqlOptions): Roql {
  return checkedRoql(incidents(idCondition(contactId), options), 1);
}

/** Contacts by their ids, and their open incidents. */
export function contactsWithIds(contactIds: readonly string[], options: RoqlOptions): Roql {
  const condition = idCondition(...contactIds);
  return checkedRoql(
    `${contacts("reference", condition, options)};${incidents(condition, options)}`,
    2,
  );
}

/** Whether `path` is a custom field and nothing else: it becomes part of a query. */
export function isCustomField(path: string): boolean {
  return /^CustomFields\.[A-Za-z]\w{0,59}\.[A-Za-z]\w{0,59}$/.test(path);
}

/** Whether `digits` may stand before a telephone number: `0`, `9`, `011`. */
export function isPhonePrefix(digits: string): boolean {
  return /^[0-9]{1,4}$/.test(digits);
}

/** The statement for contacts. @param condition begins with a path of the contact, without alias */
function contacts(kind: CustomerQuery["kind"], condition: string, options: RoqlOptions): string {
  const columns = contactColumns(kind, options).map((column) => `C.${column}`);
  return `SELECT ${columns.join(", ")} FROM Contacts C WHERE C.${condition} LIMIT ${MOST_CONTACTS}`;
}

/** The custom fields of incidents that the site has. */
function incidentFields({ customFields, refused }: RoqlOptions): readonly string[] {
  return customFields.filter((path) => !refused?.has(incidentColumn(path)));
}

/** The name of an incident's custom field among the refused columns: a contact may have it as well. */
export function incidentColumn(path: string): string {
  return `Incident.${path}`;
}

function incidents(condition: string, options: RoqlOptions): string {
  const custom = incidentFields(options).map((path) => `, I.${path}`);
  return (
    "SELECT I.ID, I.ReferenceNumber, I.Subject, I.StatusWithType.Status.LookupName, " +
    `I.UpdatedTime, ${THROUGH}.ID${custom.join("")} FROM Incidents I ` +
    `WHERE ${THROUGH}.${condition} AND ${OPEN} ORDER BY I.UpdatedTime DESC LIMIT ${options.incidents}`
  );
}

/** @throws {Failure} if an id is not digits */
export function idCondition(...contactIds: readonly string[]): string {
  if (!contactIds.every((id) => /^\d{1,18}$/.test(id)))
    throw refusedQuery("a contact id that is not digits");
  return contactIds.length === 1 ? `ID = ${contactIds[0]}` : `ID IN (${contactIds.join(",")})`;
}

function match(identity: CustomerQuery, options: RoqlOptions): string {
  switch (identity.kind) {
    case "email": {
      const [first = "", ...others] = addressesOf(identity).map(emailLiteral);
      const list = [first, ...others].join(",");
      return others.length === 0 ? `Emails.Address = ${first}` : `Emails.Address IN (${list})`;
    }
    case "phone": {
      const numbers = numbersToAsk(identity, options);
      if (numbers.length === 0) throw refusedQuery("a telephone number without 6 to 19 digits");
      return `Phones.RawNumber IN (${numbers.map((digits) => `'${digits}'`).join(",")})`;
    }
    case "reference":
      throw refusedQuery("a reference in place of a number");
  }
}

/**
 * [pure] The numbers that a query asks for, if all of them fit. If the site does not tell which number matched, only
 * digits that say enough alone are among them.
 */
export function numbersToAsk(
  identity: PhoneQuery,
  { phonePrefixes, refused }: Pick<RoqlOptions, "phonePrefixes" | "refused">,
): readonly string[] {
  const numbers = rawNumbers(identity, phonePrefixes);
  const isBlind = refused?.has(NUMBER) === true && refused.has(RAW_NUMBER);
  return isBlind ? numbers.filter((digits) => identity.rankOf(digits) !== undefined) : numbers;
}

const PATH = String.raw`[CI](?:\.[A-Za-z]\w{0,59}){1,5}`;
/** Digits and references are within the characters of addresses. */
const TEXT = EMAIL_LITERAL;
const ID = String.raw`\d{1,18}`;
const LIST = String.raw`IN \((?:${TEXT}(?:,${TEXT})*|${ID}(?:,${ID})*)\)`;
const CONDITION = `${PATH} (?:= ${TEXT}|!?= ${ID}|${LIST})`;
/** A whole statement. It has no part that could hold any other word. */
const SELECT = new RegExp(
  `^SELECT ${PATH}(?:, ${PATH})* FROM (?:Contacts C|Incidents I) ` +
    String.raw`WHERE ${CONDITION}(?: AND ${CONDITION})?(?: ORDER BY ${PATH} DESC)? LIMIT \d{1,5}$`,
  "u",
);

/**
 * The last check of a query, independent of the code that built it. `queryResults` also runs DELETE, so
 * the text must be the expected number of SELECT statements in our form. No literal can hold `;`, a
 * backslash, white space or a quote that is not doubled.
 * @throws {Failure} `permanent` for any other text.
 */
export function checkedRoql(text: string, statements: number): Roql {
  const parts = text.split(";");
  if (parts.length !== statements || !parts.every((part) => SELECT.test(part))) {
    throw refusedQuery("text that is not the expected SELECTs");
  }
  return { text, statements };
}
