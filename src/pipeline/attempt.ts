import type { Call } from "../domain/call.ts";
import type { Reference } from "../domain/identity/identity.ts";
import type { Outcome } from "../domain/summary/summarise.ts";
import type { EpochMs, MonotonicMs } from "../domain/time.ts";
import type { WorkItem } from "./work-item.ts";

/** How far an attempt has come: it decides when the next one may start. */
export interface Progress {
  /** The customer is looked up. @param cached whether that cost no request to Oracle */
  readonly lookedUp: (cached: boolean) => void;
  readonly written: () => void;
  /** Whether conversations wait whose agents have not answered. */
  readonly othersWait: () => boolean;
}

/** One attempt in progress. */
export interface Attempt {
  readonly item: WorkItem;
  readonly call: Call;
  readonly progress: Progress;
  readonly startedAt: MonotonicMs;
}

/** What looking the customer up has brought. Durations in ms. */
export interface LookupResult {
  readonly outcome: Outcome;
  readonly asOf: EpochMs;
  /** `phone`, `email`, or why the address was of no use. */
  readonly identifiedBy: string;
  /** The reference that was looked up, if one was. */
  readonly reference?: Reference | undefined;
  readonly oracleMs: number;
  readonly cached: boolean;
}
