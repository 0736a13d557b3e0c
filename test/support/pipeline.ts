import type { History } from "../../src/domain/history/history.ts";
import { safeReference } from "../../src/domain/history/safe-text.ts";
import { identityKey } from "../../src/domain/identity/identity.ts";
import type { Rank } from "../../src/domain/identity/rank.ts";
import { epochMs, monotonicMs } from "../../src/domain/time.ts";
import { createConversationStore } from "../../src/pipeline/conversation-store.ts";
import { createDispatcher } from "../../src/pipeline/dispatcher.ts";
import { enrich } from "../../src/pipeline/enrichment.ts";
import { createReporter } from "../../src/pipeline/enrichment-facts.ts";
import { newItem, type WorkItem } from "../../src/pipeline/work-item.ts";
import { createTestClocks } from "./clocks.ts";
import { sampleBody } from "./events.ts";
import { FOUND } from "./histories.ts";
import { options as summary } from "./summary-outcomes.ts";

export const OWN = "+17275550198";
export const OTHER = "+12125550142";

/** Somebody whom Oracle finds. */
export function person(id: string, rank: Rank = "exact"): History {
  if (FOUND.match !== "found") throw new TypeError("nobody is found");
  return { ...FOUND, rank, customer: { ...FOUND.customer, id: safeReference(id) } };
}

/** One worker's pipeline without queue and sockets; Oracle is a table by identity key. */
export function pipeline(oracle: Record<string, History | Error>, contact: readonly string[] = []) {
  const meanwhile = new Map<string, () => Promise<unknown>>();
  const asked: string[] = [];
  const writes: (Readonly<Record<string, string>> & { readonly to: string })[] = [];
  const clocks = createTestClocks();
  const store = createConversationStore(undefined);
  const deps = {
    calls: {
      async findHistory(identity: Parameters<typeof identityKey>[0]) {
        const key = identityKey(identity);
        asked.push(key);
        const happens = meanwhile.get(key);
        meanwhile.delete(key);
        await happens?.();
        const history = oracle[key] ?? { match: "not_found" as const };
        if (history instanceof Error) throw history;
        return { history, asOf: epochMs(1), cached: false };
      },
      findContact(id: string) {
        asked.push(id);
        return Promise.resolve({ phones: contact, emails: [] });
      },
      writeAttributes(
        { participantId }: { readonly participantId: string },
        attributes: Readonly<Record<string, string>>,
      ) {
        writes.push({ ...attributes, to: participantId });
        clocks.pass(1);
        return Promise.resolve();
      },
    },
    store,
    summary,
    defaultRegion: "US" as const,
    clocks: { ...clocks, eventNow: clocks.epochNow },
    random: () => 0,
    reporter: createReporter({
      report: () => undefined,
      shadow: false,
      clocks: { eventNow: clocks.epochNow },
    }),
  };
  const facts: string[] = [];
  const dispatch = createDispatcher({
    store,
    report: (fact) => facts.push(fact),
    attributePrefix: "oracle_",
    referenceAttribute: "customer_reference",
    agentConnected: () => undefined,
    warm: () => undefined,
    slowGenesys: () => undefined,
  });
  let waiting: WorkItem | undefined;
  const progress = { lookedUp: () => undefined, written: () => undefined, othersWait: () => false };

  /** Receives a message and works on it. @returns what became of it */
  async function receive(name: string, change: Readonly<Record<string, unknown>>): Promise<string> {
    const body = sampleBody(name, { conversationId: "c1", participantId: "p1", ...change });
    const messageId = crypto.randomUUID();
    const sentAt = clocks.epochNow();
    const message = { messageId, body, receiptHandle: "r", sentAt, receiveCount: 1 };
    const dispatched = await dispatch(message);
    if (dispatched.do === "acknowledge") return dispatched.because;
    if (dispatched.do !== "enrich") return dispatched.do;
    const { event, session } = dispatched;
    const conversation = store.conversation(event.body.conversationId);
    const admittedAt = monotonicMs(0);
    const item = newItem({ message, event, session, conversation, admittedAt });
    const settlement = await enrich(item, new AbortController().signal, progress, deps);
    if (settlement.kind === "waiting") waiting = settlement.item;
    if (session.ownerMessageId === messageId) delete session.ownerMessageId;
    return settlement.kind === "acknowledged" ? settlement.because : settlement.kind;
  }

  return {
    asked,
    /** What the dispatcher reported. */
    facts,
    oracle,
    receive,
    /** Whether the last item that waits owes `unavailable`. */
    owing: () => waiting?.state.kind === "owes_unavailable",
    /** Its turn comes. */
    async unavailable() {
      if (waiting === undefined) throw new TypeError("nothing waits");
      await enrich(waiting, new AbortController().signal, progress, deps);
    },
    /** Something that happens while Oracle looks a key up, once. */
    during(key: string, happens: () => Promise<unknown>) {
      meanwhile.set(key, happens);
    },
    /** The participants that were written to. */
    writtenTo: () => writes.map(({ to }) => to),
    /** Status, customer and key of each write. */
    written: () =>
      writes.map((one) =>
        [one.oracle_status, one.oracle_customer_id, one.oracle_matched_by]
          .filter(Boolean)
          .join(" "),
      ),
    start: (change = {}) =>
      receive("customer-start-voice", {
        sessionId: "s1",
        ani: `tel:${OWN}`,
        addressFrom: `tel:${OWN}`,
        ...change,
      }),
    contact: () => receive("contact-message-web", { sessionId: "s1", externalContactId: "k1" }),
    attributes: (attributes: Readonly<Record<string, unknown>>) =>
      receive("attributes-voice", {
        attributes,
        communications: [{ id: "s1", mediaType: "VOICE" }],
      }),
    end: () => receive("customer-end-voice", { sessionId: "s1", eventTime: Date.now() + 60_000 }),
  };
}
