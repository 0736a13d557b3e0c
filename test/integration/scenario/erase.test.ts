import { expect, it } from "vitest";
import { sampleBody } from "../../support/events.ts";
import { startWorld } from "../../support/world.ts";

it("what was written about a person is erased after the customer has left", async () => {
  const { sandbox, send, fact } = await startWorld({
    environment: { SCRUB_AFTER_MINUTES: "0", AGENT_PANEL_LABELS: "summary=History" },
  });
  const start = sampleBody("customer-start-voice", { conversationId: "erased" });
  const { participantId, sessionId } = JSON.parse(start).detail.eventBody;
  sandbox.genesys.addConversation({ conversationId: "erased", participantId });
  await send(start);
  await fact("enrichment.written", "erased");
  expect(sandbox.genesys.attributesOf("erased", participantId)).toMatchObject({
    oracle_status: "found",
    oracle_summary: expect.stringContaining("open case"),
  });

  const eventTime = Date.now();
  const ids = { conversationId: "erased", participantId, sessionId, eventTime };
  await send(sampleBody("customer-end-voice", ids));
  await fact("attributes.emptied", "erased");
  const left = Object.entries(sandbox.genesys.attributesOf("erased", participantId) ?? {});
  expect(left.filter(([, value]) => value !== "").map(([name]) => name)).toEqual([
    "oracle_status",
    "oracle_as_of",
  ]);
});
