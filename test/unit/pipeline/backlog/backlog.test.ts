import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createBacklog, type Turn } from "../../../../src/pipeline/backlog/backlog.ts";
import { type QueuedItem, rankOf, ranks } from "../../../../src/pipeline/backlog/waiting.ts";

const MINUTE = 60_000;
const calm: Turn = { now: 1_000, overloaded: false, history: true, unavailable: true };
const storm: Turn = { ...calm, overloaded: true };

function waiting(messageId: string, more: Partial<QueuedItem> = {}): QueuedItem {
  return {
    messageId,
    startedAt: 0,
    mediaType: "VOICE",
    attempt: 1,
    answered: false,
    owesUnavailable: false,
    notBefore: 0,
    ...more,
  };
}

function of(...all: readonly QueuedItem[]) {
  const backlog = createBacklog();
  for (const one of all) backlog.add(one);
  return backlog;
}

/** Everybody, in the order in which they are served. */
function order(backlog: ReturnType<typeof of>, turn: Turn): string[] {
  const served: string[] = [];
  for (let next = backlog.next(turn); next !== undefined; next = backlog.next(turn)) {
    served.push(next.messageId);
  }
  return served;
}

const everyRank = [
  waiting("unavailable", { owesUnavailable: true, attempt: 2 }),
  waiting("talking", { answered: true }),
  waiting("retry", { attempt: 2 }),
  waiting("ringing"),
];

describe("who is next", () => {
  it("is who has no agent yet, then who was tried before, then who is talking, then `unavailable`", () => {
    expect(order(of(...everyRank), calm)).toEqual(["ringing", "retry", "talking", "unavailable"]);
    expect(order(of(...everyRank), storm)).toEqual(["ringing", "retry", "talking", "unavailable"]);
  });

  it("goes by arrival while there is budget for all, and by youth when there is not", () => {
    const three = [
      waiting("a", { startedAt: 20 }),
      waiting("b", { startedAt: 30 }),
      waiting("c", { startedAt: 10 }),
    ];
    expect(order(of(...three), calm)).toEqual(["a", "b", "c"]);
    expect(order(of(...three), storm)).toEqual(["b", "a", "c"]);
  });

  it("waits for the time of the next try, but `unavailable` can be told before it", () => {
    const backlog = of(
      waiting("later", { attempt: 2, notBefore: 2_000 }),
      waiting("told", { owesUnavailable: true, notBefore: 2_000 }),
    );
    expect(order(backlog, calm)).toEqual(["told"]);
    expect(order(backlog, { ...calm, now: 2_000 })).toEqual(["later"]);
  });

  it("is nobody for whom there is no budget", () => {
    const backlog = of(...everyRank);
    expect(order(backlog, { ...calm, history: false })).toEqual(["unavailable"]);
    expect(order(of(...everyRank), { ...calm, unavailable: false })).not.toContain("unavailable");
    expect(backlog.next({ ...calm, history: false, unavailable: false })).toBeUndefined();
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
    backlog.moved("first");
    backlog.moved("unknown");
    expect(order(backlog, calm)).toEqual(["second", "first"]);
  });
});

describe("who leaves", () => {
  it("at once and only once, where the customer has left", () => {
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
      waiting("hologram", { mediaType: "HOLOGRAM" }),
      waiting("email", { mediaType: "EMAIL" }),
    );
    const gone = (now: number) => backlog.expired(now).map(({ messageId }) => messageId);
    expect(gone(30 * MINUTE)).toEqual([]);
    expect(gone(30 * MINUTE + 1)).toEqual(["call", "unnamed"]);
    expect(gone(600 * MINUTE + 1)).toEqual(["chat", "hologram"]);
    expect(gone(5 * 24 * 60 * MINUTE)).toEqual([]);
    expect(gone(5 * 24 * 60 * MINUTE + 1)).toEqual(["email"]);
    expect(backlog.size).toBe(0);
  });

  it("never for a clock that goes ahead", () => {
    const backlog = of(waiting("a", { startedAt: 10 * MINUTE }));
    expect(backlog.expired(0)).toEqual([]);
  });

  it("the least useful first, where room is needed: the reverse of who is served", () => {
    const backlog = of(...everyRank, waiting("young", { startedAt: 5 }));
    const gone = Array.from({ length: 6 }, () => backlog.leastUseful()?.messageId);
    expect(gone).toEqual(["unavailable", "talking", "retry", "ringing", "young", undefined]);
  });

  it("who owes `unavailable` for a next try, when that is due", () => {
    const backlog = of(
      waiting("due", { owesUnavailable: true, notBefore: 1_000 }),
      waiting("not yet", { owesUnavailable: true, notBefore: 1_001 }),
      waiting("a retry", { attempt: 2, notBefore: 500 }),
    );
    expect(backlog.overdue(1_000).map(({ messageId }) => messageId)).toEqual(["due"]);
  });

  it("everybody, in a drain", () => {
    const backlog = of(...everyRank);
    expect(backlog.drain()).toHaveLength(4);
    expect(backlog.size).toBe(0);
  });
});

it("serves everybody exactly once and never a worse rank before a better, whoever waits", () => {
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
