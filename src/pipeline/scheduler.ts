import type { Capacity } from "../domain/api-state.ts";
import { elapsed } from "../domain/time.ts";
import type { Progress } from "./attempt.ts";
import {
  type AdmissionState,
  canStart,
  canWriteUnavailable,
  isOverloaded,
} from "./backlog/admission.ts";
import { type Backlog, createBacklog } from "./backlog/backlog.ts";
import { createInFlightStats } from "./in-flight.ts";
import type { WorkItem } from "./work-item.ts";
import type { WorkerClocks } from "./worker-clocks.ts";

/** What both APIs can give to this worker. */
export interface ApiCapacity extends Pick<AdmissionState, "oracleConcurrency" | "oracleRequests"> {
  /** Until `lookupMs` from now. */
  readonly of: (lookupMs: number) => { readonly genesys: Capacity; readonly oracle: Capacity };
}

export interface SchedulerDeps {
  readonly capacity: ApiCapacity;
  readonly clocks: WorkerClocks;
  /** Makes one attempt; resolves when it has ended. Never rejects. */
  readonly attempt: (item: WorkItem, progress: Progress) => Promise<void>;
  /** Takes an item that has become too old in the backlog. */
  readonly expired: (item: WorkItem) => void;
  /** Takes an item that still owes `unavailable` when its next attempt is due. */
  readonly overdue: (item: WorkItem) => void;
}

/** Starts attempts in priority order, as fast as both APIs' budgets allow. */
export interface Scheduler {
  /** @returns the item that leaves the backlog because it is full; undefined if there is room */
  add(item: WorkItem): WorkItem | undefined;
  readonly backlog: Pick<Backlog<WorkItem>, "holds" | "remove" | "rerank" | "oldest" | "size">;
  /** Starts nothing more. @returns what was in the backlog */
  close(): readonly WorkItem[];
}

/** Items in the backlog at most. An event and its work item take about 8 KB. */
const BACKLOG_AT_MOST = 5_000;
/** An attempt holds its place during its lookup and during its write. */
const PLACES_FOR_EACH_LOOKUP = 2;
const LEAST_PLACES = 32;
/** Budget returns by itself: the backlog is looked at this often, in ms. */
const TICK_MS = 100;

export function createScheduler(deps: SchedulerDeps): Scheduler {
  const { capacity, clocks } = deps;
  const places = Math.max(LEAST_PLACES, PLACES_FOR_EACH_LOOKUP * capacity.oracleConcurrency);
  const backlog = createBacklog<WorkItem>();
  const inFlight = createInFlightStats(clocks.monotonicNow);
  let running = 0;
  let closed = false;
  let timer: NodeJS.Timeout | undefined;

  function admissionState(): AdmissionState {
    const { oracleConcurrency, oracleRequests } = capacity;
    const { lookingUp, unwritten, lookupMs, startedRecently } = inFlight;
    return {
      ...capacity.of(lookupMs),
      ...{ oracleConcurrency, oracleRequests },
      ...{ lookupMs, lookingUp, unwritten, startedRecently },
    };
  }

  function fill(): void {
    while (!closed && backlog.size > 0 && running < places) {
      const state = admissionState();
      const waiting = backlog.count("unanswered") + backlog.count("retry");
      const item = backlog.next({
        now: clocks.monotonicNow(),
        overloaded: isOverloaded(waiting, state),
        attempt: canStart(waiting, state),
        unavailable: canWriteUnavailable(state),
      });
      if (item === undefined) break;
      start(item);
    }
    if (backlog.size > 0 && !closed) timer ??= setTimeout(tick, TICK_MS);
  }

  function tick(): void {
    timer = undefined;
    for (const item of backlog.expired(clocks.eventNow())) deps.expired(item);
    for (const item of backlog.overdue(clocks.monotonicNow())) deps.overdue(item);
    fill();
  }

  function start(item: WorkItem): void {
    running += 1;
    const steps = inFlight.begin(item.state.kind !== "owes_unavailable", fill);
    const othersWait = () => backlog.count("unanswered") > 0;
    const { lookedUp, written } = steps;
    void deps.attempt(item, { lookedUp, written, othersWait }).finally(() => {
      running -= 1;
      steps.ended();
      fill();
    });
  }

  return {
    add(item) {
      backlog.add(item);
      const pushedOut = backlog.size > BACKLOG_AT_MOST ? backlog.leastUseful() : undefined;
      fill();
      return pushedOut;
    },
    backlog,
    close() {
      closed = true;
      clearTimeout(timer);
      return backlog.drain();
    },
  };
}

/** How long ago the oldest conversation in the backlog started, in ms; 0 if it is empty. */
export function oldestMs({ backlog }: Scheduler, clocks: WorkerClocks): number {
  const { oldest } = backlog;
  return oldest === undefined ? 0 : Math.max(0, elapsed(oldest, clocks.eventNow()));
}
