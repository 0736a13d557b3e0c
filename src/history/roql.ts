import { Failure } from "../failure.ts";
import type { Identity } from "../identify/identity.ts";

/** A query for `queryResults`, and how many statements, so how many tables, it has. */
export interface Roql {
  readonly text: string;
  readonly statements: number;
}

export interface RoqlOptions {
  /** How many of a customer's open incidents are asked for. */
  readonly incidents: number;
  /** Paths of custom fields of an incident, `CustomFields.c.level`; see {@link isCustomField}. */
  readonly customFields: readonly string[];
}

/** More than one, so that ambiguity shows; several, for a number of two types gives two rows. */
const CONTACTS = 10;
const THROUGH = "I.PrimaryContact.ParentContact";
/** 2 is `Solved` (Connect REST, "StatusWithType"): sites add statuses, the types stay. */
const OPEN = "I.StatusWithType.StatusType.ID != 2";

/** The contacts that have this identity, and the open incidents of whoever has it, in one request. */
export function contactsAndIncidents(identity: Identity, options: RoqlOptions): Roql {
  const where = `${THROUGH}.${match(identity)}`;
  return checked(`${contacts(identity)};${incidents(where, options)}`, 2);
}

/** The contacts alone, for sites that refuse {@link contactsAndIncidents}. */
export function contactsAlone(identity: Identity): Roql {
  return checked(contacts(identity), 1);
}

/** The open incidents of one contact. */
export function incidentsOf(contactId: string, options: RoqlOptions): Roql {
  if (!/^\d{1,18}$/.test(contactId)) throw refused("a contact id that is not digits");
  return checked(incidents(`${THROUGH}.ID = ${contactId}`, options), 1);
}

/** Whether `path` names a custom field and nothing else: it becomes part of a query. */
export function isCustomField(path: string): boolean {
  return /^CustomFields\.[A-Za-z]\w{0,59}\.[A-Za-z]\w{0,59}$/.test(path);
}

function contacts(identity: Identity): string {
  return (
    "SELECT C.ID, C.Name.First, C.Name.Last, C.Organization.Name FROM Contacts C " +
    `WHERE C.${match(identity)} LIMIT ${CONTACTS}`
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

function match(identity: Identity): string {
  if (identity.kind === "email") return `Emails.Address = ${emailLiteral(identity.address)}`;
  const numbers = phoneDigits(identity.number, identity.spellings).map((digits) => `'${digits}'`);
  if (numbers.length === 0) throw refused("a telephone number without 6 to 15 digits");
  return `Phones.RawNumber IN (${numbers.join(",")})`;
}

/**
 * `RawNumber` holds the digits that somebody typed, with or without a country code or a trunk
 * prefix: every spelling's digits, each once.
 */
function phoneDigits(number: string, spellings: readonly string[]): string[] {
  const digits = [number, ...spellings].map((spelling) => spelling.replace(/[^0-9]/g, ""));
  return [...new Set(digits)].filter((candidate) => /^[0-9]{6,15}$/.test(candidate)).slice(0, 12);
}

const EMAIL = /^[a-z0-9_+&=~#!$%.-]{1,64}@[a-z0-9.-]{1,189}$/;

/** The allow-list once more, for a query must not depend on who made the identity. */
function emailLiteral(address: string): string {
  if (!EMAIL.test(address)) throw refused("an email address outside the allow-list");
  return `'${address.replaceAll("'", "''")}'`;
}

const LITERAL = /'(?:[^']|'')*'/g;
const SELECT =
  /^SELECT [CI]\.ID(?:, [CI]\.[A-Za-z0-9_.]+)+ FROM (?:Contacts C|Incidents I) WHERE [A-Za-z0-9_.,?()=! ]+$/;
/** `queryResults` runs these too. */
const CHANGES = /(?<![.\w])(?:DELETE|UPDATE|INSERT|CREATE|DESTROY|SET|USE|SHOW|DESCRIBE)\b/i;

/**
 * The last check, which trusts nothing above it: outside its literals the text is the expected
 * number of SELECT statements over the two tables, and nothing else.
 * @throws {Failure} `permanent`: such a query is never sent.
 */
export function checked(text: string, statements: number): Roql {
  const parts = text.replace(LITERAL, "?").split(";");
  const sound = parts.every(
    (part) => SELECT.test(part) && !CHANGES.test(part) && part.match(/\bSELECT\b/gi)?.length === 1,
  );
  if (!sound || parts.length !== statements) throw refused("text that is not the expected SELECTs");
  return { text, statements };
}

function refused(what: string): Failure {
  return new Failure({
    kind: "permanent",
    code: "bad_request",
    source: "event",
    message: `a query to Oracle was not sent: it would hold ${what}`,
    cure: "Look at the event's customer address: it may be an attack. Nothing reached Oracle.",
  });
}
