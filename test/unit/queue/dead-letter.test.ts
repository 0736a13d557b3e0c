import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type DeadLetterReason,
  encodeDeadLetter,
  encodeHistory,
  HISTORY_ATTRIBUTE,
  REASON_ATTRIBUTE,
  type Replay,
  readHistory,
  readReason,
  replayedOnce,
} from "../../../src/queue/dead-letter.ts";

const reason: DeadLetterReason = {
  code: "bad_request",
  kind: "permanent",
  source: "genesys",
  reason: "PATCH /api/v2/conversations/{id}/participants/{id}/attributes answered 400",
  cure: "Look at the event.",
  status: 400,
  attempts: 1,
  firstAt: "2026-03-12T10:00:00.000Z",
  lastAt: "2026-03-12T10:00:05.000Z",
  conversationId: "c0ebb126-9b86-56cc-87de-74f0df554313",
  topic: "v2.detail.events.conversation.{id}.customer.start",
  replayed: 2,
  replays: [
    { run: "a1", at: "2026-03-12T11:00:00.000Z", code: "bad_request" },
    { run: "b2", at: "2026-03-12T12:00:00.000Z", code: "bad_request" },
  ],
};
const attribute = (name: string, StringValue: string) => ({
  [name]: { DataType: "String", StringValue },
});
const read = (json: string) => readReason(attribute(REASON_ATTRIBUTE, json));

describe("a dead letter is encoded", () => {
  it("and loses its history first, then its texts, then its ids", () => {
    const whole = JSON.stringify(reason).length + 64;
    const kept = (room: number) =>
      Object.keys(JSON.parse(encodeDeadLetter("", reason, room).reason));
    expect(kept(whole)).toContain("replays");
    expect(kept(whole - 1)).not.toContain("replays");
    expect(kept(whole - 1)).toContain("cure");
    expect(kept(450)).not.toContain("cure");
    expect(kept(450)).toContain("conversationId");
    expect(kept(260)).toEqual([
      "code",
      "kind",
      "source",
      "attempts",
      "firstAt",
      "lastAt",
      "replayed",
    ]);
  });

  it("whatever the body", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 2000 }), fc.nat(1500), (body, more) => {
        const largest = 300 + more;
        const message = encodeDeadLetter(body, reason, largest);
        const bytes = Buffer.byteLength(message.body) + Buffer.byteLength(message.reason);
        const found = read(message.reason);
        expect(bytes + 32).toBeLessThanOrEqual(largest);
        expect(found).toMatchObject({ code: "bad_request", replayed: 2 });
        if (typeof found === "object" && found.bodyCutFrom === undefined) {
          expect(message.body).toBe(body);
        } else {
          expect(body.startsWith(message.body)).toBe(true);
        }
      }),
    );
  });

  it("in characters that SQS accepts", () => {
    const odd = { ...reason, correlationId: "a\uFFFFb\u0000c\uD800" };
    const { reason: json } = encodeDeadLetter("", odd, 10_000);
    expect(json).toMatch(/^[\t\n\r\u0020-\uD7FF\uE000-\uFFFD]*$/);
    expect(read(json)).toMatchObject({ correlationId: odd.correlationId });
  });
});

describe("the reason of a dead letter", () => {
  it("may be missing, or not ours", () => {
    expect(readReason(undefined)).toBeUndefined();
    expect(readReason(attribute("other", "x"))).toBeUndefined();
    for (const bad of ["", "{", "null", "[]", '{"code":"<b>"}', '{"code":"bad_event"}']) {
      expect(read(bad)).toBe("unreadable");
    }
    const binary = { DataType: "Binary", BinaryValue: new Uint8Array([1, 2]) };
    expect(readReason({ [REASON_ATTRIBUTE]: binary })).toBe("unreadable");
  });

  it("keeps codes that this version does not know", () => {
    expect(read(JSON.stringify({ ...reason, code: "of_a_later_version" }))).toMatchObject({
      code: "of_a_later_version",
    });
  });
});

describe("the history of replays", () => {
  const replay: Replay = { run: "c3", at: "2026-03-12T13:00:00.000Z", code: "timeout" };
  const history = replayedOnce(reason, reason.firstAt, replay);

  it("grows by one, is bounded, and is read as it was written", () => {
    expect(history).toMatchObject({ count: 3, firstAt: reason.firstAt });
    expect(history.replays.map(({ run }) => run)).toEqual(["a1", "b2", "c3"]);
    const json = encodeHistory("body", history, 1_000) ?? "";
    expect(readHistory(attribute(HISTORY_ATTRIBUTE, json), 0)).toEqual(history);
    let long = history;
    for (let turn = 0; turn < 30; turn += 1) {
      long = replayedOnce({ replayed: long.count, replays: long.replays }, long.firstAt, replay);
    }
    expect(long).toMatchObject({ count: 33 });
    expect(long.replays).toHaveLength(10);
  });

  it("keeps its count if nothing else fits, and is undefined if not even that fits", () => {
    expect(encodeHistory("x".repeat(800), history, 1_000)).toBe(
      JSON.stringify({ count: 3, firstAt: reason.firstAt, replays: [] }),
    );
    expect(encodeHistory("x".repeat(990), history, 1_000)).toBeUndefined();
  });

  it("counts a redrive by SQS itself as a replay", () => {
    const found = readHistory(
      attribute(REASON_ATTRIBUTE, JSON.stringify(reason)),
      1_800_000_000_000,
    );
    expect(found).toMatchObject({ count: 3, firstAt: reason.firstAt });
    expect(found?.replays.at(-1)).toEqual({
      run: "native",
      at: "2027-01-15T08:00:00.000Z",
      code: "bad_request",
    });
  });

  it("is undefined if the message was no dead letter, or its attribute is not ours", () => {
    expect(readHistory(undefined, 0)).toBeUndefined();
    expect(readHistory(attribute(HISTORY_ATTRIBUTE, "{}"), 0)).toBeUndefined();
    expect(readHistory(attribute(REASON_ATTRIBUTE, "x"), 0)).toBeUndefined();
  });
});
