import { monotonicMs } from "../../src/domain/time.ts";
import { createLeases } from "../../src/resilience/budget/leases.ts";
import {
  type Call,
  DELIVERY_MS,
  LIMIT,
  type Outage,
  PATCH_MS,
  type Schedule,
  WINDOW_MS,
} from "./world.ts";

/**
 * The best schedule with knowledge of every answer time: each time that Genesys' budget permits a write, it
 * writes the conversation with the earliest deadline that can still be met. It knows when Oracle is up again,
 * and may look up any number of customers at once.
 */
export function hindsight(
  calls: readonly Call[],
  outage: Outage,
  deadlineOf: (call: Call) => number,
): Schedule {
  const leases = createLeases(WINDOW_MS);
  const jobs = calls
    .map((call) => ({ call, readyAt: readyAt(call, outage), deadline: deadlineOf(call) }))
    .toSorted((a, b) => a.readyAt - b.readyAt);
  const writtenAt = new Map<number, number>();
  let ready: (typeof jobs)[number][] = [];
  let next = 0;
  let now = 0;
  while (next < jobs.length || ready.length > 0) {
    while ((jobs[next]?.readyAt ?? Number.POSITIVE_INFINITY) <= now) {
      const job = jobs[next++];
      if (job !== undefined) ready.push(job);
    }
    ready = ready.filter(({ deadline }) => deadline >= now + PATCH_MS);
    if (ready.length === 0) {
      now = jobs[next]?.readyAt ?? Number.POSITIVE_INFINITY;
      continue;
    }
    if (leases.used(monotonicMs(now)) >= LIMIT) {
      now = leases.nextFreeAt(monotonicMs(now)) ?? now;
      continue;
    }
    const first = ready.reduce((best, one) => (one.deadline < best.deadline ? one : best));
    ready = ready.filter((one) => one !== first);
    leases.send(1);
    leases.answered(monotonicMs(now + PATCH_MS));
    writtenAt.set(first.call.id, now + PATCH_MS);
  }
  return { writtenAt, unavailable: 0 };
}

/** A lookup that the outage interrupts is repeated when Oracle is up again. */
function readyAt(call: Call, { downAt, upAt }: Outage): number {
  const startedAt = call.startedAt + DELIVERY_MS;
  const completes = startedAt + call.lookupMs <= downAt || startedAt >= upAt;
  return (completes ? startedAt : upAt) + call.lookupMs;
}
