/** The states of a case. Every dialect has them in some form. */
export type CaseState = "open" | "active" | "closed";

/** One case (incident, service request) of a sample customer. */
export interface SandboxCase {
  readonly caseNumber: string;
  readonly subject: string;
  /** The site's label for agents, for example `Waiting on us`. */
  readonly status: string;
  /** Used to filter cases. Default: `open`. */
  readonly state?: CaseState;
  /** ISO 8601, UTC. */
  readonly lastUpdateDate: string;
  /** Custom fields of B2C Service, by path: `CustomFields.c.level`. */
  readonly custom?: Readonly<Record<string, string>>;
}

/** A customer of the simulated Oracle, in any dialect. */
export interface SandboxCustomer {
  readonly customerId: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly accountName: string;
  /** Numbers that the account has itself. Only `fusion` has them. */
  readonly accountPhones?: readonly string[];
  /** Whether the site marks the customer as not in use: `Disabled` in `b2c`, `PartyStatus` in `fusion`. */
  readonly disabled?: boolean;
  /** A number that callers know: `accountNumber`, `CustomFields.c.account_no`, `AccountNumber_c`. */
  readonly accountNumber?: string;
  /** A custom field: `tier` in `gateway`, `CustomFields.c.tier` in `b2c`, `Tier_c` in `fusion`. */
  readonly tier?: string;
  /** As typed by a person: `+15550199999`, `(555) 019-9999`. */
  readonly phones: readonly string[];
  readonly emails: readonly string[];
  readonly cases: readonly SandboxCase[];
}
