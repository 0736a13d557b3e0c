import type { FleetMemory } from "../domain/conversation/fleet-memory.ts";
import type { GenesysEvent } from "../domain/event/read-event.ts";
import { asFailure, type Failure } from "../domain/failure.ts";
import { failedFields, type Report } from "../observability/facts/facts.ts";
import type { Acknowledge } from "../queue/acknowledge.ts";
import type { DeadLetterReason } from "../queue/dead-letter.ts";
import { createIntake, type IntakeOptions } from "../queue/intake.ts";
import { DRAINED_AFTER_SECONDS, VISIBILITY_SECONDS } from "../queue/limits.ts";
import type { ReceivedMessage } from "../queue/received.ts";
import { queueErrorText } from "../queue/sqs.ts";
import { createVisibility } from "../queue/visibility.ts";
import { createConversationStore } from "./conversation-store.ts";
import { aboutEvent, createDesk } from "./dispatcher.ts";
import type { EnrichTools } from "./enrich.ts";
import { createScrub, type ScrubPlan } from "./erase.ts";
import { createHands, type Supplies } from "./executor.ts";

export interface WorkerOptions {
  readonly queue: Pick<IntakeOptions, "sqs" | "queueUrl">;
  readonly acknowledge: Acknowledge;
  readonly tools: EnrichTools;
  readonly report: Report;
  readonly statusAttribute: string;
  readonly shadow: boolean;
  readonly supplies: Supplies;
  /** Undefined where what was written stays. */
  readonly scrub: ScrubPlan | undefined;
  /** What the workers remember together; undefined where a worker is alone. */
  readonly fleet: FleetMemory | undefined;
  /** Makes tokens and connections ready. */
  readonly warm: () => void;
  /** Genesys tells that an API's limit was reached. */
  readonly slowGenesys: () => void;
  readonly now: () => number;
  /** The same by the clock of events and queue. */
  readonly eventNow: () => number;
  readonly random: () => number;
}

export interface Worker {
  start(): void;
  /** What is held, and when the loop last moved (epoch ms). */
  load(): WorkerLoad;
  /**
   * Ends polling, finishes what is in hand, gives back the rest. Safe to call twice: both wait for
   * the same end.
   */
  stop(because: string): Promise<void>;
}

export interface WorkerLoad {
  readonly inHand: number;
  readonly waiting: number;
  /** Since the conversation started that has waited longest. */
  readonly oldestMs: number;
  /** The last time that a message was received, asked for or settled. */
  readonly movedAt: number;
  /** Why the queue cannot be used just now; undefined where it can. */
  readonly queueTrouble: string | undefined;
}

/** Messages held at once: the backlog, the work in hand, and what is on its way back to the queue. */
const HELD_AT_MOST = 6_000;
/** Of the time in which a stopping worker has to be gone, what the work in hand may take. */
const GRACE_MS = ((DRAINED_AFTER_SECONDS * 2) / 3) * 1000;

/** The worker: from the queue to the attributes, and back to the queue. */
export function createWorker(options: WorkerOptions): Worker {
  const { acknowledge, report, now } = options;
  const ledger = createConversationStore(options.fleet);
  const settling = new Set<Promise<void>>();
  /** Messages that are being read; in a fleet that takes a moment. */
  const atDesk = new Set<Promise<void>>();
  let stopped: Promise<void> | undefined;
  let movedAt = now();
  let queueTrouble: string | undefined;
  const queueFailed = (error: unknown) => {
    report("queue.failed", { reason: queueErrorText(error) });
  };
  const visibility = createVisibility(acknowledge, VISIBILITY_SECONDS, queueFailed, now);

  const intake = createIntake({
    ...options.queue,
    visibilitySeconds: VISIBILITY_SECONDS,
    free: () => HELD_AT_MOST - visibility.size,
    admit,
    failed(error) {
      queueFailed(error);
      queueTrouble = queueErrorText(error);
    },
    polled() {
      movedAt = now();
    },
    answered() {
      queueTrouble = undefined;
    },
    now,
  });

  /**
   * Lets go of a message in one way or another. Where SQS does not take it, the message becomes
   * visible again by itself and is recognised then.
   */
  function settle(message: ReceivedMessage, how: () => Promise<void>): Promise<void> {
    visibility.release(message);
    const settled = how()
      .catch(queueFailed)
      .finally(() => {
        settling.delete(settled);
        movedAt = now();
        intake.roomFreed();
      });
    settling.add(settled);
    return settled;
  }

  function deadLetter(
    message: ReceivedMessage,
    failure: Failure,
    attempts: number,
    event?: GenesysEvent,
  ): Promise<void> {
    const about = event === undefined ? {} : aboutEvent(event);
    const failed = failedFields(failure);
    report("event.dead_lettered", { ...about, ...failed, messageId: message.messageId });
    const reason: DeadLetterReason = {
      ...failed,
      ...about,
      attempts,
      firstAt: message.history?.firstAt ?? new Date(message.sentAt).toISOString(),
      lastAt: new Date(now()).toISOString(),
      replayed: message.history?.count,
      replays: message.history?.replays,
    };
    return settle(message, () => acknowledge.deadLetter(message, reason));
  }

  const hands = createHands({
    tools: options.tools,
    ledger,
    report,
    shadow: options.shadow,
    supplies: options.supplies,
    random: options.random,
    eventNow: options.eventNow,
    done: (work) => settle(work.message, () => acknowledge.done(work.message)),
    later: (work, delayMs) => settle(work.message, () => acknowledge.later(work.message, delayMs)),
    deadLetter: (work, failure) => deadLetter(work.message, failure, work.attempt, work.event),
  });

  const scrub = createScrub({
    plan: options.scrub,
    attributes: options.tools.attributes,
    ledger,
    report,
    monotonicNow: options.tools.monotonicNow,
    eventNow: options.eventNow,
    random: options.random,
    done: (message) => settle(message, () => acknowledge.done(message)),
    later: (message, delayMs) => settle(message, () => acknowledge.later(message, delayMs)),
  });
  /** Ends whose attributes are being emptied. */
  const scrubbing = new Set<Promise<void>>();

  const desk = createDesk({
    ledger,
    report,
    statusAttribute: options.statusAttribute,
    acknowledge(message) {
      void settle(message, () => acknowledge.done(message));
    },
    deadLetter(message, failure, event) {
      void deadLetter(message, failure, message.receiveCount, event);
    },
    enrich(message, event, session) {
      session.ownerMessageId = message.messageId;
      hands.take({
        message,
        event,
        session,
        conversation: ledger.conversation(event.body.conversationId),
        attempt: session.attempts + 1,
        admittedAt: now(),
        notBefore: 0,
        failed: undefined,
        owesUnavailable: false,
      });
    },
    cancel: hands.cancel,
    ended(message, event, session) {
      const ended = scrub.ended(message, event, session).finally(() => scrubbing.delete(ended));
      scrubbing.add(ended);
    },
    answered: ({ body }) => hands.answered(body.conversationId),
    warm: options.warm,
    slowGenesys: options.slowGenesys,
  });

  function admit(message: ReceivedMessage): void {
    if (stopped !== undefined) {
      void settle(message, () => acknowledge.later(message, 0));
      return;
    }
    const held = visibility.held(message.messageId);
    if (held !== undefined) {
      // Delivered again while we hold it: from now on only the new handle deletes it.
      held.receiptHandle = message.receiptHandle;
      return;
    }
    visibility.hold(message);
    const read = desk(message)
      .catch((error) => deadLetter(message, asFailure(error), message.receiveCount))
      .finally(() => atDesk.delete(read));
    atDesk.add(read);
  }

  async function drain(because: string): Promise<void> {
    report("worker.draining", { because, inHand: hands.inHand, waiting: hands.waiting });
    const polling = intake.stop();
    const givenBack = await hands.drain(GRACE_MS);
    await polling;
    await Promise.all(atDesk);
    scrub.stop();
    await Promise.all(scrubbing);
    while (settling.size > 0) await Promise.all(settling);
    visibility.close();
    report("worker.stopped", { givenBack });
  }

  return {
    start: () => intake.start(),
    load: () => ({
      inHand: hands.inHand,
      waiting: hands.waiting,
      oldestMs: hands.oldestMs,
      movedAt,
      queueTrouble,
    }),
    stop(because) {
      stopped ??= drain(because);
      return stopped;
    },
  };
}
