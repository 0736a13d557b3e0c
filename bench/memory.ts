import { setTimeout as sleep } from "node:timers/promises";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import {
  type SandboxEnvironment,
  startSandboxEnvironment,
} from "../src/sandbox/environment/sandbox-environment.ts";
import { customerOf, eventOf, idsOf, sendAll } from "./systems/conversations.ts";
import { startSystem } from "./systems/process.ts";

/** The first half fills what the worker remembers: conversations, envelopes, histories. */
const EVENTS = 200_000;
const ROWS = 10;
/** A start, an agent and an end, two sign-ins. */
const EVENTS_OF_A_CONVERSATION = 5;
/** Agents come, and conversations end, so many conversations later. */
const LATER = 100;
const PLACES = 50;

/** Prints the worker's memory by the number of events that it has dealt with. */
export async function memory(print: (text: string) => void): Promise<void> {
  const starts = EVENTS / EVENTS_OF_A_CONVERSATION;
  const sandbox = await startSandboxEnvironment({
    oracleLatencyMs: () => 0,
    genesysLatencyMs: () => 0,
    customers: Array.from({ length: starts }, (_, index) => customerOf(index)),
  });
  sandbox.genesys.setLimit(1_000_000);
  const child = startSystem("ringahead", sandbox.environment, { places: PLACES, heap: true });
  const { client, queue } = sandbox.sqs;
  print("\n| events | written | heap after a collection, MB | resident, MB |\n|---|---|---|---|");
  try {
    for (let index = 0; index < starts; index += 1) {
      sandbox.genesys.addConversation(idsOf(index));
      const earlier = Math.max(0, index - LATER);
      const bodies = [
        eventOf(index, "customerStart", Date.now()),
        eventOf(index, "userTokens", Date.now()),
        eventOf(index, "userTokens", Date.now()),
        eventOf(earlier, "userStart", Date.now()),
        eventOf(earlier, "customerEnd", Date.now()),
      ];
      await sendAll(client, queue.url, bodies);
      if ((index + 1) % (starts / ROWS) !== 0) continue;
      await empty(sandbox);
      const [heap, resident] = [await child.heapMb(), child.memoryMb()];
      const events = (index + 1) * EVENTS_OF_A_CONVERSATION;
      print(
        `| ${events} | ${sandbox.genesys.counts.patch} | ${heap.toFixed(0)} | ${resident.toFixed(0)} |`,
      );
    }
  } finally {
    await child.stop();
    await sandbox.close();
  }
}

/** Until the worker has dealt with everything. */
async function empty({ sqs }: SandboxEnvironment): Promise<void> {
  for (let left = 1; left > 0; await sleep(20)) {
    const { Attributes = {} } = await sqs.client.send(
      new GetQueueAttributesCommand({
        QueueUrl: sqs.queue.url,
        AttributeNames: ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
      }),
    );
    left = Object.values(Attributes).reduce((sum, count) => sum + Number(count), 0);
  }
}
