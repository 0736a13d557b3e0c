import { describe, expect, it } from "vitest";
import {
  type DeadLetter,
  readDeadLetter,
} from "../../../../src/operations/dead-letters/read-dead-letter.ts";
import {
  createSelection,
  type SelectionOptions,
} from "../../../../src/operations/dead-letters/selection.ts";
import { startBody } from "../../../support/dead-letters.ts";

const RUN = "ab12";

function message(id: string, replayedBy?: string): DeadLetter {
  const at = "2026-03-12T10:00:00.000Z";
  const history = { count: 1, firstAt: at, replays: [{ run: replayedBy, at, code: "timeout" }] };
  const attributes =
    replayedBy === undefined
      ? {}
      : { replays: { DataType: "String", StringValue: JSON.stringify(history) } };
  return readDeadLetter(
    {
      MessageId: id,
      ReceiptHandle: `new-${id}`,
      Body: startBody(id),
      MessageAttributes: attributes,
    },
    Date.parse(at),
  );
}

function selectionOf(
  ids: readonly string[],
  { isSelected, heldIds = [] }: Partial<SelectionOptions> & { heldIds?: readonly string[] } = {},
) {
  const released: string[] = [];
  const selected = new Map(ids.map((id) => [id, `old-${id}`]));
  const held = new Map(heldIds.map((id) => [id, `old-${id}`]));
  const selection = createSelection({
    session: {
      queue: {
        receive: () => Promise.resolve([]),
        requeue: () => Promise.resolve(),
        delete: () => Promise.resolve(),
        release: ({ receiptHandle }) => {
          released.push(receiptHandle);
          return Promise.resolve();
        },
        counts: () => Promise.resolve({ visible: 0, held: 0, delayed: 0 }),
      },
      selected,
      held,
      signal: new AbortController().signal,
    },
    isSelected,
    run: RUN,
  });
  const take = (...messages: readonly DeadLetter[]) =>
    selection.take(messages).map(({ messageId }) => messageId);
  return { selection, take, released, selected, held };
}

describe("a selection", () => {
  it("releases ten messages at a time, and takes them when they come again", async () => {
    const ids = Array.from({ length: 12 }, (_, index) => `m${index}`);
    const { selection, take, released, held } = selectionOf(ids);
    await selection.releaseNext();
    expect(released).toHaveLength(10);
    await selection.releaseNext();
    expect(released).toHaveLength(10);
    expect(take(message("m0"))).toEqual(["m0"]);
    expect(held.get("m0")).toBe("new-m0");
    await selection.releaseNext();
    expect(released).toHaveLength(11);
    expect(selection.hasMore).toBe(true);
  });

  it("does not process a held message that becomes visible again", () => {
    const { take, held } = selectionOf([], { heldIds: ["other"] });
    expect(take(message("other"))).toEqual([]);
    expect(held.get("other")).toBe("new-other");
  });

  it("counts a replayed message of this run that came straight back", () => {
    const { selection, take } = selectionOf(["m"], { isSelected: () => true });
    expect(take(message("back", RUN))).toEqual([]);
    expect(take(message("earlier", "other-run"))).toEqual(["earlier"]);
    expect(selection.cameBack).toBe(1);
  });

  it("processes a new message in place of a selected one, never one more", () => {
    const { take, selected, held } = selectionOf(["m"], { isSelected: () => true });
    expect(take(message("new"))).toEqual(["new"]);
    expect([...selected.keys()]).toEqual([]);
    expect(held.get("m")).toBe("old-m");
    expect(take(message("another"))).toEqual([]);
  });

  it("holds a new message if the scan saw the whole queue", () => {
    const { take, held } = selectionOf(["m"]);
    expect(take(message("new"))).toEqual([]);
    expect(held.has("new")).toBe(true);
  });

  it("counts released messages as missing after three empty receives", async () => {
    const { selection, take } = selectionOf(["m"]);
    await selection.releaseNext();
    for (let poll = 0; poll < 2; poll += 1) take();
    expect(selection).toMatchObject({ missing: 0, hasMore: true });
    take();
    expect(selection).toMatchObject({ missing: 1, hasMore: false });
  });
});
