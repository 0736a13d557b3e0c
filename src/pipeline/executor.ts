import type { Capacity } from "../domain/api-state.ts";
import { isExpired } from "../domain/conversation/age-limits.ts";
import { hasEnded, type Session } from "../domain/conversation/session.ts";
import type { ConversationId } from "../domain/event/ids.ts";
import type { Failure } from "../domain/failure.ts";
import { failedFields } from "../observability/facts/facts.ts";
import { type CarryOutOptions, createCarryOut, type Ending } from "./attempt.ts";
import {
  type AdmissionState,
  canStart,
  canWriteUnavailable,
  isOverloaded,
} from "./backlog/admission.ts";
import { type Backlog, createBacklog } from "./backlog/backlog.ts";
import { aboutEvent } from "./dispatcher.ts";
import { createInFlightStats } from "./in-flight.ts";
import { type NextTry, nextTry } from "./next-attempt.ts";
import { type CalledOff, type FailedTry, type Try, type Work, workOf } from "./work-item.ts";

/** How a piece of work leaves the hands; each settles its message and never rejects. */
export interface HandsExits {
  readonly done: (work: Work) => Promise<void>;
  readonly later: (work: Work, delayMs: number) => Promise<void>;
  readonly deadLetter: (work: Work, failure: Failure) => Promise<void>;
}

/** What both APIs could give to this worker. */
export interface Supplies extends Pick<AdmissionState, "oracleConcurrency" | "oracleRequests"> {
  /** Until `lookupMs` from now. */
  readonly of: (lookupMs: number) => { readonly genesys: Capacity; readonly oracle: Capacity };
}

export interface HandsOptions extends HandsExits, CarryOutOptions {
  readonly supplies: Supplies;
  /** In [0, 1). */
  readonly random: () => number;
}

/** The work in hand, and the backlog behind it. */
export interface Hands {
  take(work: Try): void;
  /** Drops what is pending for a session that has ended. */
  cancel(session: Session): void;
  /** An agent is there: what waits for this conversation goes behind those still unanswered. */
  answered(id: ConversationId): void;
  readonly inHand: number;
  readonly waiting: number;
  /** How long ago the conversation started that has waited longest, in ms; 0 where none waits. */
  readonly oldestMs: number;
  /**
   * Takes on nothing more and gives back what waits; resolves when what is in hand is settled.
   * After `graceMs` it is called off and given back too.
   * @returns how many messages were given back.
   */
  drain(graceMs: number): Promise<number>;
}

/** Conversations that wait at most. An event and its work take about 8 KB. */
const BACKLOG_AT_MOST = 5_000;
/** A conversation in hand holds its place while it looks up and while it writes. */
const PLACES_FOR_EACH_LOOKUP = 2;
const LEAST_PLACES = 32;
/** Budget comes back by itself: who waits is looked at so often, in ms. */
const TICK_MS = 100;
/** How long a message stays away that had to make room. With 100 receives at most, that is enough. */
const AWAY_MS = { call: 2 * 60_000, other: 15 * 60_000 };

/** When a message is looked at again whose twin another worker carries: that one is done by then. */
const ELSEWHERE_MS = 15_000;

const LEFT = "the customer left before the history was written";
const TOO_OLD = "it is too old for its kind of conversation";

/** Works on a few enrichments at once and settles each by the type of its outcome. */
export function createHands(options: HandsOptions): Hands {
  const { tools, report, ledger, supplies } = options;
  const places = Math.max(LEAST_PLACES, PLACES_FOR_EACH_LOOKUP * supplies.oracleConcurrency);
  const carryOut = createCarryOut(options);
  const backlog: Backlog<Work> = createBacklog();
  const pace = createInFlightStats(tools.now);
  const inHand = new Map<string, Work>();
  /** Tries under way, until their messages are settled. */
  const settling = new Set<Promise<void>>();
  let givenBack = 0;
  let draining = false;
  let timer: NodeJS.Timeout | undefined;

  function room(): AdmissionState {
    const { oracleConcurrency, oracleRequests } = supplies;
    const { lookingUp, unwritten, lookupMs, startedRecently } = pace;
    return {
      ...supplies.of(lookupMs),
      oracleConcurrency,
      oracleRequests,
      lookupMs,
      lookingUp,
      unwritten,
      startedRecently,
    };
  }

  function fill(): void {
    while (!draining && backlog.size > 0 && inHand.size < places) {
      const at = room();
      const inLine = backlog.count("unanswered") + backlog.count("retry");
      const work = backlog.next({
        now: tools.now(),
        overloaded: isOverloaded(inLine, at),
        history: canStart(inLine, at),
        unavailable: canWriteUnavailable(at),
      });
      if (work === undefined) break;
      begin(work);
    }
    if (backlog.size > 0 && !draining) timer ??= setTimeout(tick, TICK_MS);
  }

  function tick(): void {
    timer = undefined;
    const now = tools.now();
    for (const work of backlog.expired(options.eventNow())) void expire(work, "too_old", TOO_OLD);
    for (const work of backlog.overdue(now)) void tryAgain(work);
    fill();
  }

  function begin(work: Work): void {
    const progress = pace.begin(!work.owesUnavailable, fill);
    const othersWait = () => backlog.count("unanswered") > 0;
    const settled = carryOut(work, { ...progress, othersWait })
      .then((ending) => {
        progress.ended();
        inHand.delete(work.messageId);
        return settle(work, ending);
      })
      .finally(() => {
        settling.delete(settled);
        fill();
      });
    settling.add(settled);
    inHand.set(work.messageId, work);
  }

  function settle(work: Work, ending: Ending): Promise<void> {
    switch (ending.kind) {
      case "done":
        return finish(work);
      case "needless":
        report("event.acknowledged", { ...aboutEvent(work.event), because: ending.because });
        return leave(work);
      case "elsewhere":
        return comeAgain(work);
      case "yielded":
        report("enrichment.yielded", { ...aboutEvent(work.event), attempt: work.attempt });
        return waitOn(workOf(work));
      case "told":
        return tryAgain(work);
      case "failed":
        return settleFailure(work, ending.failure);
    }
  }

  async function settleFailure(work: Work, failure: Failure): Promise<void> {
    const calledOff: CalledOff | undefined = work.callOff.signal.reason;
    if (calledOff === "draining") return giveBack(work);
    if (calledOff === "ended" || (failure.status === 404 && hasEnded(work.session))) {
      return expire(work, "conversation_ended", LEFT);
    }
    if (failure.kind === "permanent") {
      await letGo(work);
      return options.deadLetter(work, failure);
    }
    const { attempt, message, mediaType } = work;
    const now = tools.now();
    const random = options.random();
    const { sentAt } = message;
    const tried = { failure, attempt, mediaType, sentAt, now: options.eventNow(), random };
    const next = nextTry(tried);
    if (next === undefined) return expire(work, "retries_ended", failure.message);
    reportDelayed(work, failure, next);
    const failed: FailedTry = { failure, next };
    const notBefore = now + next.waitMs;
    const owesUnavailable = failure.source === "oracle" && work.session.written === undefined;
    const again = workOf({ ...work, failed, notBefore, owesUnavailable });
    return owesUnavailable ? waitOn(again) : tryAgain(again);
  }

  function reportJoined({ event, attempt }: Work): void {
    report("backlog.joined", { ...aboutEvent(event), attempt, waiting: backlog.size });
  }

  /** A breaker that stays open is told once for a conversation. */
  function reportDelayed(work: Work, failure: Failure, { waitMs: delayMs }: NextTry): void {
    if (failure.code === "circuit_open" && work.failed?.failure.code === "circuit_open") return;
    const { event, attempt } = work;
    const failed = failedFields(failure);
    report("enrichment.delayed", { ...aboutEvent(event), ...failed, attempt, delayMs });
  }

  /** The next try, where it was planned: here after a short wait, or by way of the queue. */
  function tryAgain(work: Work): Promise<void> {
    const { next } = work.failed ?? {};
    if (next === undefined) return giveBack(work);
    work.session.attempts = next.attempt - 1;
    if (next.where === "queue") return options.later(work, work.notBefore - tools.now());
    return waitOn(workOf({ ...work, attempt: next.attempt, owesUnavailable: false }));
  }

  /** Into the backlog (again), unless that is being given back. */
  function waitOn(work: Work): Promise<void> {
    if (draining) return giveBack(work);
    backlog.add(work);
    return Promise.resolve();
  }

  async function expire(
    work: Work,
    code: "conversation_ended" | "retries_ended" | "too_old",
    reason: string,
  ): Promise<void> {
    report("enrichment.expired", { ...aboutEvent(work.event), code, reason });
    await finish(work);
  }

  /** Deleted now, it could not help where the worker that carries its twin is killed. */
  function comeAgain(work: Work): Promise<void> {
    const { session, event, messageId } = work;
    if (session.ownerMessageId === messageId) delete session.ownerMessageId;
    report("enrichment.elsewhere", { ...aboutEvent(event), delayMs: ELSEWHERE_MS });
    return options.later(work, ELSEWHERE_MS);
  }

  function finish(work: Work): Promise<void> {
    ledger.settled(work.event.envelopeId);
    return leave(work);
  }

  async function leave(work: Work): Promise<void> {
    await letGo(work);
    await options.done(work);
  }

  /** From now on another message may carry this session. */
  async function letGo({ session, event, messageId }: Work): Promise<void> {
    if (session.ownerMessageId === messageId) delete session.ownerMessageId;
    await ledger.share(event.body.conversationId, event.body, { release: messageId });
  }

  function giveBack(work: Work): Promise<void> {
    givenBack += 1;
    report("backlog.given_back", aboutEvent(work.event));
    return options.later(work, 0);
  }

  /** Behind old messages lie young ones: the least useful makes room for them. */
  function makeRoom(): void {
    const work = backlog.size > BACKLOG_AT_MOST ? backlog.leastUseful() : undefined;
    if (work === undefined) return;
    const isCall = (work.mediaType ?? "VOICE") === "VOICE";
    const delayMs = isCall ? AWAY_MS.call : AWAY_MS.other;
    report("backlog.made_room", { ...aboutEvent(work.event), delayMs });
    void options.later(work, delayMs);
  }

  return {
    take(parts) {
      const work = workOf(parts);
      if (draining) {
        void giveBack(work);
        return;
      }
      if (isExpired(work.startedAt, work.mediaType, options.eventNow())) {
        void expire(work, "too_old", TOO_OLD);
        return;
      }
      backlog.add(work);
      makeRoom();
      fill();
      if (backlog.holds(work.messageId)) reportJoined(work);
    },
    cancel({ ownerMessageId: messageId }) {
      if (messageId === undefined) return;
      const waiting = backlog.remove(messageId);
      if (waiting !== undefined) void expire(waiting, "conversation_ended", LEFT);
      inHand.get(messageId)?.callOff.abort("ended" satisfies CalledOff);
    },
    answered(id) {
      for (const { ownerMessageId } of ledger.conversation(id).sessions.values()) {
        if (ownerMessageId !== undefined) backlog.moved(ownerMessageId);
      }
    },
    get inHand() {
      return inHand.size;
    },
    get waiting() {
      return backlog.size;
    },
    get oldestMs() {
      const { oldest } = backlog;
      return oldest === undefined ? 0 : Math.max(0, options.eventNow() - oldest);
    },
    async drain(graceMs) {
      draining = true;
      clearTimeout(timer);
      const waiting = backlog.drain().map(giveBack);
      const callOff = setTimeout(() => {
        for (const work of inHand.values()) {
          work.callOff.abort("draining" satisfies CalledOff);
        }
      }, graceMs);
      await Promise.all([...waiting, ...settling]);
      clearTimeout(callOff);
      return givenBack;
    },
  };
}
