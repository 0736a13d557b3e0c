import { expect, it } from "vitest";
import { sampleBody } from "../../support/events.ts";
import { startWorld } from "../../support/world.ts";

it("headline values are written for Genesys Cloud's own interaction details, in the same PATCH", async () => {
  const world = await startWorld({
    environment: {
      AGENT_PANEL_LABELS: "summary=Oracle CX,open_cases=Open cases,case_url=Case,as_of=As of",
      ORACLE_CASE_URL_TEMPLATE: "https://crm.example.com/cases/{caseNumber}",
    },
  });
  const body = sampleBody("customer-start-voice");
  const ids = JSON.parse(body).detail.eventBody;
  world.sandbox.genesys.addConversation(ids);
  await world.send(body);
  const { written } = await world.sandbox.genesys.nextPatch(ids.conversationId);
  const key = (label: string) => `conversationDetails.participantData.${label}`;
  expect(written).toMatchObject({
    oracle_status: "found",
    [key("Oracle CX")]: written?.oracle_summary,
    [key("Open cases")]: `integer:${written?.oracle_open_cases}`,
    [key("Case")]: "https://crm.example.com/cases/260312-000042",
    [key("As of")]: `datetime:${written?.oracle_as_of}`,
  });
  expect(Object.keys(written ?? {}).filter((name) => !name.startsWith("oracle_"))).toHaveLength(4);
  await world.fact("enrichment.written", ids.conversationId);
  expect(world.sandbox.genesys.patchesOf(ids.conversationId).arrived).toBe(1);
});
