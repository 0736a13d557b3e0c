import type { RecordedCall, WaitOptions } from "../../server/call-record.ts";
import type { Faults } from "../../server/faults.ts";
import type { LoopbackServer } from "../../server/loopback-server.ts";
import type { TrustedKey } from "../../server/signed-assertion.ts";
import type { TimingOptions } from "../../server/timing.ts";
import type { SandboxCustomer } from "./customers.ts";

/**
 * What a request was for, in any dialect. `search` looks for customers (in b2c with their incidents),
 * `cases` for the cases of one.
 */
export type OracleCallKind = "token" | "search" | "cases" | "other";

/** One request to a simulated Oracle. */
export interface OracleCall extends RecordedCall {
  readonly kind: OracleCallKind;
}

/** What a request meets where all places are taken. */
export interface Overload {
  readonly status: 429 | 503;
  readonly retryAfterSeconds: number;
}

/** What every simulated Oracle is started with. */
export interface OracleSimulatorOptions {
  /** Read at each request: what is added later is found. */
  readonly customers: readonly SandboxCustomer[];
  readonly clientId: string;
  readonly clientSecret: string;
  /** The key whose signed assertions prove the client too; none unless told. */
  readonly signingKey?: TrustedKey;
  /** Tokens live for 3,600 s by default. */
  readonly timing?: TimingOptions;
  /** How many API requests are served at once; no limit unless told. */
  readonly maxConcurrent?: number;
}

/** A simulated Oracle on this machine, with its controls. */
export interface OracleSimulator extends LoopbackServer {
  readonly faults: Faults;
  /** The latest calls, oldest first. */
  readonly calls: readonly OracleCall[];
  /** Requests that arrived, by kind, whatever they were answered. */
  readonly counts: Readonly<Record<OracleCallKind, number>>;
  /** Requests that were refused because too many were under way. */
  readonly overloaded: number;
  /** The path of the request that looks for a customer. */
  readonly searchPath: string;
  /** How this dialect says that it is asked too much. */
  readonly throttle: {
    readonly status: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: unknown;
  };
  revokeTokens(): void;
  /** The first calls that match, past or to come. */
  waitFor(
    matches: (call: OracleCall) => boolean,
    options?: WaitOptions,
  ): Promise<readonly OracleCall[]>;
}
