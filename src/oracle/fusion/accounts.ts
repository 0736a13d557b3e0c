import type { Call } from "../../domain/call.ts";
import type { Match } from "../../domain/history/match.ts";
import type { PhoneQuery } from "../dialect/literals.ts";
import { matchAmong } from "../dialect/rows.ts";
import type { CrmRest } from "./crm-rest.ts";
import { type Account, accountsSchema, rankOf } from "./resources.ts";
import { numbersIn } from "./row-match.ts";

/** More than one, to detect ambiguity. */
const MOST_ACCOUNTS = 20;

export interface FindAccountOptions {
  /** The attributes of an account that hold telephone numbers. Each must be queryable. */
  readonly accountPhoneAttributes: readonly string[];
  /** Ids and names, in lower case, of accounts that stand for nobody. */
  readonly placeholders: ReadonlySet<string>;
}

/**
 * Finds the account that has a number itself (a switchboard). One request; none without attributes.
 * @throws {Failure}
 */
export async function findAccount(
  query: PhoneQuery,
  { accountPhoneAttributes: attributes, placeholders }: FindAccountOptions,
  get: CrmRest,
  call: Call,
): Promise<Match<Account>> {
  if (attributes.length === 0) return { match: "not_found" };
  const accounts = await get(
    {
      resource: "accounts",
      query: {
        limit: String(MOST_ACCOUNTS),
        fields: ["PartyId", "OrganizationName", ...attributes].join(","),
        q: numbersIn(query, attributes),
      },
      schema: accountsSchema,
      variable: "ORACLE_ACCOUNT_PHONE_ATTRIBUTES",
    },
    call,
  );
  return matchAmong(accounts, {
    idOf: ({ PartyId }) => PartyId,
    nameOf: ({ OrganizationName }) => OrganizationName ?? "",
    rankOf: (account) => rankOf(account, query, attributes),
    organisationOf: () => undefined,
    placeholders,
    limit: MOST_ACCOUNTS,
  });
}
