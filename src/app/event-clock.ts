import { after, type Clocks, type EpochMs, elapsed } from "../domain/time.ts";

/** The clock of events and queue. */
export interface EventClock {
  readonly now: () => EpochMs;
  /** SQS has answered: sets the clock by its `Date`. */
  readonly synchronise: () => void;
}

/** A smaller difference may be the time that the answer took, or the header's whole seconds. */
const CLOCK_TOLERANCE_MS = 60_000;

/**
 * AWS' clock if it is far from this machine's, otherwise this machine's: with a wrong clock, a worker
 * would take every call for an old one. Between two answers of SQS it goes by the monotonic clock, so
 * that a correction of the machine's clock expires nothing.
 * @param offsetMs how far AWS' clock was ahead of this machine's at the last answer
 */
export function createEventClock(
  offsetMs: () => number,
  { epochNow, monotonicNow }: Clocks,
): EventClock {
  let set = read();

  function read() {
    const offset = offsetMs();
    const at = after(epochNow(), Math.abs(offset) > CLOCK_TOLERANCE_MS ? offset : 0);
    return { at, since: monotonicNow() };
  }

  return {
    now: () => after(set.at, Math.round(elapsed(set.since, monotonicNow()))),
    synchronise() {
      set = read();
    },
  };
}
