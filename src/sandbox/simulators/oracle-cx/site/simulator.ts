import type { RecordedCall, WaitOptions } from "../../server/call-record.ts";
import type { Faults } from "../../server/faults.ts";
import type { LoopbackServer } from "../../server/loopback-server.ts";
import type { TrustedKey } from "../../server/signed-assertion.ts";
import type { TimingOptions } from "../../server/timing.ts";
import type { SandboxCustomer } from "./customers.ts";

/**
 * The kind of a request, in any dialect. `search`: customers (in b2c with their incidents). `cases`: the
 * cases of one customer.
 */
export type OracleCallKind = "token" | "search" | "cases" | "other";

/** One request to a simulated Oracle. */
export interface OracleCall extends RecordedCall {
  readonly kind: OracleCallKind;
}

/** The answer to a request beyond the maximum number of concurrent requests. */
export interface Overload {
  readonly status: 429 | 503;
  readonly retryAfterSeconds: number;
}

/** Options of every simulated Oracle. */
export interface OracleSimulatorOptions {
  /** Read at each request, so customers can be added later. */
  readonly customers: readonly SandboxCustomer[];
  readonly clientId: string;
  readonly clientSecret: string;
  /** The key of assertions that authenticate the client. Default: none. */
  readonly signingKey?: TrustedKey;
  /** Tokens live for 3,600 s by default. */
  readonly timing?: TimingOptions;
  /** Maximum number of concurrent API requests. Default: no limit. */
  readonly maxConcurrent?: number;
}

/** A simulated Oracle, with its controls. */
export interface OracleSimulator extends LoopbackServer {
  readonly faults: Faults;
  /** The latest calls, oldest first. */
  readonly calls: readonly OracleCall[];
  /** Number of requests by kind, whatever the answer. */
  readonly counts: Readonly<Record<OracleCallKind, number>>;
  /** Number of requests that were refused because too many were in progress. */
  readonly overloaded: number;
  /** The path of the request that searches for a customer. */
  readonly searchPath: string;
  /** The dialect's answer to too many requests. */
  readonly throttle: {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
  };
  revokeTokens(): void;
  /** Resolves with the first matching calls, past or future. */
  waitFor(
    matches: (call: OracleCall) => boolean,
    options?: WaitOptions,
  ): Promise<readonly OracleCall[]>;
}
