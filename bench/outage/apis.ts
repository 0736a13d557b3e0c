import { Failure } from "../../src/domain/failure.ts";
import { after, monotonicMs } from "../../src/domain/time.ts";
import { allot, createLeases } from "../../src/resilience/budget/leases.ts";
import type { Agenda } from "./agenda.ts";
import { type Call, LIMIT, type Outage, PATCH_MS, WINDOW_MS } from "./world.ts";

/** Both APIs with their protection, in simulated time. */
export interface Apis {
  /** Looks up a customer. The failure is the reason why there is no history. */
  lookUp(call: Call, done: (failure: Failure | undefined) => void): void;
  /** Writes once there is budget, unless `wanted` is false by then. */
  patch(live: boolean, wanted: () => boolean, done: (written: boolean) => void): void;
  /** Number of requests that Genesys accepts until `withinMs` from now. */
  free(withinMs: number): number;
}

/** The default of GENESYS_RESERVED_REQUESTS. */
const RESERVE = 10;
const REFUSAL_MS = 50;
/** As in src/resilience/breaker.ts. */
const OPENS_AFTER = 5;
const OUTAGE = { firstMs: 5_000, longestMs: 15_000 };

export function createApis(agenda: Agenda, outage: Outage): Apis {
  const leases = createLeases(WINDOW_MS);
  const waiting: { live: boolean; wanted: () => boolean; done: (written: boolean) => void }[] = [];
  let inARow = 0;
  let openForMs = 0;
  let opensAgainAt = 0;
  let probing = false;

  const isDown = () => agenda.now >= outage.downAt && agenda.now < outage.upAt;

  function fail(code: "server_error" | "circuit_open", retryAfterMs?: number): Failure {
    const cure = "wait";
    return new Failure({
      kind: "retryable",
      code,
      source: "oracle",
      message: code,
      cure,
      retryAfterMs,
    });
  }

  function failed(done: (failure: Failure) => void): void {
    agenda.at(agenda.now + REFUSAL_MS, () => {
      inARow += 1;
      if (probing || inARow === OPENS_AFTER) {
        openForMs = probing ? Math.min(OUTAGE.longestMs, openForMs * 2) : OUTAGE.firstMs;
        opensAgainAt = agenda.now + openForMs;
        probing = false;
      }
      done(fail("server_error"));
    });
  }

  function serve(): void {
    for (;;) {
      const index = waiting.findIndex(({ live }) => live);
      const first = waiting[Math.max(0, index)];
      if (first === undefined) return;
      if (!first.wanted()) {
        waiting.splice(Math.max(0, index), 1);
        first.done(false);
        continue;
      }
      const free = LIMIT - leases.used(monotonicMs(agenda.now));
      const wanted = first.live ? { live: 1, other: 0 } : { live: 0, other: 1 };
      if (allot(wanted, free, RESERVE) === 0) {
        agenda.at(leases.nextFreeAt(monotonicMs(agenda.now)) ?? agenda.now + 1, serve);
        return;
      }
      waiting.splice(Math.max(0, index), 1);
      leases.send(1);
      agenda.at(agenda.now + PATCH_MS, () => {
        leases.answered(monotonicMs(agenda.now));
        first.done(true);
        serve();
      });
    }
  }

  return {
    lookUp(call, done) {
      const open = openForMs > 0;
      if (open && (probing || agenda.now < opensAgainAt)) {
        done(fail("circuit_open", Math.max(0, opensAgainAt - agenda.now)));
        return;
      }
      if (open) probing = true;
      if (isDown()) {
        failed(done);
        return;
      }
      const endsAt = agenda.now + call.lookupMs;
      if (agenda.now < outage.downAt && endsAt >= outage.downAt) {
        agenda.at(outage.downAt, () => failed(done));
        return;
      }
      agenda.at(endsAt, () => {
        inARow = 0;
        openForMs = 0;
        probing = false;
        done(undefined);
      });
    },
    patch(live, wanted, done) {
      waiting.push({ live, wanted, done });
      serve();
    },
    free(withinMs) {
      const now = monotonicMs(agenda.now);
      return Math.max(0, LIMIT - leases.used(now) + leases.freedBy(after(now, withinMs)));
    },
  };
}
