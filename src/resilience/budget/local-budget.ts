import {
  type Budget,
  type BudgetEvent,
  type RateLimitInfo,
  RESET_STEP_MS,
  type SlotGrant,
} from "./budget.ts";
import { allot, createLeases, type SlotDemand } from "./leases.ts";

export interface LocalBudgetOptions {
  /** Requests in any window, until the server says otherwise; undefined where they are not limited. */
  readonly limit: number | undefined;
  readonly windowMs: number;
  /** Slots that only the highest priority may take. */
  readonly reserve: number;
  /** ms that never go back. */
  readonly now: () => number;
  readonly report: (event: BudgetEvent) => void;
}

/**
 * The budget of a worker that is alone. It begins with one request, the probe: what an earlier
 * process or another program has spent of the window is known from the first answer only. The same
 * after every pause.
 */
export function createLocalBudget(options: LocalBudgetOptions): Budget {
  const { windowMs, now, report } = options;
  const leases = createLeases(windowMs);
  let limit = options.limit ?? Number.POSITIVE_INFINITY;
  let cold = true;
  let pausedUntil = 0;
  let ids = 0;

  function grant(count: number, at: number): SlotGrant {
    if (limit !== Number.POSITIVE_INFINITY) leases.send(count);
    const slots = Array.from({ length: count }, () => ({ id: String(ids++) }));
    return { slots, againInMs: (leases.nextFreeAt(at) ?? Number.POSITIVE_INFINITY) - at };
  }

  function hear(told: RateLimitInfo, at: number): void {
    if (limit === Number.POSITIVE_INFINITY) return;
    if (told.allowed !== undefined && told.allowed !== limit) {
      report({ kind: "limited", limit: told.allowed, before: limit });
      limit = told.allowed;
    }
    if (told.count === undefined) return;
    const foreign = told.count - leases.since(windowStart(told, at, windowMs));
    if (foreign <= 0) return;
    leases.foreign(foreign, at);
    report({ kind: "foreign", count: foreign });
  }

  function takeNow(wanted: SlotDemand): SlotGrant {
    const at = now();
    if (pausedUntil > at) return { slots: [], againInMs: pausedUntil - at };
    if (limit === Number.POSITIVE_INFINITY) {
      return grant(wanted.live + wanted.other, at);
    }
    const used = leases.used(at);
    const given = allot(wanted, limit - used, options.reserve);
    if (!cold) return grant(given, at);
    const probing = used > leases.cooling(at);
    if (probing) return { slots: [], againInMs: Number.POSITIVE_INFINITY };
    return grant(Math.min(1, given), at);
  }

  return {
    take: (wanted) => Promise.resolve(takeNow(wanted)),
    takeNow,
    answered(_slot, told) {
      const at = now();
      if (limit !== Number.POSITIVE_INFINITY) leases.answered(at);
      if (told === undefined) return;
      hear(told, at);
      // Answers that were on their way when the rest was asked for do not shorten it.
      if (pausedUntil <= at) cold = false;
      if (told.pauseMs === undefined) return;
      if (pausedUntil <= at) report({ kind: "paused", forMs: told.pauseMs });
      pausedUntil = Math.max(pausedUntil, at + told.pauseMs);
      cold = true;
    },
    unused() {
      if (limit !== Number.POSITIVE_INFINITY) leases.unsent();
    },
    free(withinMs) {
      const at = now();
      if (limit === Number.POSITIVE_INFINITY) return limit;
      return Math.max(0, limit - leases.used(at) + leases.freedBy(at + withinMs));
    },
    limitReached() {
      if (limit !== Number.POSITIVE_INFINITY) leases.foreign(Math.ceil(limit / 2), now());
    },
    state() {
      const at = now();
      return {
        mode: "alone",
        limit: limit === Number.POSITIVE_INFINITY ? undefined : limit,
        used: leases.used(at),
        pausedForMs: Math.max(0, pausedUntil - at),
        workers: 1,
      };
    },
    close() {},
  };
}

/**
 * [pure] The earliest moment at which a request can lie that the server has counted. The end of its
 * window is rounded up, so the window may have begun up to that step earlier than it seems.
 */
export function windowStart(told: RateLimitInfo, now: number, windowMs: number): number {
  const untilEnd = Math.max(0, (told.resetMs ?? 0) - RESET_STEP_MS);
  return now + untilEnd - windowMs;
}
