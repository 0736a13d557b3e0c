import { describe, expect, it } from "vitest";
import type { History } from "../../../src/domain/history/history.ts";
import { safeReference } from "../../../src/domain/history/safe-text.ts";
import { identityKey } from "../../../src/domain/identity/identity.ts";
import type { Rank } from "../../../src/domain/identity/rank.ts";
import { epochMs, monotonicMs } from "../../../src/domain/time.ts";
import { createConversationStore } from "../../../src/pipeline/conversation-store.ts";
import { createDispatcher } from "../../../src/pipeline/dispatcher.ts";
import { enrich } from "../../../src/pipeline/enrichment.ts";
import { createReporter } from "../../../src/pipeline/enrichment-facts.ts";
import { newItem } from "../../../src/pipeline/work-item.ts";
import { createTestClocks } from "../../support/clocks.ts";
import { sampleBody } from "../../support/events.ts";
import { FOUND } from "../../support/histories.ts";
import { options as summary } from "../../support/summary-outcomes.ts";
import { oracleFailure } from "../../support/work.ts";

const OWN = "+17275550198";
const OTHER = "+12125550142";

function person(id: string, rank: Rank = "exact"): History {
  if (FOUND.match !== "found") throw new TypeError("nobody is found");
  return { ...FOUND, rank, customer: { ...FOUND.customer, id: safeReference(id) } };
}

/** One worker's pipeline without queue and sockets; Oracle is a table by identity key. */
function pipeline(oracle: Record<string, History | Error>, contact: readonly string[] = []) {
  const asked: string[] = [];
  const writes: Readonly<Record<string, string>>[] = [];
  const clocks = createTestClocks();
  const store = createConversationStore(undefined);
  const deps = {
    calls: {
      findHistory(identity: Parameters<typeof identityKey>[0]) {
        asked.push(identityKey(identity));
        const history = oracle[identityKey(identity)] ?? { match: "not_found" as const };
        if (history instanceof Error) return Promise.reject(history);
        return Promise.resolve({ history, asOf: epochMs(1), cached: false });
      },
      findContact(id: string) {
        asked.push(id);
        return Promise.resolve({ phones: contact, emails: [] });
      },
      writeAttributes(_: unknown, attributes: Readonly<Record<string, string>>) {
        writes.push(attributes);
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
  const dispatch = createDispatcher({
    store,
    report: () => undefined,
    statusAttribute: "oracle_status",
    referenceAttribute: "customer_reference",
    agentConnected: () => undefined,
    warm: () => undefined,
    slowGenesys: () => undefined,
  });
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
    delete session.ownerMessageId;
    return settlement.kind;
  }

  return {
    asked,
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

describe("a reference that a flow collects", () => {
  const R = "reference:AC-1007";
  const collected = { customer_reference: "ac-1007" };

  it("after nobody was found, finds the customer, once", async () => {
    const one = pipeline({ [R]: person("R") });
    expect(await one.start()).toBe("handled");
    expect(await one.attributes(collected)).toBe("handled");
    // Our own write causes an event too; Genesys sends every attribute with it.
    expect(await one.attributes({ ...collected, oracle_status: "found" })).toBe(
      "reference_changes_nothing",
    );
    expect(one.written()).toEqual(["not_found", "found R reference"]);
    expect(one.asked).toEqual([`phone:${OWN}`, R]);
  });

  it("costs nothing if the number was exact", async () => {
    const one = pipeline({ [`phone:${OWN}`]: person("E"), [R]: person("R") });
    await one.start();
    expect(await one.attributes(collected)).toBe("reference_changes_nothing");
    expect(one.written()).toEqual(["found E phone:exact"]);
    expect(one.asked).toEqual([`phone:${OWN}`]);
  });

  it("replaces a customer who was found by national digits", async () => {
    const one = pipeline({ [`phone:${OWN}`]: person("N", "national"), [R]: person("R") });
    await one.start();
    await one.attributes(collected);
    expect(one.written()).toEqual(["found N phone:national", "found R reference"]);
  });

  it("that came before the start is used by the start", async () => {
    const one = pipeline({});
    expect(await one.attributes(collected)).toBe("handled");
    expect(one.written()).toEqual([]);
    await one.start();
    expect(one.asked).toEqual([R, `phone:${OWN}`, R]);
    expect(one.written()).toEqual(["not_found"]);
  });

  it("that nobody has replaces nothing, not even after a restart that forgot what was written", async () => {
    const one = pipeline({});
    expect(await one.attributes(collected)).toBe("handled");
    expect(one.written()).toEqual([]);
  });

  it("is tried again when the caller types another", async () => {
    const one = pipeline({ "reference:AC-1008": person("S") });
    await one.start();
    await one.attributes(collected);
    await one.attributes({ customer_reference: "AC-1008" });
    expect(one.written()).toEqual(["not_found", "found S reference"]);
  });

  it.each([
    ["", "recorded"],
    ["; DROP", "recorded"],
    [17, "recorded"],
    [null, "recorded"],
    ["x".repeat(41), "recorded"],
  ])("is not one: %j", async (value, expected) => {
    const one = pipeline({});
    await one.start();
    expect(await one.attributes({ customer_reference: value })).toBe(expected);
    expect(one.asked).toEqual([`phone:${OWN}`]);
  });

  it("of a session that has ended is left alone", async () => {
    const one = pipeline({ [R]: person("R") });
    await one.start();
    await one.end();
    expect(await one.attributes(collected)).toBe("conversation_ended");
  });
});

describe("the participant's own contact", () => {
  it("is looked up if nobody has the number, and again if that failed", async () => {
    const oracle: Record<string, History | Error> = { [`phone:${OTHER}`]: oracleFailure() };
    const one = pipeline(oracle, [OTHER]);
    expect(await one.start({ externalContactId: "k1" })).toBe("waiting");
    oracle[`phone:${OTHER}`] = person("C");
    expect(await one.start({ externalContactId: "k1" })).toBe("handled");
    expect(one.written()).toEqual(["found C contact"]);
  });

  it("that is named later decides between several customers", async () => {
    const several = { match: "ambiguous" } as const;
    const one = pipeline({ [`phone:${OWN}`]: several, [`phone:${OTHER}`]: person("C") }, [OTHER]);
    await one.start();
    expect(await one.contact()).toBe("handled");
    expect(await one.contact()).toBe("contact_changes_nothing");
    expect(one.written()).toEqual(["ambiguous", "found C contact"]);
  });

  it("that nobody has leaves what was written", async () => {
    const one = pipeline({ [`phone:${OWN}`]: { match: "ambiguous" } }, [OTHER]);
    await one.start();
    expect(await one.contact()).toBe("handled");
    expect(one.written()).toEqual(["ambiguous"]);
  });
});
