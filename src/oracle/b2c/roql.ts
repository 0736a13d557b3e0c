import type { CustomerField } from "../../domain/history/customer-fields.ts";
import type { CustomerQuery } from "../dialect/customer-query.ts";
import { emailLiteral, rawNumbers, refusedQuery } from "../dialect/literals.ts";

/** A query for `queryResults`, and the number of its statements: the answer has one table for each. */
export interface Roql {
  readonly text: string;
  readonly statements: number;
}

export interface RoqlOptions {
  /** How many of a customer's open incidents are requested. */
  readonly incidents: number;
  /** Whether to request the names of contacts. */
  readonly names: boolean;
  /** Digits that users of this site type before a number, beside the prefixes of its country; see {@link isPhonePrefix}. */
  readonly phonePrefixes: readonly string[];
  /** Paths of custom fields of an incident, `CustomFields.c.level`; see {@link isCustomField}. */
  readonly customFields: readonly string[];
  /** Custom fields of a contact; see {@link isCustomField}. */
  readonly customerFields: readonly CustomerField[];
}

/** More than one, to detect ambiguity. Each number of a contact gives a row, so there may be many. */
export const MOST_CONTACTS = 20;
const THROUGH = "I.PrimaryContact.ParentContact";
/** 2 is `Solved` (Connect REST, "StatusWithType"). Sites may add statuses, but no types. */
const OPEN = "I.StatusWithType.StatusType.ID != 2";

/** The contacts that have this identity and their open incidents, in one request. */
export function contactsAndIncidents(identity: CustomerQuery, options: RoqlOptions): Roql {
  const where = `${THROUGH}.${match(identity, options)}`;
  return checkedRoql(`${contacts(identity, options)};${incidents(where, options)}`, 2);
}

/** Only the contacts, for sites that refuse {@link contactsAndIncidents}. */
export function contactsAlone(identity: CustomerQuery, options: RoqlOptions): Roql {
  return checkedRoql(contacts(identity, options), 1);
}

/** The open incidents of one contact. */
export function incidentsOf(contactId: string, options: RoqlOptions): Roql {
  if (!/^\d{1,18}$/.test(contactId)) throw refusedQuery("a contact id that is not digits");
  return checkedRoql(incidents(`${THROUGH}.ID = ${contactId}`, options), 1);
}

/** Whether `path` is a custom field and nothing else: it becomes part of a query. */
export function isCustomField(path: string): boolean {
  return /^CustomFields\.[A-Za-z]\w{0,59}\.[A-Za-z]\w{0,59}$/.test(path);
}

/** Whether `digits` may stand before a telephone number: `0`, `9`, `011`. */
export function isPhonePrefix(digits: string): boolean {
  return /^[0-9]{1,4}$/.test(digits);
}

function contacts(identity: CustomerQuery, options: RoqlOptions): string {
  const names = options.names ? ", C.Name.First, C.Name.Last" : "";
  const custom = options.customerFields.map(({ field }) => `, C.${field}`).join("");
  return (
    `SELECT C.ID, C.Organization.Name${names}${custom} FROM Contacts C ` +
    `WHERE C.${match(identity, options)} LIMIT ${MOST_CONTACTS}`
  );
}

function incidents(where: string, options: RoqlOptions): string {
  const custom = options.customFields.map((path) => `, I.${path}`).join("");
  return (
    "SELECT I.ID, I.ReferenceNumber, I.Subject, I.StatusWithType.Status.LookupName, " +
    `I.UpdatedTime, ${THROUGH}.ID${custom} FROM Incidents I ` +
    `WHERE ${where} AND ${OPEN} ORDER BY I.UpdatedTime DESC LIMIT ${options.incidents}`
  );
}

function match(identity: CustomerQuery, { phonePrefixes }: RoqlOptions): string {
  if (identity.kind === "email") return `Emails.Address = ${emailLiteral(identity.address)}`;
  if (identity.kind === "reference") throw refusedQuery("a reference");
  const { number, spellings } = identity;
  const numbers = rawNumbers([number, ...spellings.map(({ text }) => text)], phonePrefixes);
  if (numbers.length === 0) throw refusedQuery("a telephone number without 6 to 15 digits");
  return `Phones.RawNumber IN (${numbers.map((digits) => `'${digits}'`).join(",")})`;
}

const PATH = String.raw`[CI](?:\.[A-Za-z]\w{0,59}){1,5}`;
const TEXT = `'[a-z0-9_+&=~#!$%.@-]{1,254}'`;
const CONDITION = String.raw`${PATH} (?:= ${TEXT}|(?:!?=) \d{1,18}|IN \(${TEXT}(?:,${TEXT})*\))`;
/** A whole statement. It has no part that could hold any other word. */
const SELECT = new RegExp(
  `^SELECT ${PATH}(?:, ${PATH})* FROM (?:Contacts C|Incidents I) ` +
    String.raw`WHERE ${CONDITION}(?: AND ${CONDITION})?(?: ORDER BY ${PATH} DESC)? LIMIT \d{1,5}$`,
);

/**
 * The last check of a query, independent of the code that built it. `queryResults` also runs DELETE, so
 * the text must be the expected number of SELECT statements in our form. No literal can hold a quote or `;`.
 * @throws {Failure} `permanent` for any other text.
 */
export function checkedRoql(text: string, statements: number): Roql {
  const parts = text.split(";");
  if (parts.length !== statements || !parts.every((part) => SELECT.test(part))) {
    throw refusedQuery("text that is not the expected SELECTs");
  }
  return { text, statements };
}
