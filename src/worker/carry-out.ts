import { failedFields, type Report } from "../facts/facts.ts";
import { asFailure, type Failure } from "../failure.ts";
import { PATIENCE_MS, Priority } from "../protection/call.ts";
import { route } from "../route/route.ts";
import { hasEnded } from "../route/session.ts";
import { aboutEvent, reportConfirmed } from "./desk.ts";
import {
  type EnrichTask,
  type EnrichTools,
  enrich,
  sayUnavailable,
  type Written,
} from "./enrich.ts";
import type { Ledger } from "./ledger.ts";
import type { CalledOff, Work } from "./work.ts";

/** How one try went. */
export type Ending =
  | { readonly kind: "done" }
  /** There was nothing to do any more, for this reason. */
  | { readonly kind: "needless"; readonly because: string }
  /** The fleet knows of an agent who is there already: others come first. */
  | { readonly kind: "yielded" }
  /** `unavailable` was said, or could not be said either: the next try is due as planned. */
  | { readonly kind: "told" }
  | { readonly kind: "failed"; readonly failure: Failure };

export interface CarryOutOptions {
  readonly tools: EnrichTools;
  readonly ledger: Ledger;
  readonly report: Report;
  readonly shadow: boolean;
}

/** How far a try has come. */
export interface Progress {
  /** The customer is looked up, and whether that cost nothing. */
  readonly lookedUp: (cached: boolean) => void;
  readonly written: () => void;
}

/** Carries out one try of an enrichment, and says how it went. It never rejects. */
export function createCarryOut(options: CarryOutOptions) {
  const { tools, ledger, report } = options;

  async function carryOut(work: Work, progress: Progress): Promise<Ending> {
    const { event, session, messageId, answered } = work;
    const task = taskOf(work, progress);
    try {
      if (work.owesUnavailable) return await tell(work, task);
      const carrier = await ledger.share(event.body.conversationId, event.body, {
        claim: messageId,
      });
      if (carrier !== undefined && carrier !== messageId) {
        return { kind: "needless", because: "another worker carries this enrichment" };
      }
      const decision = route(event, session, messageId);
      if (decision.do === "acknowledge") return { kind: "needless", because: decision.because };
      if (!answered && work.answered) return { kind: "yielded" };
      await enrich(task, tools);
      return { kind: "done" };
    } catch (error) {
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
    return {
      event,
      session,
      call: {
        signal: callOff.signal,
        priority: priorityOf(work),
        deadline: begunAt + PATIENCE_MS,
      },
      lookedUp: progress.lookedUp,
      async beforeWrite() {
        if (!ledger.shared) return;
        await ledger.share(body.conversationId, body);
        if (hasEnded(session)) callOff.abort("ended" satisfies CalledOff);
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

function priorityOf({ owesUnavailable, attempt }: Work): Priority {
  if (owesUnavailable) return Priority.spare;
  return attempt === 1 ? Priority.live : Priority.retry;
}
