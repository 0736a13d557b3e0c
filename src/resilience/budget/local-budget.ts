import { after, elapsed, type MonotonicMs } from "../../domain/time.ts";
import type { Budget, BudgetEvent, RateLimitInfo, SlotGrant } from "./budget.ts";
import { allot, createLeases, type SlotDemand } from "./leases.ts";

interface LocalBudgetDeps {
  /** Requests in any window until the server reports another limit; undefined if not limited. */
  readonly limit: number | undefined;
  readonly windowMs: number;
  /** Slots that only calls of the highest priority may take. */
  readonly reserve: number;
  readonly monotonicNow: () => MonotonicMs;
  readonly report: (event: BudgetEvent) => void;
}

/**
 * The budget of a process that shares none. It begins with one request, the probe, because only an
 * answer tells what earlier processes and other programs have spent of the window. After every pause
 * one request is the probe again.
 */
export function createLocalBudget(deps: LocalBudgetDeps): Budget {
  const { windowMs, reserve, monotonicNow, report } = deps;
  const isLimited = deps.limit !== undefined;
  const leases = createLeases(windowMs);
  let limit = deps.limit ?? Number.POSITIVE_INFINITY;
  let needsProbe = true;
  let pausedUntil: MonotonicMs | undefined;
  let ids = 0;

  function grant(count: number, at: MonotonicMs): SlotGrant {
    if (isLimited) leases.send(count);
    const slots = Array.from({ length: count }, () => ({ id: String(ids++) }));
    const freeAt = leases.nextFreeAt(at);
    const againInMs = freeAt === undefined ? Number.POSITIVE_INFINITY : elapsed(at, freeAt);
    return { slots, againInMs };
  }

  function pauseLeftMs(at: MonotonicMs): number {
    return pausedUntil === undefined ? 0 : Math.max(0, elapsed(at, pausedUntil));
  }

  function learn(rateLimit: RateLimitInfo, at: MonotonicMs): void {
    const { allowed, count } = rateLimit;
    if (allowed !== undefined && allowed !== limit) {
      report({ kind: "limited", limit: allowed, before: limit });
      limit = allowed;
    }
    if (count === undefined) return;
    const foreign = count - leases.since(windowStart(rateLimit, at, windowMs));
    if (foreign <= 0) return;
    leases.foreign(foreign, at);
    report({ kind: "foreign", count: foreign });
  }

  function pause({ pauseMs }: RateLimitInfo, at: MonotonicMs): void {
    // An answer to a request from before the pause does not shorten it.
    const leftMs = pauseLeftMs(at);
    if (leftMs === 0) needsProbe = false;
    if (pauseMs === undefined) return;
    if (leftMs === 0) report({ kind: "paused", forMs: pauseMs });
    pausedUntil = after(at, Math.max(leftMs, pauseMs));
    needsProbe = true;
  }

  function takeNow(wanted: SlotDemand): SlotGrant {
    const at = monotonicNow();
    const pauseMs = pauseLeftMs(at);
    if (pauseMs > 0) return { slots: [], againInMs: pauseMs };
    if (!isLimited) return grant(wanted.live + wanted.other, at);
    const used = leases.used(at);
    const count = allot(wanted, limit - used, reserve);
    if (!needsProbe) return grant(count, at);
    const isProbing = used > leases.cooling(at);
    if (isProbing) return { slots: [], againInMs: Number.POSITIVE_INFINITY };
    return grant(Math.min(1, count), at);
  }

  return {
    take: (wanted) => Promise.resolve(takeNow(wanted)),
    takeNow,
    answered(_slot, rateLimit) {
      const at = monotonicNow();
      if (isLimited) leases.answered(at);
      if (rateLimit === undefined) return;
      if (isLimited) learn(rateLimit, at);
      pause(rateLimit, at);
    },
    unused() {
      if (isLimited) leases.unsent();
    },
    free(withinMs) {
      const at = monotonicNow();
      if (!isLimited) return Number.POSITIVE_INFINITY;
      return Math.max(0, limit - leases.used(at) + leases.freedBy(after(at, withinMs)));
    },
    limitReached() {
      if (isLimited) leases.foreign(Math.ceil(limit / 2), monotonicNow());
    },
    state() {
      const at = monotonicNow();
      return {
        mode: "alone",
        limit: isLimited ? limit : undefined,
        used: leases.used(at),
        pausedForMs: pauseLeftMs(at),
        workers: 1,
      };
    },
    close() {},
  };
}

/** `inin-ratelimit-reset` is in whole seconds, rounded up. */
const RESET_STEP_MS = 1000;

/**
 * [pure] The earliest moment of a request that the server has counted: the beginning of its window. The
 * reported end is rounded up, so the window may have begun one step earlier.
 */
export function windowStart(
  { resetMs = 0 }: RateLimitInfo,
  now: MonotonicMs,
  windowMs: number,
): MonotonicMs {
  const untilEnd = Math.max(0, resetMs - RESET_STEP_MS);
  return after(now, untilEnd - windowMs);
}
