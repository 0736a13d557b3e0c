import Bottleneck from "bottleneck";
import type { FailureSource } from "../failure.ts";
import { calledOff } from "../http/client.ts";
import type { Call } from "./call.ts";

export interface LimiterOptions {
  readonly source: FailureSource;
  /** How many calls at once at most. */
  readonly concurrency: number;
  /** How many calls in any window of 60 s at most; undefined where only concurrency counts. */
  readonly requestsPerMinute: number | undefined;
}

/** The budget of one API in one process. */
export interface Limiter {
  /**
   * Runs `work` when there is budget for it, higher priorities first. A call whose signal is aborted
   * while it waits leaves at once and spends nothing.
   * @throws {Failure} `aborted`, or what `work` throws.
   */
  run<T>(call: Call, work: () => Promise<T>): Promise<T>;
  /** Drops the timers. Calls that still wait are not served any more. */
  close(): void;
}

const WINDOW_MS = 60_000;

/**
 * A slot is given back one window after its *response*. A request that the server counts at some
 * moment is counted between its sending and its response, so whichever window the server uses
 * (fixed, sliding, aligned), no window holds more than the limit. There is no pacing: a burst goes
 * out at once after idleness.
 */
export function createLimiter(options: LimiterOptions): Limiter {
  const { source, concurrency, requestsPerMinute } = options;
  const limited = requestsPerMinute !== undefined;
  const queue = new Bottleneck({
    maxConcurrent: concurrency,
    reservoir: limited ? requestsPerMinute : null,
  });
  const givingBack = new Set<NodeJS.Timeout>();

  function giveBack(afterMs: number): void {
    if (!limited) return;
    const timer = setTimeout(() => {
      givingBack.delete(timer);
      void queue.incrementReservoir(1);
    }, afterMs);
    timer.unref();
    givingBack.add(timer);
  }

  async function spend<T>(call: Call, work: () => Promise<T>): Promise<T> {
    if (call.signal.aborted) {
      giveBack(0);
      throw calledOff(source, "waiting for budget");
    }
    try {
      return await work();
    } finally {
      giveBack(WINDOW_MS);
    }
  }

  return {
    run(call, work) {
      return leaveOnAbort(
        queue.schedule({ priority: call.priority }, () => spend(call, work)),
        call.signal,
        source,
      );
    },
    close() {
      for (const timer of givingBack) clearTimeout(timer);
      givingBack.clear();
    },
  };
}

/** The promise, or a failure as soon as the signal is aborted. */
function leaveOnAbort<T>(
  promise: Promise<T>,
  signal: AbortSignal,
  source: FailureSource,
): Promise<T> {
  const { promise: left, resolve, reject } = Promise.withResolvers<T>();
  const leave = () => reject(calledOff(source, "waiting for budget"));
  if (signal.aborted) leave();
  signal.addEventListener("abort", leave, { once: true });
  promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", leave));
  return left;
}
