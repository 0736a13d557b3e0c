import type { Failure } from "../../src/domain/failure.ts";
import { after, epochMs, monotonicMs } from "../../src/domain/time.ts";
import {
  type AdmissionState,
  canStart,
  canWriteUnavailable,
  isOverloaded,
} from "../../src/pipeline/backlog/admission.ts";
import { createBacklog } from "../../src/pipeline/backlog/backlog.ts";
import type { QueuedItem } from "../../src/pipeline/backlog/queued-item.ts";
import { createInFlightStats } from "../../src/pipeline/in-flight.ts";
import { type NextAttempt, planNextAttempt } from "../../src/pipeline/next-attempt.ts";
import { seeded } from "../chance.ts";
import { createAgenda } from "./agenda.ts";
import { createApis } from "./apis.ts";
import { type Call, DELIVERY_MS, LIMIT, type Outage, type Schedule } from "./world.ts";

interface Work extends QueuedItem {
  readonly call: Call;
  readonly next: NextAttempt | undefined;
}

type Change = Partial<Pick<Work, "attempt" | "state" | "next">>;

/** As in src/pipeline/executor.ts. */
const SLOTS = 32;
const TICK_MS = 100;
const ORACLE = { oracleConcurrency: 16, oracleRequests: 2 };
const UNLIMITED = Number.POSITIVE_INFINITY;

/**
 * The worker's decisions in simulated time, with the functions of the worker: backlog, admission, in-flight
 * stats, next attempt. Events of answers and ends have the same delay as those of starts.
 */
export function ringahead(calls: readonly Call[], outage: Outage): Schedule {
  const agenda = createAgenda();
  const apis = createApis(agenda, outage);
  const random = seeded(outage.seed + 1);
  const now = () => monotonicMs(agenda.now);
  const backlog = createBacklog<Work>();
  const stats = createInFlightStats(now);
  const markedUnavailable = new Set<number>();
  const ended = new Set<number>();
  const writtenAt = new Map<number, number>();
  const answered = new Set<number>();
  let unavailable = 0;
  let inProgress = 0;
  let ticking = false;

  function work(call: Call, change: Change): Work {
    return {
      call,
      messageId: String(call.id),
      startedAt: epochMs(call.startedAt),
      mediaType: "VOICE",
      attempt: 1,
      state: { kind: "new" },
      next: undefined,
      ...change,
      get answered() {
        return answered.has(call.id);
      },
    };
  }

  function admissionState(): AdmissionState {
    const { lookupMs, lookingUp, unwritten, startedRecently } = stats;
    return {
      ...ORACLE,
      oracle: { perMinute: UNLIMITED, free: UNLIMITED, freeNow: UNLIMITED, pausedForMs: 0 },
      genesys: {
        perMinute: LIMIT,
        free: apis.free(lookupMs),
        freeNow: apis.free(0),
        pausedForMs: 0,
      },
      lookupMs,
      lookingUp,
      unwritten,
      startedRecently,
    };
  }

  function fill(): void {
    while (backlog.size > 0 && inProgress < SLOTS) {
      const state = admissionState();
      const waiting = backlog.count("unanswered") + backlog.count("retry");
      const next = backlog.next({
        now: now(),
        overloaded: isOverloaded(waiting, state),
        attempt: canStart(waiting, state),
        unavailable: canWriteUnavailable(state),
      });
      if (next === undefined) break;
      begin(next);
    }
    if (backlog.size > 0 && !ticking) {
      ticking = true;
      agenda.at(agenda.now + TICK_MS, () => {
        ticking = false;
        for (const one of backlog.overdue(now())) retry(one);
        fill();
      });
    }
  }

  function begin(one: Work): void {
    inProgress += 1;
    const progress = stats.begin(one.state.kind !== "owes_unavailable", () =>
      agenda.at(agenda.now, fill),
    );
    const end = () => {
      inProgress -= 1;
      progress.ended();
      agenda.at(agenda.now, fill);
    };
    const wanted = () => !ended.has(one.call.id);
    if (one.state.kind === "owes_unavailable") {
      apis.patch(false, wanted, (written) => {
        if (written) {
          unavailable += 1;
          markedUnavailable.add(one.call.id);
        }
        if (wanted()) retry(one);
        end();
      });
      return;
    }
    apis.lookUp(one.call, (failure) => {
      progress.lookedUp(failure !== undefined);
      if (failure !== undefined) {
        if (wanted()) fail(one, failure);
        end();
        return;
      }
      const yields = () => one.answered && backlog.count("unanswered") > 0;
      apis.patch(
        one.attempt === 1,
        () => wanted() && !yields(),
        (written) => {
          if (written) writtenAt.set(one.call.id, agenda.now);
          else if (wanted()) backlog.add(one);
          end();
        },
      );
    });
  }

  function fail(one: Work, failure: Failure): void {
    const { attempt, call, mediaType } = one;
    const [sentAt, eventNow] = [epochMs(call.startedAt), epochMs(agenda.now)];
    const failed = { failure, attempt, mediaType, sentAt, now: eventNow, random: random() };
    const next = planNextAttempt(failed);
    if (next === undefined) return;
    const notBefore = after(now(), next.waitMs);
    const kind = markedUnavailable.has(call.id) ? "retry" : "owes_unavailable";
    const again = work(call, { attempt, next, state: { kind, notBefore } });
    if (kind === "owes_unavailable") backlog.add(again);
    else retry(again);
  }

  /** Waits for the next attempt in the backlog or in the queue. */
  function retry({ call, next, state }: Work): void {
    if (next === undefined || state.kind === "new") return;
    const { notBefore } = state;
    const again = work(call, { attempt: next.attempt, state: { kind: "retry", notBefore } });
    if (next.where === "backlog") backlog.add(again);
    else agenda.at(notBefore, () => admit(again));
  }

  function admit(one: Work): void {
    if (ended.has(one.call.id)) return;
    backlog.add(one);
    fill();
  }

  for (const call of calls) {
    agenda.at(call.startedAt + DELIVERY_MS, () => admit(work(call, {})));
    agenda.at(call.answeredAt + DELIVERY_MS, () => {
      answered.add(call.id);
      backlog.rerank(String(call.id));
    });
    agenda.at(call.endedAt + DELIVERY_MS, () => {
      ended.add(call.id);
      backlog.remove(String(call.id));
    });
  }
  agenda.run(Number.POSITIVE_INFINITY);
  return { writtenAt, unavailable };
}
