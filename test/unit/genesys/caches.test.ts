import { describe, expect, it } from "vitest";
import { conversationId } from "../../../src/domain/event/ids.ts";
import { Failure } from "../../../src/domain/failure.ts";
import type { ConversationCustomer } from "../../../src/domain/ports/participant-attributes.ts";
import { cacheContacts } from "../../../src/genesys/contact-cache.ts";
import { cacheCustomers } from "../../../src/genesys/customer-address.ts";
import { createTestClocks } from "../../support/clocks.ts";
import { liveCall } from "../../support/histories.ts";

const TEN_MINUTES_MS = 600_000;
const HOUR_MS = 3_600_000;
const CONVERSATION = conversationId.parse("c0ebb126-9b86-56cc-87de-74f0df554313");
const CONTACT = { phones: ["+15550199999"], emails: [] };
const CUSTOMER: ConversationCustomer = {
  addresses: { mediaType: "VOICE", ani: "tel:+15550199999" },
  contactId: undefined,
};

const failure = new Failure({
  kind: "retryable",
  code: "timeout",
  source: "genesys",
  message: "no answer",
  cure: "",
});

/** Answers one after the other, and how many of them were used. */
function answering<T>(...answers: readonly (T | Failure | undefined)[]) {
  const reads = { count: 0 };
  return {
    reads,
    find(): Promise<T | undefined> {
      const answer = answers[reads.count];
      reads.count += 1;
      return answer instanceof Failure ? Promise.reject(answer) : Promise.resolve(answer);
    },
  };
}

/** Both caches over the same answers. */
const caches = [
  [
    "contacts",
    (find: () => Promise<never>, clocks: ReturnType<typeof createTestClocks>) => {
      const cache = cacheContacts({ find }, clocks.monotonicNow);
      return () => cache.find("contact-1", liveCall());
    },
    CONTACT,
  ],
  [
    "customers",
    (find: () => Promise<never>, clocks: ReturnType<typeof createTestClocks>) => {
      const cache = cacheCustomers({ find }, clocks.monotonicNow);
      return () => cache.find(CONVERSATION, liveCall());
    },
    CUSTOMER,
  ],
] as const;

describe.each(caches)("cached %s", (_, open, value) => {
  function start(...answers: readonly (typeof value | Failure | undefined)[]) {
    const clocks = createTestClocks(2 * HOUR_MS);
    const { reads, find } = answering(...answers);
    // Each cache gets values of its own kind only.
    return { clocks, reads, find: open(find as () => Promise<never>, clocks) };
  }

  it("are read again after ten minutes, not before", async () => {
    const { clocks, reads, find } = start(value, value);
    expect(await find()).toEqual(value);
    clocks.pass(TEN_MINUTES_MS - 1);
    expect(await find()).toEqual(value);
    expect(reads.count).toBe(1);
    clocks.pass(1);
    expect(await find()).toEqual(value);
    expect(reads.count).toBe(2);
  });

  it.each([-HOUR_MS, HOUR_MS])("do not notice a wall clock that jumps by %i ms", async (ms) => {
    const { clocks, reads, find } = start(value, value);
    await find();
    clocks.correct(ms);
    clocks.pass(TEN_MINUTES_MS - 1);
    await find();
    expect(reads.count).toBe(1);
    clocks.pass(1);
    await find();
    expect(reads.count).toBe(2);
  });

  it("hold no failure", async () => {
    const { reads, find } = start(failure, value);
    await expect(find()).rejects.toBe(failure);
    expect(await find()).toEqual(value);
    expect(reads.count).toBe(2);
  });
});

describe("what Genesys does not have", () => {
  it("is remembered of a contact", async () => {
    const { reads, find } = answering<typeof CONTACT>(undefined, CONTACT);
    const cache = cacheContacts({ find }, createTestClocks().monotonicNow);
    for (const _ of [1, 2]) expect(await cache.find("contact-1", liveCall())).toBeUndefined();
    expect(reads.count).toBe(1);
  });

  it("is not remembered of a conversation, which may begin later", async () => {
    const { reads, find } = answering<ConversationCustomer>(undefined, CUSTOMER);
    const cache = cacheCustomers({ find }, createTestClocks().monotonicNow);
    expect(await cache.find(CONVERSATION, liveCall())).toBeUndefined();
    expect(await cache.find(CONVERSATION, liveCall())).toEqual(CUSTOMER);
    expect(reads.count).toBe(2);
  });
});
