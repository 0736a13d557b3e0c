import { type Backlog, createBacklog } from "../backlog/backlog.ts";
import { failedFields, type Report } from "../facts/facts.ts";
import { asFailure, type Failure } from "../failure.ts";
import { PATIENCE_MS, Priority } from "../protection/call.ts";
import { hasEnded, type Session } from "../route/session.ts";
import { aboutEvent, reportConfirmed } from "./desk.ts";
import { type EnrichTask, type EnrichTools, enrich, type Written } from "./enrich.ts";
import type { Ledger } from "./ledger.ts";
import { nextTryMs } from "./retry.ts";
import type { CalledOff, Work } from "./work.ts";

/** How a piece of work leaves the hands; each settles its message and never rejects. */
export interface HandsExits {
  readonly done: (work: Work) => Promise<void>;
  readonly later: (work: Work, delayMs: number) => Promise<void>;
  readonly deadLetter: (work: Work, failure: Failure) => Promise<void>;
}

export interface HandsOptions extends HandsExits {
  readonly tools: EnrichTools;
  readonly ledger: Ledger;
  readonly report: Report;
  readonly shadow: boolean;
  /** How much may be in hand at once. */
  readonly places: number;
  /** In [0, 1). */
  readonly random: () => number;
}

/** The work in hand, and the backlog behind it. */
export interface Hands {
  take(work: Work): void;
  /** Drops what is pending for a session that has ended. */
  cancel(session: Session): void;
  readonly inHand: number;
  readonly waiting: number;
  /**
   * Takes on nothing more and gives back what waits; resolves when what is in hand is settled.
   * After `graceMs` it is called off and given back too.
   * @returns how many messages were given back.
   */
  drain(graceMs: number): Promise<number>;
}

const LEFT = "the customer left before the history was written";

/** Works on a few enrichments at once and settles each by the type of its outcome. */
export function createHands(options: HandsOptions): Hands {
  const { tools, report, ledger } = options;
  const backlog: Backlog<Work> = createBacklog();
  const inHand = new Map<string, { work: Work; settled: Promise<void> }>();
  let givenBack = 0;
  let draining = false;

  function fill(): void {
    while (inHand.size < options.places) {
      const work = backlog.next();
      if (work === undefined) return;
      begin(work);
    }
  }

  function begin(work: Work): void {
    const settled = run(work).finally(() => {
      inHand.delete(work.message.messageId);
      if (!draining) fill();
    });
    inHand.set(work.message.messageId, { work, settled });
  }

  async function run(work: Work): Promise<void> {
    try {
      await enrich(taskOf(work), tools);
      delete work.session.carriedBy;
      ledger.settled(work.event.envelopeId);
      await options.done(work);
    } catch (error) {
      await settleFailure(work, asFailure(error));
    }
  }

  function taskOf(work: Work): EnrichTask {
    const begunAt = tools.now();
    const { event, session, attempt } = work;
    return {
      event,
      session,
      call: {
        signal: work.callOff.signal,
        priority: attempt === 1 ? Priority.live : Priority.retry,
        deadline: begunAt + PATIENCE_MS,
      },
      written: (written) => reportWritten(work, written, begunAt),
      unavailableFailed: (failure) =>
        report("unavailable.failed", { ...aboutEvent(event), ...failedFields(failure) }),
    };
  }

  function reportWritten(work: Work, written: Written, begunAt: number): void {
    const { event, attempt, admittedAt } = work;
    const { attributes, ...fields } = written;
    const now = tools.now();
    const fact = {
      ...aboutEvent(event),
      participantId: event.body.participantId,
      mediaType: event.body.mediaType ?? "UNKNOWN",
      attempt,
      sinceEventMs: now - event.happenedAt,
      waitedMs: begunAt - admittedAt,
      ...fields,
    };
    if (options.shadow) report("enrichment.shadowed", { ...fact, attributes });
    else report("enrichment.written", fact);
    if (work.session.confirmedAt !== undefined) {
      reportConfirmed(report, event, work.session.confirmedAt - now);
      delete work.session.confirmedAt;
    }
    const { agentAt } = ledger.conversation(event.body.conversationId);
    if (agentAt !== undefined && written.status !== "unavailable") {
      report("headstart.measured", { ...aboutEvent(event), headStartMs: agentAt - now });
    }
  }

  function settleFailure(work: Work, failure: Failure): Promise<void> {
    const calledOff: CalledOff | undefined = work.callOff.signal.reason;
    if (calledOff === "draining") return giveBack(work);
    if (calledOff === "ended" || (failure.status === 404 && hasEnded(work.session))) {
      return expire(work, "conversation_ended", LEFT);
    }
    if (failure.kind === "permanent") {
      delete work.session.carriedBy;
      return options.deadLetter(work, failure);
    }
    const delayMs = nextTryMs({
      failure,
      attempt: work.attempt,
      mediaType: work.event.body.mediaType,
      sentAt: work.message.sentAt,
      now: tools.now(),
      random: options.random(),
    });
    if (delayMs === undefined) return expire(work, "retries_ended", failure.message);
    work.session.attempts = work.attempt;
    report("enrichment.delayed", {
      ...aboutEvent(work.event),
      ...failedFields(failure),
      attempt: work.attempt,
      delayMs,
    });
    return options.later(work, delayMs);
  }

  async function expire(
    work: Work,
    code: "conversation_ended" | "retries_ended",
    reason: string,
  ): Promise<void> {
    delete work.session.carriedBy;
    ledger.settled(work.event.envelopeId);
    report("enrichment.expired", { ...aboutEvent(work.event), code, reason });
    await options.done(work);
  }

  function giveBack(work: Work): Promise<void> {
    givenBack += 1;
    return options.later(work, 0);
  }

  return {
    take(work) {
      backlog.add(work);
      fill();
    },
    cancel(session) {
      const messageId = session.carriedBy;
      if (messageId === undefined) return;
      const waiting = backlog.remove(messageId);
      if (waiting !== undefined) void expire(waiting, "conversation_ended", LEFT);
      inHand.get(messageId)?.work.callOff.abort("ended" satisfies CalledOff);
    },
    get inHand() {
      return inHand.size;
    },
    get waiting() {
      return backlog.size;
    },
    async drain(graceMs) {
      draining = true;
      const waiting = backlog.drain().map(giveBack);
      const callOff = setTimeout(() => {
        for (const { work } of inHand.values()) {
          work.callOff.abort("draining" satisfies CalledOff);
        }
      }, graceMs);
      await Promise.all([...waiting, ...[...inHand.values()].map(({ settled }) => settled)]);
      clearTimeout(callOff);
      return givenBack;
    },
  };
}
