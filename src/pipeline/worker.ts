import { endedWith } from "../domain/conversation/participant.ts";
import { asFailure } from "../domain/failure.ts";
import type { EpochMs, MonotonicMs } from "../domain/time.ts";
import { failedFields, type Report } from "../observability/facts/facts.ts";
import type { Intake, IntakeHooks } from "../queue/intake.ts";
import { DRAINED_AFTER_SECONDS, VISIBILITY_SECONDS } from "../queue/limits.ts";
import type { QueueActions } from "../queue/queue-actions.ts";
import type { ReceivedMessage } from "../queue/received.ts";
import { queueErrorText } from "../queue/sqs.ts";
import { createVisibility } from "../queue/visibility.ts";
import type { ConversationStore } from "./conversation-store.ts";
import type { Dispatch } from "./dispatcher.ts";
import type { Eraser } from "./erase.ts";
import { aboutEvent } from "./event-facts.ts";
import type { Executor } from "./executor.ts";
import { DELETE, type MessageOutcome } from "./message-outcome.ts";
import { newItem } from "./work-item.ts";
import type { WorkerClocks } from "./worker-clocks.ts";
import { started, stopped, type WorkerState } from "./worker-state.ts";

/** The queue, as the worker uses it. */
export interface WorkerQueue extends QueueActions {
  openIntake(hooks: IntakeHooks): Intake;
}

export interface WorkerDeps {
  readonly queue: WorkerQueue;
  readonly dispatch: (message: ReceivedMessage) => Promise<Dispatch>;
  readonly executor: Executor;
  readonly eraser: Eraser;
  readonly store: Pick<ConversationStore, "conversation">;
  readonly report: Report;
  readonly clocks: WorkerClocks;
}

export interface Worker {
  start(): void;
  /** What is held, and when the loop last moved. */
  load(): WorkerLoad;
  /**
   * Ends polling, finishes what is in progress, requeues the rest. Safe to call twice: both wait for
   * the same end.
   */
  stop(because: string): Promise<void>;
}

export interface WorkerLoad {
  /** Attempts in progress. */
  readonly inHand: number;
  /** Items in the backlog. */
  readonly waiting: number;
  /** How long ago the oldest conversation in the backlog started. */
  readonly oldestMs: number;
  /** The last time that a receive was made or a message was settled. */
  readonly movedAt: MonotonicMs;
  /** Why the queue cannot be used at present; undefined if it can. */
  readonly queueTrouble: string | undefined;
}

/** Messages held at once: in the backlog, in progress, and on their way back to the queue. */
const HELD_AT_MOST = 6_000;
/** In-progress work is aborted after two thirds of the shutdown deadline. */
const GRACE_MS = ((DRAINED_AFTER_SECONDS * 2) / 3) * 1000;

/**
 * The loop: each message is received, dispatched, worked on and settled in {@link handle}. Messages
 * do not wait for one another.
 */
export function createWorker(deps: WorkerDeps): Worker {
  const { queue, executor, eraser, report, clocks } = deps;
  const handling = new Set<Promise<void>>();
  let state: WorkerState = { phase: "created" };
  let movedAt = clocks.monotonicNow();
  let queueTrouble: string | undefined;
  const visibility = createVisibility(queue, VISIBILITY_SECONDS, queueFailed, clocks.monotonicNow);
  const intake = queue.openIntake({
    free: () => HELD_AT_MOST - visibility.size,
    admit,
    polling: moved,
    answered() {
      queueTrouble = undefined;
    },
    failed(error) {
      queueFailed(error);
      queueTrouble = queueErrorText(error);
    },
  });

  function moved(): void {
    movedAt = clocks.monotonicNow();
  }

  function queueFailed(error: unknown): void {
    report("queue.failed", { reason: queueErrorText(error) });
  }

  function admit(message: ReceivedMessage): void {
    const held = visibility.held(message.messageId);
    if (held !== undefined) {
      // Delivered again while it is held: from now on only the new handle deletes it.
      held.receiptHandle = message.receiptHandle;
      return;
    }
    visibility.hold(message);
    const handled = handle(message).finally(() => handling.delete(handled));
    handling.add(handled);
  }

  /** One message, from its receive until it is settled. Never rejects. */
  async function handle(message: ReceivedMessage): Promise<void> {
    const outcome = await outcomeOf(message).catch((error) => unexpected(error, message));
    visibility.release(message);
    // If SQS refuses, the message becomes visible by itself and is recognised then.
    await settle(message, outcome).catch(queueFailed);
    moved();
    intake.resume();
  }

  async function outcomeOf(message: ReceivedMessage): Promise<MessageOutcome> {
    if (state.phase === "draining") return { do: "requeue", delayMs: 0 };
    const dispatch = await deps.dispatch(message);
    switch (dispatch.do) {
      case "acknowledge":
        return DELETE;
      case "dead_letter":
        return { ...dispatch, attempts: message.receiveCount };
      case "end": {
        const { event, session } = dispatch;
        const { sessions } = deps.store.conversation(event.body.conversationId);
        for (const ended of endedWith(session, sessions.values())) executor.cancel(ended);
        return eraser.ended(event, session);
      }
      case "enrich": {
        const { event, session } = dispatch;
        const conversation = deps.store.conversation(event.body.conversationId);
        const admittedAt = clocks.monotonicNow();
        return executor.submit(newItem({ message, event, session, conversation, admittedAt }));
      }
    }
  }

  function settle(message: ReceivedMessage, outcome: MessageOutcome): Promise<void> {
    switch (outcome.do) {
      case "delete":
        return queue.delete(message);
      case "requeue":
        return queue.hide(message, outcome.delayMs);
      case "dead_letter": {
        const { failure, event } = outcome;
        const cause = { ...failedFields(failure), ...(event && aboutEvent(event)) };
        report("event.dead_lettered", { ...cause, messageId: message.messageId });
        return queue.deadLetter(message, {
          ...cause,
          ...past(message, outcome, clocks.epochNow()),
        });
      }
    }
  }

  async function drain(because: string): Promise<void> {
    const { inProgress: inHand, waiting } = executor;
    report("worker.draining", { because, inHand, waiting });
    const polling = intake.stop();
    const givenBack = await executor.drain(GRACE_MS);
    await polling;
    eraser.stop();
    while (handling.size > 0) await Promise.all(handling);
    visibility.close();
    report("worker.stopped", { givenBack });
  }

  return {
    start() {
      state = started(state);
      if (state.phase === "polling") intake.start();
    },
    load() {
      const { inProgress: inHand, waiting, oldestMs } = executor;
      return { inHand, waiting, oldestMs, movedAt, queueTrouble };
    },
    stop(because) {
      const draining = stopped(state, because, drain);
      state = draining;
      return draining.finished;
    },
  };
}

type DeadLetter = Extract<MessageOutcome, { do: "dead_letter" }>;

function unexpected(error: unknown, message: ReceivedMessage): DeadLetter {
  return { do: "dead_letter", failure: asFailure(error), attempts: message.receiveCount };
}

/** [pure] The attempts at a dead letter, and its replays before. */
function past({ sentAt, history }: ReceivedMessage, { attempts }: DeadLetter, now: EpochMs) {
  return {
    attempts,
    firstAt: history?.firstAt ?? new Date(sentAt).toISOString(),
    lastAt: new Date(now).toISOString(),
    replayed: history?.count,
    replays: history?.replays,
  };
}
