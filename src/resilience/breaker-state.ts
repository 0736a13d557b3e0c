import type { Failure } from "../domain/failure.ts";
import { after, elapsed, type MonotonicMs } from "../domain/time.ts";

/** All calls pass. */
export interface Closed {
  readonly name: "closed";
  /** Failures since the last good answer. */
  readonly failuresInARow: number;
}

/** No call passes before `until`; then the next call is the probe. */
export interface Open {
  readonly name: "open";
  readonly because: Failure;
  /** The first opening of this outage. */
  readonly openedAt: MonotonicMs;
  readonly until: MonotonicMs;
  /** Openings in this outage, including those after a probe. */
  readonly openings: number;
}

/** One call, the probe, has passed; no other call passes before it ends. */
export interface Probing {
  readonly name: "probing";
  readonly because: Failure;
  readonly openedAt: MonotonicMs;
  readonly openings: number;
}

export type BreakerState = Closed | Open | Probing;

/** How a call has passed. Only the result of a `probe` decides what follows an opening. */
export type Passage = "call" | "probe";

/** The decision about a call, and the state after it. */
type Admission =
  | { readonly state: BreakerState; readonly passes: Passage }
  | { readonly state: Open | Probing; readonly passes: false };

/** What a breaker reports about itself. */
export type BreakerEvent =
  | { readonly to: "open"; readonly because: Failure; readonly forMs: number }
  | { readonly to: "probing" }
  | { readonly to: "closed"; readonly afterMs: number };

/** Failures in a row that open the breaker. */
const OPENS_AFTER = 5;
/** One request in 15 s is no load, and a longer pause after the outage would cost conversations. */
const OUTAGE = { firstMs: 5_000, longestMs: 15_000 };
/** Somebody must correct the set-up; refused logins may lock the account. */
const MISCONFIGURED = { firstMs: 60_000, longestMs: 300_000 };

export const CLOSED: Closed = { name: "closed", failuresInARow: 0 };

/** [pure] Whether a call passes at `at`. */
export function admit(state: BreakerState, at: MonotonicMs): Admission {
  switch (state.name) {
    case "closed":
      return { state, passes: "call" };
    case "probing":
      return { state, passes: false };
    case "open": {
      if (at < state.until) return { state, passes: false };
      const { because, openedAt, openings } = state;
      return { state: { name: "probing", because, openedAt, openings }, passes: "probe" };
    }
  }
}

/** [pure] The state after a good answer to a call. */
export function onAnswer(state: BreakerState, passage: Passage): BreakerState {
  if (state.name === "closed" || decides(state, passage)) return CLOSED;
  return state;
}

/** [pure] The state after a failure. A misconfiguration opens a closed breaker at once. */
export function onFailure(
  state: BreakerState,
  passage: Passage,
  failure: Failure,
  at: MonotonicMs,
): BreakerState {
  if (state.name === "closed") {
    const failuresInARow = state.failuresInARow + 1;
    const mustOpen = failure.kind === "misconfigured" || failuresInARow >= OPENS_AFTER;
    return mustOpen ? opened(failure, at, at, 1) : { name: "closed", failuresInARow };
  }
  if (!decides(state, passage)) return state;
  return opened(failure, at, state.openedAt, state.openings + 1);
}

/**
 * [pure] The state after a call that ended without an answer for a reason of our own. A probe that
 * ended so proves nothing: the next call is the probe, at once.
 */
export function onCancelled(state: BreakerState, passage: Passage, at: MonotonicMs): BreakerState {
  if (!decides(state, passage)) return state;
  const { because, openedAt, openings } = state;
  return { name: "open", because, openedAt, until: at, openings: openings + 1 };
}

/** [pure] Until the next probe may pass, in ms; 0 if a call or the probe may pass now. */
export function openForMs(state: BreakerState, at: MonotonicMs): number {
  return state.name === "open" ? Math.max(0, elapsed(at, state.until)) : 0;
}

/** [pure] The event of a transition; undefined if nothing changed that anybody must know. */
export function eventOf(
  before: BreakerState,
  now: BreakerState,
  at: MonotonicMs,
): BreakerEvent | undefined {
  if (before.name === now.name) return undefined;
  switch (now.name) {
    case "probing":
      return { to: "probing" };
    case "open": {
      const forMs = Math.round(openForMs(now, at));
      return forMs === 0 ? undefined : { to: "open", because: now.because, forMs };
    }
    case "closed":
      if (before.name === "closed") return undefined;
      return { to: "closed", afterMs: Math.round(elapsed(before.openedAt, at)) };
  }
}

/** Calls that passed before the breaker opened may end later: they decide nothing. */
function decides(state: BreakerState, passage: Passage): state is Probing {
  return state.name === "probing" && passage === "probe";
}

function opened(because: Failure, at: MonotonicMs, openedAt: MonotonicMs, openings: number): Open {
  const { firstMs, longestMs } = because.kind === "misconfigured" ? MISCONFIGURED : OUTAGE;
  const forMs = Math.min(longestMs, firstMs * 2 ** Math.min(openings - 1, 10));
  return { name: "open", because, openedAt, until: after(at, forMs), openings };
}
