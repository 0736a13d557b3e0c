import { describe, expect, it } from "vitest";
import type { DeadLetterQueue } from "../../../../src/operations/dead-letters/dead-letter-queue.ts";
import {
  type DeadLetter,
  readDeadLetter,
} from "../../../../src/operations/dead-letters/read-dead-letter.ts";
import { scan } from "../../../../src/operations/dead-letters/scan.ts";
import { startBody } from "../../../support/dead-letters.ts";

const NOW = Date.parse("2026-03-12T10:00:00Z");

function message(id: string, receiptHandle = `handle-${id}`): DeadLetter {
  return readDeadLetter({ MessageId: id, ReceiptHandle: receiptHandle, Body: startBody(id) }, NOW);
}

/** A queue that returns these batches, then what `rest` gives. */
function queueOf(
  batches: readonly (readonly DeadLetter[])[],
  rest: () => readonly DeadLetter[] = () => [],
): DeadLetterQueue {
  const left = [...batches];
  return {
    receive: () => Promise.resolve(left.shift() ?? rest()),
    requeue: () => Promise.reject(new Error("not expected")),
    delete: () => Promise.reject(new Error("not expected")),
    release: () => Promise.resolve(),
    counts: () => Promise.resolve({ visible: 0, held: 0, delayed: 0 }),
  };
}

async function scanAll(queue: DeadLetterQueue, visit: (id: string) => boolean = () => true) {
  const held = new Map<string, string>();
  const visited: string[] = [];
  const result = await scan({
    queue,
    held,
    maxHeld: 1_000,
    signal: new AbortController().signal,
    visit({ messageId }) {
      visited.push(messageId);
      return visit(messageId);
    },
  });
  return { ...result, held, visited };
}

describe("a scan", () => {
  it("visits each message once, and keeps the latest receipt handle", async () => {
    const { seen, complete, held, visited } = await scanAll(
      queueOf([[message("a"), message("b")], [message("a", "newer")]]),
    );
    expect({ seen, complete, visited }).toEqual({ seen: 2, complete: true, visited: ["a", "b"] });
    expect(held.get("a")).toBe("newer");
  });

  it("is not complete if the visitor ends it", async () => {
    const { complete, visited } = await scanAll(
      queueOf([[message("a"), message("b")]]),
      (id) => id !== "a",
    );
    expect({ complete, visited }).toEqual({ complete: false, visited: ["a"] });
  });

  it("ends if messages become visible again faster than it reaches the end", async () => {
    const { seen, complete } = await scanAll(
      queueOf([[message("a")]], () => [message("a"), message("b")]),
    );
    expect({ seen, complete }).toEqual({ seen: 2, complete: false });
  });
});
