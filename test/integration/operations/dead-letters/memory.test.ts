import { expect, it } from "vitest";
import { dlq, eventIds, plant, startBody } from "../../../support/dead-letters.ts";
import { startQueues } from "../../../support/environment.ts";

const LETTERS = 1_000;
const LETTER_BYTES = 95_000;
/** Half of what the letters take together. */
const HEAP_MB = 48;

it("a queue far larger than the memory is listed and replayed", async () => {
  const sqs = await startQueues();
  const padding = "x".repeat(LETTER_BYTES);
  for (let index = 0; index < LETTERS; index += 10) {
    const ten = Array.from({ length: 10 }, (_, more) => ({
      body: startBody(`m${index + more}`, { padding }),
    }));
    await plant(sqs, ten);
  }
  const small = { NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` };
  const listed = await dlq(sqs, ["list", "--json"], small);
  expect(listed).toMatchObject({ code: 0, err: "" });
  expect(JSON.parse(listed.out)).toMatchObject({ seen: LETTERS, complete: true });

  const replay = ["replay", "--no-ask-genesys", "--rate", "10000", "--watch", "0", "--yes"];
  const replayed = await dlq(sqs, [...replay, "--reason", "memory"], small);
  expect(replayed.code).toBe(0);
  expect(new Set(await eventIds(sqs, sqs.queue.url)).size).toBe(LETTERS);
  expect(await eventIds(sqs, sqs.deadLetters.url)).toEqual([]);
});
