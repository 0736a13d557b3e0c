import { CALL_DEADLINE_MS, Priority } from "../domain/call.ts";
import type { AcknowledgeReason } from "../domain/conversation/acknowledge-reason.ts";
import { route } from "../domain/conversation/route.ts";
import { hasEnded } from "../domain/conversation/session.ts";
import { asFailure, type Failure } from "../domain/failure.ts";
import type { Attributes } from "../domain/summary/summarise.ts";
import { failedFields, type Report } from "../observability/facts/facts.ts";
import type { ConversationStore } from "./conversation-store.ts";
import { aboutEvent, reportConfirmed } from "./dispatcher.ts";
import {
  type EnrichTask,
  type EnrichTools,
  enrich,
  sayUnavailable,
  type Written,
} from "./enrich.ts";
import type { CalledOff, Work } from "./work-item.ts";

/** How one try went. */
export type Ending =
  | { readonly kind: "done" }
  /** There was nothing to do any more, for this reason. */
  | { readonly kind: "needless"; readonly because: AcknowledgeReason }
  /** Another message carries it, in the hands of another worker that may yet be killed. */
  | { readonly kind: "elsewhere" }
  /** Its agent is there, and others wait who have none yet: they come first. */
  | { readonly kind: "yielded" }
  /** `unavailable` was said, or could not be said either: the next try is due as planned. */
  | { readonly kind: "told" }
  | { readonly kind: "failed"; readonly failure: Failure };

export interface CarryOutOptions {
  readonly tools: EnrichTools;
  readonly ledger: ConversationStore;
  readonly report: Report;
  readonly shadow: boolean;
  /** By the clock of events, which may not be the machine's. */
  readonly eventNow: () => number;
}

/** How far a try has come. */
export interface Progress {
  /** The customer is looked up, and whether that cost nothing. */
  readonly lookedUp: (cached: boolean) => void;
  readonly written: () => void;
  /** Whether anybody waits who has no agent yet. */
  readonly othersWait: () => boolean;
}

/** Ends a try just before its write. What it has looked up is kept for the next one, in the cache. */
const YIELDED = Symbol("yielded");

/** Carries out one try of an enrichment, and says how it went. It never rejects. */
export function createCarryOut(options: CarryOutOptions) {
  const { tools, ledger, report } = options;

  async function carryOut(work: Work, progress: Progress): Promise<Ending> {
    const { event, session, messageId, attempt, admittedAt } = work;
    const task = taskOf(work, progress);
    const waitedMs = tools.now() - admittedAt;
    if (!work.owesUnavailable) {
      report("enrichment.begun", { ...aboutEvent(event), attempt, waitedMs });
    }
    try {
      if (work.owesUnavailable) return await tell(work, task);
      const carrier = await ledger.share(event.body.conversationId, event.body, {
        claim: messageId,
      });
      if (carrier !== undefined && carrier !== messageId) {
        return { kind: "elsewhere" };
      }
      const decision = route(event, session, messageId);
      if (decision.do === "acknowledge") return { kind: "needless", because: decision.because };
      await enrich(task, tools);
      return { kind: "done" };
    } catch (error) {
      if (error === YIELDED) return { kind: "yielded" };
      return { kind: "failed", failure: asFailure(error) };
    }
  }

  async function tell(work: Work, task: EnrichTask): Promise<Ending> {
    const because = work.failed?.failure;
    if (because === undefined) return { kind: "told" };
    try {
      await sayUnavailable(task, tools, because);
    } catch (error) {
      if (work.callOff.signal.aborted) return { kind: "failed", failure: asFailure(error) };
      const failed = failedFields(asFailure(error));
      report("unavailable.failed", { ...aboutEvent(work.event), ...failed });
    }
    return { kind: "told" };
  }

  function taskOf(work: Work, progress: Progress): EnrichTask {
    const begunAt = tools.now();
    const { event, session, callOff } = work;
    const { body } = event;
    const about = aboutEvent(event);
    return {
      event,
      session,
      call: {
        signal: callOff.signal,
        priority: priorityOf(work),
        deadline: begunAt + CALL_DEADLINE_MS,
        about,
      },
      identified: (identified) => report("identity.tried", { ...about, ...identified }),
      found: (found) => report("customer.looked_up", { ...about, ...found }),
      lookedUp: progress.lookedUp,
      async beforeWrite() {
        if (ledger.shared) await ledger.share(body.conversationId, body);
        if (hasEnded(session)) callOff.abort("ended" satisfies CalledOff);
        if (work.answered && !work.owesUnavailable && progress.othersWait()) throw YIELDED;
      },
      async written(written) {
        progress.written();
        reportWritten(work, written, begunAt);
        await ledger.share(body.conversationId, body);
      },
    };
  }

  function reportWritten(work: Work, written: Written, begunAt: number): void {
    const { event, attempt, admittedAt, session, conversation } = work;
    const { attributes, ...fields } = written;
    const { at: now } = written;
    const fact = {
      ...aboutEvent(event),
      participantId: event.body.participantId,
      mediaType: event.body.mediaType ?? "UNKNOWN",
      attempt,
      sinceEventMs: options.eventNow() - event.happenedAt,
      waitedMs: begunAt - admittedAt,
      ...fields,
    };
    if (options.shadow) report("enrichment.shadowed", { ...fact, attributes: sizesOf(attributes) });
    else report("enrichment.written", fact);
    if (session.confirmedAt !== undefined) {
      reportConfirmed(report, event, session.confirmedAt - now);
      delete session.confirmedAt;
    }
    const { agentAt } = conversation;
    if (agentAt !== undefined && written.status !== "unavailable") {
      report("headstart.measured", { ...aboutEvent(event), headStartMs: agentAt - now });
    }
  }

  return carryOut;
}

/** Values are the customer's: how long each is can be told. */
function sizesOf(attributes: Attributes): Record<string, number> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, value.length]),
  );
}

function priorityOf({ owesUnavailable, attempt }: Work): Priority {
  if (owesUnavailable) return Priority.spare;
  return attempt === 1 ? Priority.live : Priority.retry;
}
