import { setTimeout as sleep } from "node:timers/promises";
import { asFailure, type Failure } from "../domain/failure.ts";
import { failedFields, type Report } from "../observability/facts/facts.ts";
import { backoffMs } from "../resilience/backoff.ts";

export interface TokenDeps {
  /** Gets a token of Genesys; of Oracle. */
  readonly genesys: () => Promise<unknown>;
  readonly oracle: () => Promise<unknown>;
  readonly report: Report;
  /** Why nothing is consumed yet: for readiness. */
  readonly waiting: (failure: Failure) => void;
  /** Ends the waiting; the promise resolves then, too. */
  readonly signal: AbortSignal;
  /** In [0, 1). */
  readonly random: () => number;
}

/** Refused logins may lock an account, so there are not many of them. */
const AGAIN = { firstMs: 2_000, longestMs: 60_000 };

/**
 * Resolves when both sides have given a token. Without one of Genesys nothing can be written; where
 * Oracle refuses the client, every conversation would fail: the messages are safe in the queue until
 * somebody has mended it. An Oracle that only cannot be reached is not waited for, for then agents
 * are to see `unavailable`. Every refusal is reported.
 */
export async function waitForTokens(options: TokenDeps): Promise<void> {
  await Promise.all([
    prove(options.genesys, () => false, options),
    prove(options.oracle, ({ kind }) => kind === "retryable", options),
  ]);
}

async function prove(
  token: () => Promise<unknown>,
  goOn: (failure: Failure) => boolean,
  { report, waiting, signal, random }: TokenDeps,
): Promise<void> {
  for (let attempt = 1; !signal.aborted; attempt += 1) {
    try {
      await token();
      return;
    } catch (error) {
      const failure = asFailure(error);
      if (signal.aborted) return;
      report("token.failed", failedFields(failure));
      if (goOn(failure)) return;
      waiting(failure);
      const waitMs = backoffMs(
        attempt,
        random(),
        AGAIN,
        Math.max(1_000, failure.retryAfterMs ?? 0),
      );
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
