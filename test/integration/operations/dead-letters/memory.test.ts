import { expect, it } from "vitest";
import { dlq, eventIds, sendMessages, startBody } from "../../../support/dead-letters.ts";
import { startQueues } from "../../../support/environment.ts";

const MESSAGES = 1_000;
const BODY_BYTES = 95_000;
/** Half of the total size of the messages. */
const HEAP_MB = 48;

it("lists and replays a queue that is larger than the heap", async () => {
  const sqs = await startQueues();
  const padding = "x".repeat(BODY_BYTES);
  for (let index = 0; index < MESSAGES; index += 10) {
    const ten = Array.from({ length: 10 }, (_, more) => ({
      body: startBody(`m${index + more}`, { padding }),
    }));
    await sendMessages(sqs, ten);
  }
  const small = { NODE_OPTIONS: `--max-old-space-size=${HEAP_MB}` };
  const listed = await dlq(sqs, ["list", "--json"], small);
  expect(listed).toMatchObject({ code: 0, err: "" });
  expect(JSON.parse(listed.out)).toMatchObject({ seen: MESSAGES, complete: true });

  const replay = ["replay", "--no-ask-genesys", "--rate", "10000", "--watch", "0", "--yes"];
  const replayed = await dlq(sqs, [...replay, "--reason", "memory"], small);
  expect(replayed.code).toBe(0);
  expect(new Set(await eventIds(sqs, sqs.queue.url)).size).toBe(MESSAGES);
  expect(await eventIds(sqs, sqs.deadLetters.url)).toEqual([]);
});
