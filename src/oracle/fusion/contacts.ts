import type { Call } from "../../domain/call.ts";
import type { Match } from "../../domain/history/match.ts";
import type { CustomerQuery } from "../dialect/customer-query.ts";
import type { SourceOptions } from "../dialect/descriptor.ts";
import type { EmailQuery } from "../dialect/literals.ts";
import { matchAmong, type Rows } from "../dialect/rows.ts";
import { type CrmRest, isRefusedQuery } from "./crm-rest.ts";
import { type Contact, contactsSchema, idOf, nameOf, ownersSchema, rankOf } from "./resources.ts";
import {
  contactOf,
  contactsWith,
  contactsWithAddress,
  type RowMatch,
  requestsWith,
} from "./row-match.ts";

/** More than one, to detect ambiguity, and room for some placeholders. */
const MOST_CONTACTS = 20;

/** The statuses of a party that was merged, deactivated or deleted. */
const GONE = new Set(["I", "M", "D"]);

/** The variable that names the attributes of a query, by what is looked up. */
const VARIABLES = {
  phone: "ORACLE_PHONE_ATTRIBUTES",
  email: undefined,
  reference: "ORACLE_REFERENCE_FIELDS",
} as const;

export interface FindContactOptions extends SourceOptions {
  /** The attributes of a contact that hold telephone numbers. Each must be queryable. */
  readonly phoneAttributes: readonly string[];
}

/** Finds the contact of a query. */
export type FindContact = (query: CustomerQuery, call: Call) => Promise<Match<Contact>>;

/** Contacts in one request; a reference that no contact has costs up to two more. */
export function createFindContact(options: FindContactOptions, get: CrmRest): FindContact {
  const { placeholders, customerFields, phoneAttributes } = options;
  const attributes = { phones: phoneAttributes, references: options.referenceFields };
  let upperRefused = false;

  /** The attributes of a contact. A number that was asked for says how sure a match is. */
  function fieldsFor(kind: CustomerQuery["kind"]): string {
    const fields = new Set([
      ...["PartyId", "PartyNumber", "AccountName", "PartyStatus"],
      ...(options.names ? ["ContactName", "FirstName", "LastName"] : []),
      ...(kind === "phone" ? phoneAttributes : []),
      ...customerFields.map(({ field }) => field),
    ]);
    return [...fields].join(",");
  }

  function contactsBy(
    q: RowMatch,
    kind: CustomerQuery["kind"],
    call: Call,
  ): Promise<Rows<Contact>> {
    const query = { limit: String(MOST_CONTACTS), fields: fieldsFor(kind), q };
    const schema = contactsSchema;
    const variable = VARIABLES[kind];
    return get({ resource: "contacts", query, schema, variable }, call);
  }

  /** A tenant that refuses `upper()` compares the address as it is, from then on. */
  async function contactsByAddress(query: EmailQuery, call: Call): Promise<Rows<Contact>> {
    if (!upperRefused) {
      try {
        return await contactsBy(contactsWith(query, attributes), "email", call);
      } catch (error) {
        if (!isRefusedQuery(error)) throw error;
      }
    }
    const found = await contactsBy(contactsWithAddress(query), "email", call);
    upperRefused = true;
    return found;
  }

  function matchIn(contacts: Rows<Contact>, query: CustomerQuery): Match<Contact> {
    return matchAmong(contacts, {
      idOf,
      nameOf,
      rankOf: (contact) =>
        GONE.has(contact.PartyStatus ?? "") ? undefined : rankOf(contact, query, phoneAttributes),
      organisationOf: ({ AccountName }) => AccountName,
      placeholders,
      limit: MOST_CONTACTS,
    });
  }

  async function matchOf(query: CustomerQuery, call: Call): Promise<Match<Contact>> {
    const contacts =
      query.kind === "email"
        ? await contactsByAddress(query, call)
        : await contactsBy(contactsWith(query, attributes), query.kind, call);
    const match = matchIn(contacts, query);
    return match.match === "not_found" && query.kind === "reference"
      ? matchOfRequest(query, call)
      : match;
  }

  /** The contact of the service request that the reference names. */
  async function matchOfRequest(
    query: CustomerQuery & { kind: "reference" },
    call: Call,
  ): Promise<Match<Contact>> {
    const { items } = await get(
      {
        resource: "serviceRequests",
        query: {
          limit: String(MOST_CONTACTS),
          fields: "PrimaryContactPartyId",
          q: requestsWith(query.reference),
        },
        schema: ownersSchema,
        variable: undefined,
      },
      call,
    );
    const owners = new Set(items.readable.map(({ PrimaryContactPartyId: owner }) => owner));
    const [owner, another] = owners;
    if (another !== undefined) return { match: "ambiguous" };
    if (owner === undefined) return { match: "not_found" };
    return matchIn(await contactsBy(contactOf(owner), "reference", call), query);
  }

  return matchOf;
}
