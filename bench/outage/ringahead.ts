import type { Failure } from "../../src/domain/failure.ts";
import {
  type AdmissionState,
  canStart,
  canWriteUnavailable,
  isOverloaded,
} from "../../src/pipeline/backlog/admission.ts";
import { createBacklog } from "../../src/pipeline/backlog/backlog.ts";
import type { QueuedItem } from "../../src/pipeline/backlog/waiting.ts";
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

/** As in src/pipeline/executor.ts. */
const PLACES = 32;
const TICK_MS = 100;
const ORACLE = { oracleConcurrency: 16, oracleRequests: 2 };
const ENDLESS = Number.POSITIVE_INFINITY;

/**
 * The worker's own decisions (backlog, room, pace, next try: the same functions) in simulated time.
 * It learns of answers and ends as late as of starts.
 */
export function ringahead(calls: readonly Call[], outage: Outage): Schedule {
  const agenda = createAgenda();
  const apis = createApis(agenda, outage);
  const random = seeded(outage.seed + 1);
  const backlog = createBacklog<Work>();
  const pace = createInFlightStats(() => agenda.now);
  const told = new Set<number>();
  const gone = new Set<number>();
  const writtenAt = new Map<number, number>();
  const answered = new Set<number>();
  let unavailable = 0;
  let inHand = 0;
  let ticking = false;

  function work(
    call: Call,
    more: Partial<Pick<Work, "attempt" | "notBefore" | "owesUnavailable" | "next">>,
  ) {
    return {
      call,
      messageId: String(call.id),
      startedAt: call.startedAt,
      mediaType: "VOICE",
      attempt: 1,
      notBefore: 0,
      owesUnavailable: false,
      next: undefined,
      ...more,
      get answered() {
        return answered.has(call.id);
      },
    };
  }

  function room(): AdmissionState {
    const { lookupMs, lookingUp, unwritten, startedRecently } = pace;
    return {
      ...ORACLE,
      oracle: { perMinute: ENDLESS, free: ENDLESS, freeNow: ENDLESS, pausedForMs: 0 },
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
    while (backlog.size > 0 && inHand < PLACES) {
      const at = room();
      const inLine = backlog.count("unanswered") + backlog.count("retry");
      const next = backlog.next({
        now: agenda.now,
        overloaded: isOverloaded(inLine, at),
        history: canStart(inLine, at),
        unavailable: canWriteUnavailable(at),
      });
      if (next === undefined) break;
      begin(next);
    }
    if (backlog.size > 0 && !ticking) {
      ticking = true;
      agenda.at(agenda.now + TICK_MS, () => {
        ticking = false;
        for (const one of backlog.overdue(agenda.now)) tryAgain(one);
        fill();
      });
    }
  }

  function begin(one: Work): void {
    inHand += 1;
    const progress = pace.begin(!one.owesUnavailable, () => agenda.at(agenda.now, fill));
    const end = () => {
      inHand -= 1;
      progress.ended();
      agenda.at(agenda.now, fill);
    };
    const wanted = () => !gone.has(one.call.id);
    if (one.owesUnavailable) {
      apis.patch(false, wanted, (written) => {
        if (written) {
          unavailable += 1;
          told.add(one.call.id);
        }
        if (wanted()) tryAgain(one);
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
    const tried = { failure, attempt, mediaType, sentAt: call.startedAt, now: agenda.now };
    const next = planNextAttempt({ ...tried, random: random() });
    if (next === undefined) return;
    const notBefore = agenda.now + next.waitMs;
    const owesUnavailable = !told.has(call.id);
    const again = work(call, { attempt, next, notBefore, owesUnavailable });
    if (owesUnavailable) backlog.add(again);
    else tryAgain(again);
  }

  /** By way of the queue or not: it is here again when it is due. */
  function tryAgain({ call, next, notBefore }: Work): void {
    if (next === undefined) return;
    const again = work(call, { attempt: next.attempt, notBefore });
    if (next.where === "backlog") backlog.add(again);
    else agenda.at(notBefore, () => admit(again));
  }

  function admit(one: Work): void {
    if (gone.has(one.call.id)) return;
    backlog.add(one);
    fill();
  }

  for (const call of calls) {
    agenda.at(call.startedAt + DELIVERY_MS, () => admit(work(call, {})));
    agenda.at(call.answeredAt + DELIVERY_MS, () => {
      answered.add(call.id);
      backlog.moved(String(call.id));
    });
    agenda.at(call.endedAt + DELIVERY_MS, () => {
      gone.add(call.id);
      backlog.remove(String(call.id));
    });
  }
  agenda.run(Number.POSITIVE_INFINITY);
  return { writtenAt, unavailable };
}
