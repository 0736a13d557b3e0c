import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { expect, it } from "vitest";
import { ENTRY as SOURCES } from "../../../src/sandbox/environment/worker-process.ts";
import { startWorker } from "../../support/environment.ts";
import { sampleBody } from "../../support/events.ts";
import { startWorld } from "../../support/world.ts";

const CONVERSATIONS = 40;

it("a worker that is killed loses nothing: the next one writes every conversation", async () => {
  // From its sources, as a checkout starts it.
  const world = await startWorld({ oracleLatencyMs: () => 100, entry: SOURCES });
  const { genesys, sqs, environment } = world.sandbox;
  const ids = Array.from({ length: CONVERSATIONS }, (_, index) => `killed-${index}`);
  const { participantId } = JSON.parse(sampleBody("customer-start-voice")).detail.eventBody;
  for (const [index, conversationId] of ids.entries()) {
    const ani = `tel:+1555010${String(index).padStart(4, "0")}`;
    genesys.addConversation({ conversationId, participantId });
    await world.send(sampleBody("customer-start-voice", { conversationId, ani, addressFrom: ani }));
  }
  await genesys.waitFor(({ kind }) => kind === "patch", { count: 5 });
  world.worker.kill("SIGKILL");
  expect(await world.worker.ended).toBe("SIGKILL");
  expect(ids.filter((id) => genesys.patchesOf(id).written === 0)).not.toEqual([]);

  // A killed worker's messages are visible again after 30 s: the worker's own visibility timeout.
  const next = startWorker({ ...environment, LOG_LEVEL: "debug" }, { entry: SOURCES });
  await Promise.all(ids.map((id) => genesys.nextPatch(id)));
  expect(await next.stop()).toBe(0);
  for (const id of ids) {
    expect(genesys.attributesOf(id, participantId)).toMatchObject({
      oracle_status: expect.stringMatching(/found/),
    });
    expect(genesys.patchesOf(id).written).toBeLessThanOrEqual(2);
  }
  const asked = new GetQueueAttributesCommand({
    QueueUrl: sqs.deadLetters.url,
    AttributeNames: ["ApproximateNumberOfMessages"],
  });
  const { Attributes } = await sqs.client.send(asked);
  expect(Attributes?.ApproximateNumberOfMessages).toBe("0");
});
