import { after, elapsed, type MonotonicMs } from "../../domain/time.ts";
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
  readonly monotonicNow: () => MonotonicMs;
  readonly report: (event: BudgetEvent) => void;
}

/**
 * The budget of a worker that is alone. It begins with one request, the probe: what an earlier
 * process or another program has spent of the window is known from the first answer only. The same
 * after every pause.
 */
export function createLocalBudget(options: LocalBudgetOptions): Budget {
  const { windowMs, monotonicNow, report } = options;
  const leases = createLeases(windowMs);
  let limit = options.limit ?? Number.POSITIVE_INFINITY;
  let cold = true;
  let pausedUntil: MonotonicMs | undefined;
  let ids = 0;

  function grant(count: number, at: MonotonicMs): SlotGrant {
    if (limit !== Number.POSITIVE_INFINITY) leases.send(count);
    const slots = Array.from({ length: count }, () => ({ id: String(ids++) }));
    const freeAt = leases.nextFreeAt(at);
    return {
      slots,
      againInMs: freeAt === undefined ? Number.POSITIVE_INFINITY : elapsed(at, freeAt),
    };
  }

  function pauseLeftMs(at: MonotonicMs): number {
    return pausedUntil === undefined ? 0 : Math.max(0, elapsed(at, pausedUntil));
  }

  function hear(told: RateLimitInfo, at: MonotonicMs): void {
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
    const at = monotonicNow();
    const pauseMs = pauseLeftMs(at);
    if (pauseMs > 0) return { slots: [], againInMs: pauseMs };
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
      const at = monotonicNow();
      if (limit !== Number.POSITIVE_INFINITY) leases.answered(at);
      if (told === undefined) return;
      hear(told, at);
      // Answers that were on their way when the rest was asked for do not shorten it.
      const leftMs = pauseLeftMs(at);
      if (leftMs === 0) cold = false;
      if (told.pauseMs === undefined) return;
      if (leftMs === 0) report({ kind: "paused", forMs: told.pauseMs });
      pausedUntil = after(at, Math.max(leftMs, told.pauseMs));
      cold = true;
    },
    unused() {
      if (limit !== Number.POSITIVE_INFINITY) leases.unsent();
    },
    free(withinMs) {
      const at = monotonicNow();
      if (limit === Number.POSITIVE_INFINITY) return limit;
      return Math.max(0, limit - leases.used(at) + leases.freedBy(after(at, withinMs)));
    },
    limitReached() {
      if (limit !== Number.POSITIVE_INFINITY) leases.foreign(Math.ceil(limit / 2), monotonicNow());
    },
    state() {
      const at = monotonicNow();
      return {
        mode: "alone",
        limit: limit === Number.POSITIVE_INFINITY ? undefined : limit,
        used: leases.used(at),
        pausedForMs: pauseLeftMs(at),
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
export function windowStart(told: RateLimitInfo, now: MonotonicMs, windowMs: number): MonotonicMs {
  const untilEnd = Math.max(0, (told.resetMs ?? 0) - RESET_STEP_MS);
  return after(now, untilEnd - windowMs);
}
