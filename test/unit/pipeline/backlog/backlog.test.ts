import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { epochMs, monotonicMs } from "../../../../src/domain/time.ts";
import { createBacklog, type Turn } from "../../../../src/pipeline/backlog/backlog.ts";
import { type QueuedItem, rankOf, ranks } from "../../../../src/pipeline/backlog/queued-item.ts";

const MINUTE = 60_000;
const calm: Turn = {
  now: monotonicMs(1_000),
  overloaded: false,
  attempt: true,
  unavailable: true,
};
const storm: Turn = { ...calm, overloaded: true };

interface Changes {
  readonly startedAt?: number;
  readonly mediaType?: string | undefined;
  readonly attempt?: number;
  readonly answered?: boolean;
  readonly owesUnavailable?: boolean;
  readonly notBefore?: number;
}

function waiting(messageId: string, changes: Changes = {}): QueuedItem {
  const { startedAt = 0, attempt = 1, answered = false, owesUnavailable, notBefore } = changes;
  const kind = owesUnavailable ? "owes_unavailable" : "retry";
  return {
    messageId,
    startedAt: epochMs(startedAt),
    mediaType: "mediaType" in changes ? changes.mediaType : "VOICE",
    attempt,
    answered,
    state:
      owesUnavailable || notBefore !== undefined
        ? { kind, notBefore: monotonicMs(notBefore ?? 0) }
        : { kind: "new" },
  };
}

function of(...all: readonly QueuedItem[]) {
  const backlog = createBacklog();
  for (const one of all) backlog.add(one);
  return backlog;
}

/** All items, in the order in which they are taken. */
function order(backlog: ReturnType<typeof of>, turn: Turn): string[] {
  const served: string[] = [];
  for (let next = backlog.next(turn); next !== undefined; next = backlog.next(turn)) {
    served.push(next.messageId);
  }
  return served;
}

const everyRank = [
  waiting("unavailable", { owesUnavailable: true, attempt: 2 }),
  waiting("answered", { answered: true }),
  waiting("retry", { attempt: 2 }),
  waiting("unanswered"),
];

describe("the next item", () => {
  it("is an unanswered conversation, then a retry, then an answered one, then `unavailable`", () => {
    expect(order(of(...everyRank), calm)).toEqual([
      "unanswered",
      "retry",
      "answered",
      "unavailable",
    ]);
    expect(order(of(...everyRank), storm)).toEqual([
      "unanswered",
      "retry",
      "answered",
      "unavailable",
    ]);
  });

  it("goes by arrival while there is budget for all, youngest first if there is not", () => {
    const three = [
      waiting("a", { startedAt: 20 }),
      waiting("b", { startedAt: 30 }),
      waiting("c", { startedAt: 10 }),
    ];
    expect(order(of(...three), calm)).toEqual(["a", "b", "c"]);
    expect(order(of(...three), storm)).toEqual(["b", "a", "c"]);
  });

  it("waits for the time of the next attempt, but `unavailable` may be written before it", () => {
    const backlog = of(
      waiting("later", { attempt: 2, notBefore: 2_000 }),
      waiting("owing", { owesUnavailable: true, notBefore: 2_000 }),
    );
    expect(order(backlog, calm)).toEqual(["owing"]);
    expect(order(backlog, { ...calm, now: monotonicMs(2_000) })).toEqual(["later"]);
  });

  it("is nothing that has no budget", () => {
    const backlog = of(...everyRank);
    expect(order(backlog, { ...calm, attempt: false })).toEqual(["unavailable"]);
    expect(order(of(...everyRank), { ...calm, unavailable: false })).not.toContain("unavailable");
    expect(backlog.next({ ...calm, attempt: false, unavailable: false })).toBeUndefined();
  });

  it("changes when an agent answers while the conversation waits", () => {
    let answered = false;
    const first = {
      ...waiting("first"),
      get answered() {
        return answered;
      },
    };
    const backlog = createBacklog();
    backlog.add(first);
    backlog.add(waiting("second"));
    answered = true;
    backlog.rerank("first");
    backlog.rerank("unknown");
    expect(order(backlog, calm)).toEqual(["second", "first"]);
  });
});

describe("an item that leaves", () => {
  it("at once and only once, if the customer has left", () => {
    const backlog = of(waiting("a"), waiting("b", { attempt: 3 }));
    expect(backlog.remove("b")?.messageId).toBe("b");
    expect(backlog.remove("b")).toBeUndefined();
    expect(backlog.size).toBe(1);
  });

  it("by age: calls after half an hour, emails after five days, the rest after ten hours", () => {
    const backlog = of(
      waiting("call"),
      waiting("unnamed", { mediaType: undefined }),
      waiting("chat", { mediaType: "CHAT" }),
      waiting("unknown", { mediaType: "HOLOGRAM" }),
      waiting("email", { mediaType: "EMAIL" }),
    );
    const gone = (now: number) => backlog.expired(epochMs(now)).map(({ messageId }) => messageId);
    expect(gone(30 * MINUTE)).toEqual([]);
    expect(gone(30 * MINUTE + 1)).toEqual(["call", "unnamed"]);
    expect(gone(600 * MINUTE + 1)).toEqual(["chat", "unknown"]);
    expect(gone(5 * 24 * 60 * MINUTE)).toEqual([]);
    expect(gone(5 * 24 * 60 * MINUTE + 1)).toEqual(["email"]);
    expect(backlog.size).toBe(0);
  });

  it("never because a clock is ahead", () => {
    const backlog = of(waiting("a", { startedAt: 10 * MINUTE }));
    expect(backlog.expired(epochMs(0))).toEqual([]);
  });

  it("the least useful first, if room is needed: the reverse of the priority order", () => {
    const backlog = of(...everyRank, waiting("young", { startedAt: 5 }));
    const gone = Array.from({ length: 6 }, () => backlog.leastUseful()?.messageId);
    expect(gone).toEqual(["unavailable", "answered", "retry", "unanswered", "young", undefined]);
  });

  it("that owes `unavailable`, when its next attempt is due", () => {
    const backlog = of(
      waiting("due", { owesUnavailable: true, notBefore: 1_000 }),
      waiting("not yet", { owesUnavailable: true, notBefore: 1_001 }),
      waiting("a retry", { attempt: 2, notBefore: 500 }),
    );
    expect(backlog.overdue(monotonicMs(1_000)).map(({ messageId }) => messageId)).toEqual(["due"]);
  });

  it("everything, in a drain", () => {
    const backlog = of(...everyRank);
    expect(backlog.drain()).toHaveLength(4);
    expect(backlog.size).toBe(0);
  });
});

it("takes every item exactly once and never a lower rank before a higher one", () => {
  const anybody = fc.record({
    startedAt: fc.integer({ min: 0, max: 100 }),
    attempt: fc.integer({ min: 1, max: 3 }),
    answered: fc.boolean(),
    owesUnavailable: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(anybody, { maxLength: 50 }), fc.boolean(), (all, overloaded) => {
      const backlog = of(...all.map((one, index) => waiting(String(index), one)));
      const known = new Map(all.map((one, index) => [String(index), waiting(String(index), one)]));
      const served = order(backlog, { ...calm, overloaded });
      expect(served.toSorted()).toEqual([...known.keys()].toSorted());
      const places = served.map((id) => {
        const one = known.get(id);
        return one === undefined ? -1 : ranks.indexOf(rankOf(one));
      });
      expect(places).toEqual(places.toSorted((a, b) => a - b));
    }),
  );
});
