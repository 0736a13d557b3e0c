import type { GenesysEvent } from "../event/read-event.ts";
import { failedFields, type Report } from "../facts/facts.ts";
import { asFailure, type Failure } from "../failure.ts";
import type { Acknowledge } from "../intake/acknowledge.ts";
import { createIntake, type IntakeOptions } from "../intake/consumer.ts";
import type { LetterReason } from "../intake/letter.ts";
import type { Received } from "../intake/received.ts";
import { createVisibility } from "../intake/visibility.ts";
import { aboutEvent, createDesk } from "./desk.ts";
import type { EnrichTools } from "./enrich.ts";
import { createHands } from "./hands.ts";
import { createLedger } from "./ledger.ts";

export interface WorkerOptions {
  readonly queue: Pick<IntakeOptions, "sqs" | "queueUrl">;
  readonly acknowledge: Acknowledge;
  readonly tools: EnrichTools;
  readonly report: Report;
  readonly statusAttribute: string;
  readonly shadow: boolean;
  readonly now: () => number;
  readonly random: () => number;
}

export interface Worker {
  start(): void;
  /**
   * Ends polling, finishes what is in hand, gives back the rest. Safe to call twice: both wait for
   * the same end.
   */
  stop(because: string): Promise<void>;
}

/** A worker that is killed gives its messages back after this time. */
const VISIBILITY_SECONDS = 30;
/** Messages held at once: the backlog and the work in hand. */
const HELD_AT_MOST = 1_000;
/** Five conversations a second, 3 s of Oracle each, and as much again for slow answers. */
const PLACES = 32;
/** Of the 90 s in which a stopping worker has to be gone, what the work in hand may take. */
const GRACE_MS = 60_000;

/** The worker: from the queue to the attributes, and back to the queue. */
export function createWorker(options: WorkerOptions): Worker {
  const { acknowledge, report, now } = options;
  const ledger = createLedger();
  const settling = new Set<Promise<void>>();
  let stopped: Promise<void> | undefined;
  const queueFailed = (error: unknown) =>
    report("queue.failed", { reason: error instanceof Error ? error.message : "unknown" });
  const visibility = createVisibility(acknowledge, VISIBILITY_SECONDS, queueFailed);

  const intake = createIntake({
    ...options.queue,
    visibilitySeconds: VISIBILITY_SECONDS,
    free: () => HELD_AT_MOST - visibility.size,
    admit,
    failed: queueFailed,
    now,
  });

  /**
   * Lets go of a message in one way or another. Where SQS does not take it, the message becomes
   * visible again by itself and is recognised then.
   */
  function settle(message: Received, how: () => Promise<void>): Promise<void> {
    visibility.release(message);
    const settled = how()
      .catch(queueFailed)
      .finally(() => {
        settling.delete(settled);
        intake.roomFreed();
      });
    settling.add(settled);
    return settled;
  }

  function deadLetter(
    message: Received,
    failure: Failure,
    attempts: number,
    event?: GenesysEvent,
  ): Promise<void> {
    const about = event === undefined ? {} : aboutEvent(event);
    const failed = failedFields(failure);
    report("event.dead_lettered", { ...about, ...failed, messageId: message.messageId });
    const reason: LetterReason = {
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
    places: PLACES,
    random: options.random,
    done: (work) => settle(work.message, () => acknowledge.done(work.message)),
    later: (work, delayMs) => settle(work.message, () => acknowledge.later(work.message, delayMs)),
    deadLetter: (work, failure) => deadLetter(work.message, failure, work.attempt, work.event),
  });

  const desk = createDesk({
    ledger,
    report,
    statusAttribute: options.statusAttribute,
    acknowledge(message, event) {
      ledger.settled(event.envelopeId);
      void settle(message, () => acknowledge.done(message));
    },
    deadLetter(message, failure, event) {
      void deadLetter(message, failure, message.receiveCount, event);
    },
    enrich(message, event, session) {
      session.carriedBy = message.messageId;
      hands.take({
        message,
        event,
        session,
        attempt: session.attempts + 1,
        admittedAt: now(),
        callOff: new AbortController(),
      });
    },
    cancel: hands.cancel,
  });

  function admit(message: Received): void {
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
    try {
      desk(message);
    } catch (error) {
      void deadLetter(message, asFailure(error), message.receiveCount);
    }
  }

  async function drain(because: string): Promise<void> {
    report("worker.draining", { because, inHand: hands.inHand, waiting: hands.waiting });
    const polling = intake.stop();
    const givenBack = await hands.drain(GRACE_MS);
    await polling;
    while (settling.size > 0) await Promise.all(settling);
    visibility.close();
    report("worker.stopped", { givenBack });
  }

  return {
    start: () => intake.start(),
    stop(because) {
      stopped ??= drain(because);
      return stopped;
    },
  };
}
