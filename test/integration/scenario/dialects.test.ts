import { expect, it } from "vitest";
import { startWorld, type World } from "../../support/world.ts";

/** What one conversation of Ada's costs Oracle, by dialect: `docs/reference/oracle.md`, "Requests". */
const REQUESTS = {
  gateway: { search: 1, cases: 1, other: 0 },
  b2c: { search: 1, cases: 0, other: 0 },
  fusion: { search: 1, cases: 1, other: 0 },
};

async function call(world: World, conversationId: string) {
  const ids = { conversationId, participantId: "customer", sessionId: conversationId };
  world.sandbox.genesys.addConversation(ids);
  const start = { ...ids, eventTime: Date.now(), mediaType: "VOICE", direction: "INBOUND" };
  await world.sandbox.publish("customerStart", { ...start, ani: "tel:+15550199999" });
  await world.sandbox.genesys.nextPatch(conversationId);
  return world.sandbox.genesys.attributesOf(conversationId, "customer");
}

it.each(["gateway", "b2c", "fusion"] as const)(
  "%s: a conversation costs what docs/reference/oracle.md says, a repeat caller nothing",
  async (dialect) => {
    const world = await startWorld({ dialect });
    expect(await world.fact("worker.started")).toMatchObject({ dialect });
    const attributes = await call(world, "first");
    expect(attributes).toMatchObject({
      oracle_status: "found",
      oracle_open_cases: "2",
      oracle_account: "Analytical Engines Ltd",
      oracle_last_case: expect.stringContaining('260312-000042 "Printer on fire", active'),
    });
    expect(attributes?.oracle_customer_name).toBe("");
    expect(world.sandbox.oracle.counts).toEqual({ token: 1, ...REQUESTS[dialect] });
    await call(world, "again");
    expect(world.sandbox.oracle.counts).toEqual({ token: 1, ...REQUESTS[dialect] });
    expect(await world.worker.stop()).toBe(0);
    // The worker logs at its loudest here.
    expect(JSON.stringify(world.worker.log)).not.toMatch(/5550199999|Ada|Printer|SELECT/);
    expect(world.worker.errors).toBe("");
  },
);
