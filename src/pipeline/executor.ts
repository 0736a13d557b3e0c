import { isExpired } from "../domain/conversation/age-limits.ts";
import type { Session } from "../domain/conversation/session.ts";
import type { ConversationId } from "../domain/event/ids.ts";
import type { Report } from "../observability/facts/facts.ts";
import type { Progress } from "./attempt.ts";
import { type AbortReason, DRAINED, ENDED, type Settlement, TOO_OLD } from "./attempt-result.ts";
import type { ConversationStore } from "./conversation-store.ts";
import type { EnrichmentReporter } from "./enrichment-facts.ts";
import { aboutEvent } from "./event-facts.ts";
import { DELETE, type MessageOutcome } from "./message-outcome.ts";
import { createPendingOutcomes } from "./pending-outcomes.ts";
import { type ApiCapacity, createScheduler, oldestMs } from "./scheduler.ts";
import type { WorkItem } from "./work-item.ts";
import type { WorkerClocks } from "./worker-clocks.ts";

export interface ExecutorDeps {
  /** Makes one attempt, and says what becomes of the item. Never rejects. */
  readonly enrich: (item: WorkItem, signal: AbortSignal, progress: Progress) => Promise<Settlement>;
  /** What becomes of an item that still owes `unavailable` when its next attempt is due. */
  readonly overdue: (item: WorkItem) => Settlement;
  readonly store: ConversationStore;
  readonly reporter: Pick<EnrichmentReporter, "settled">;
  readonly report: Report;
  readonly capacity: ApiCapacity;
  readonly clocks: WorkerClocks;
}

/** Makes attempts at a few work items at once; the others wait in the backlog. */
export interface Executor {
  /** Resolves when the item is settled, with what is done with its message. Never rejects. */
  submit(item: WorkItem): Promise<MessageOutcome>;
  /** Cancels what is pending for a session that has ended. */
  cancel(session: Session): void;
  /** An agent has connected: what waits for this conversation is ranked anew. */
  answered(id: ConversationId): void;
  /** Attempts in progress. */
  readonly inProgress: number;
  /** Items in the backlog. */
  readonly waiting: number;
  /** How long ago the oldest conversation in the backlog started, in ms. */
  readonly oldestMs: number;
  /**
   * Starts nothing more, requeues the backlog, and aborts after `graceMs` what is still in progress.
   * Resolves when everything is settled.
   * @returns how many messages were requeued
   */
  drain(graceMs: number): Promise<number>;
}

/** How long a message is hidden that had to leave a full backlog. At most 100 receives are enough. */
const AWAY_MS = { call: 2 * 60_000, other: 15 * 60_000 };

export function createExecutor(deps: ExecutorDeps): Executor {
  const { store, reporter, clocks } = deps;
  const outcomes = createPendingOutcomes();
  const inProgress = new Map<string, AbortController>();
  let requeued = 0;
  let draining = false;

  const scheduler = createScheduler({
    capacity: deps.capacity,
    clocks,
    attempt,
    expired: (item) => void settle(item, TOO_OLD),
    overdue: (item) => void settle(item, deps.overdue(item)),
  });

  async function attempt(item: WorkItem, progress: Progress): Promise<void> {
    const abort = new AbortController();
    inProgress.set(item.messageId, abort);
    const settlement = await deps.enrich(item, abort.signal, progress);
    inProgress.delete(item.messageId);
    void settle(item, settlement);
  }

  /** Carries out a settlement: back to the backlog, or the outcome of the message. */
  async function settle(item: WorkItem, settlement: Settlement): Promise<void> {
    reporter.settled(item, settlement);
    recordInSession(item, settlement);
    switch (settlement.kind) {
      case "handled":
      case "expired":
        store.markHandled(item.event.envelopeId);
        await release(item);
        return outcomes.resolve(item.messageId, DELETE);
      case "acknowledged":
        await release(item);
        return outcomes.resolve(item.messageId, DELETE);
      case "dead_letter": {
        await release(item);
        const { attempt: attempts, event, messageId } = item;
        const { failure } = settlement;
        return outcomes.resolve(messageId, { do: "dead_letter", failure, attempts, event });
      }
      case "waiting":
        return wait(settlement.item);
      case "requeued":
        if (settlement.because === "draining") requeued += 1;
        outcomes.resolve(item.messageId, { do: "requeue", delayMs: settlement.delayMs });
    }
  }

  function wait(item: WorkItem): Promise<void> | undefined {
    if (draining) return settle(item, DRAINED);
    const pushedOut = scheduler.add(item);
    return pushedOut && settle(pushedOut, backlogFull(pushedOut));
  }

  /** From now on another message may own this session. */
  async function release({ session, event, messageId }: WorkItem): Promise<void> {
    if (session.ownerMessageId === messageId) delete session.ownerMessageId;
    await store.share(event.body.conversationId, event.body, { release: messageId });
  }

  return {
    submit(item) {
      const outcome = outcomes.add(item.messageId);
      const tooOld = isExpired(item.startedAt, item.mediaType, clocks.eventNow());
      void (tooOld && !draining ? settle(item, TOO_OLD) : wait(item));
      if (scheduler.backlog.holds(item.messageId)) {
        const { event, attempt: number } = item;
        const waiting = scheduler.backlog.size;
        deps.report("backlog.joined", { ...aboutEvent(event), attempt: number, waiting });
      }
      return outcome;
    },
    cancel({ ownerMessageId: messageId }) {
      if (messageId === undefined) return;
      const waiting = scheduler.backlog.remove(messageId);
      if (waiting !== undefined) void settle(waiting, ENDED);
      inProgress.get(messageId)?.abort("conversation_ended" satisfies AbortReason);
    },
    answered(id) {
      for (const { ownerMessageId } of store.conversation(id).sessions.values()) {
        if (ownerMessageId !== undefined) scheduler.backlog.rerank(ownerMessageId);
      }
    },
    get inProgress() {
      return inProgress.size;
    },
    get waiting() {
      return scheduler.backlog.size;
    },
    get oldestMs() {
      return oldestMs(scheduler, clocks);
    },
    async drain(graceMs) {
      draining = true;
      for (const item of scheduler.close()) void settle(item, DRAINED);
      const timer = setTimeout(() => {
        for (const abort of inProgress.values()) abort.abort("draining" satisfies AbortReason);
      }, graceMs);
      await outcomes.all();
      clearTimeout(timer);
      return requeued;
    },
  };
}

/** Young conversations wait behind old messages in the queue: the least useful item makes room. */
function backlogFull({ mediaType }: WorkItem): Settlement {
  const delayMs = (mediaType ?? "VOICE") === "VOICE" ? AWAY_MS.call : AWAY_MS.other;
  return { kind: "requeued", delayMs, because: "backlog_full" };
}

/** What a settlement changes in what is known of the session. */
function recordInSession({ session, messageId }: WorkItem, settlement: Settlement): void {
  if (settlement.kind === "waiting" && settlement.item.state.kind === "retry") {
    session.attempts = settlement.item.attempt - 1;
  }
  if (settlement.kind !== "requeued") return;
  if (settlement.because === "retry") session.attempts = settlement.attempts;
  // Requeued instead of deleted: this copy takes over if the owner's worker dies.
  if (settlement.because === "owned_elsewhere" && session.ownerMessageId === messageId) {
    delete session.ownerMessageId;
  }
}
