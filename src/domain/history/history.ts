import type { Call } from "../call.ts";
import type { Identity } from "../identity/identity.ts";
import type { EpochMs } from "../time.ts";
import type { SafeText } from "./safe-text.ts";

/** One case (incident, service request) as Oracle has it, free text already made safe. */
export interface Case {
  /** The reference that an agent can type into Oracle. */
  readonly reference: SafeText;
  readonly subject: SafeText;
  /** Oracle's own word for the status. */
  readonly status: SafeText;
  /** Last update, epoch ms; absent where Oracle gave no readable time. */
  readonly updatedAt: EpochMs | undefined;
}

export interface Customer {
  readonly id: SafeText;
  readonly name: SafeText | undefined;
  readonly account: SafeText | undefined;
  /** The parts of `name`, where Oracle has it in two. */
  readonly firstName?: SafeText | undefined;
  readonly lastName?: SafeText | undefined;
  /** `ORACLE_CUSTOMER_FIELDS`, by the names that flows read them by. */
  readonly fields?: Readonly<Record<string, SafeText>> | undefined;
}

/** What Oracle knows of one identity. */
export type History =
  | {
      readonly match: "found";
      readonly customer: Customer;
      /** Newest first. */
      readonly cases: readonly Case[];
      readonly openCases: {
        readonly count: number;
        /** False where the page was full and Oracle gave no total: there are at least `count`. */
        readonly exact: boolean;
      };
    }
  | { readonly match: "not_found" }
  | { readonly match: "ambiguous" };

/** The port to Oracle: what Ringahead asks of it, whichever product stands behind. */
export interface HistorySource {
  /**
   * Everything the summary needs to know about one customer.
   * @throws {Failure} `retryable`, `misconfigured` or `permanent`.
   */
  find(identity: Identity, call: Call): Promise<History>;
}
