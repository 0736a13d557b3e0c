import { setTimeout as sleep } from "node:timers/promises";
import { asFailure, type Failure } from "../domain/failure.ts";
import { failedFields, type Report } from "../observability/facts/facts.ts";
import { backoffMs } from "../resilience/backoff.ts";

export interface TokenWaitDeps {
  /** Requests a token from Genesys. */
  readonly genesys: () => Promise<unknown>;
  /** Requests a token from Oracle. */
  readonly oracle: () => Promise<unknown>;
  readonly report: Report;
  /** Called with each failure that the process waits for to end. */
  readonly waiting: (failure: Failure) => void;
  /** Ends the wait. The promise then resolves without a token. */
  readonly signal: AbortSignal;
  /** In [0, 1). */
  readonly random: () => number;
}

/** Long waits, because too many refused logins may lock an account. */
const BACKOFF = { firstMs: 2_000, longestMs: 60_000 };

/**
 * Resolves when both APIs have issued a token. Without a token from Genesys nothing can be written, and if
 * Oracle refuses the client, every conversation would fail: messages stay in the queue until the set-up is
 * corrected. If Oracle is only unreachable, the wait ends, so that agents see `unavailable`. Every failure
 * is reported.
 */
export async function waitForTokens(options: TokenWaitDeps): Promise<void> {
  await Promise.all([
    waitForToken(options.genesys, () => false, options),
    waitForToken(options.oracle, ({ kind }) => kind === "retryable", options),
  ]);
}

async function waitForToken(
  request: () => Promise<unknown>,
  isAcceptable: (failure: Failure) => boolean,
  { report, waiting, signal, random }: TokenWaitDeps,
): Promise<void> {
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    try {
      await request();
      return;
    } catch (error) {
      const failure = asFailure(error);
      if (signal.aborted) return;
      report("token.failed", failedFields(failure));
      if (isAcceptable(failure)) return;
      waiting(failure);
      const waitMs = backoffMs(
        attempt,
        random(),
        BACKOFF,
        Math.max(1_000, failure.retryAfterMs ?? 0),
      );
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
