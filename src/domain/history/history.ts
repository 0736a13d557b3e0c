import type { Call } from "../call.ts";
import type { Identity } from "../identity/identity.ts";
import type { MatchedBy, Rank } from "../identity/rank.ts";
import type { EpochMs } from "../time.ts";
import type { SafeText } from "./safe-text.ts";

/** A case in Oracle (incident, service request). All text is safe text. */
export interface Case {
  /** The reference that agents use in Oracle. */
  readonly reference: SafeText;
  readonly subject: SafeText;
  /** The status as Oracle names it. */
  readonly status: SafeText;
  /** Last update; undefined if Oracle returned no readable time. */
  readonly updatedAt: EpochMs | undefined;
}

export interface Customer {
  readonly id: SafeText;
  readonly name: SafeText | undefined;
  readonly account: SafeText | undefined;
  /** The parts of `name`, if Oracle has two. */
  readonly firstName?: SafeText | undefined;
  readonly lastName?: SafeText | undefined;
  /** The fields of `ORACLE_CUSTOMER_FIELDS`, by their names in the result. */
  readonly fields?: Readonly<Record<string, SafeText>> | undefined;
}

/** How many there are. */
export interface Count {
  readonly count: number;
  /** False if there may be more than `count`: the page was full, and Oracle returned no total. */
  readonly exact: boolean;
}

/** The one organisation to which all customers of an ambiguous match belong, or that has the number itself. */
export interface Organisation {
  readonly name: SafeText;
  /** Undefined if the number is the organisation's own: its contacts are not counted. */
  readonly contacts: Count | undefined;
  /** The open cases of these contacts, or of the organisation; undefined if counting them costs a further request. */
  readonly openCases: Count | undefined;
}

/** The result of looking up one identity. */
export type History =
  | {
      readonly match: "found";
      /** How sure it is that the identity is this customer's. */
      readonly rank: Rank;
      readonly customer: Customer;
      /** Newest first. */
      readonly cases: readonly Case[];
      readonly openCases: Count;
    }
  | { readonly match: "not_found" }
  /** Several customers match equally well: nothing of a person is shown. */
  | { readonly match: "ambiguous"; readonly organisation?: Organisation | undefined };

/** A history, and how its customer was found. */
export type MatchedHistory =
  | (Extract<History, { match: "found" }> & { readonly matchedBy: MatchedBy })
  | Exclude<History, { match: "found" }>;

/** The port to Oracle, the same for every product. */
export interface HistorySource {
  /**
   * Looks up one customer and the cases.
   * @throws {Failure} `retryable`, `misconfigured` or `permanent`.
   */
  find(identity: Identity, call: Call): Promise<History>;
}
