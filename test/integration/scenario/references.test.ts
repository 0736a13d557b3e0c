import { expect, it } from "vitest";
import { startWorld } from "../../support/world.ts";

/** A number that no sample customer has. */
const UNKNOWN = "tel:+13055550147";

/** A case number of Ada's as a caller may type it, and the requests that finding her by it costs. */
const TYPED = {
  gateway: { reference: "260312-000042", costs: { search: 1, cases: 1 } },
  // A telephone has no dash.
  b2c: { reference: "260312000042", costs: { search: 1, cases: 1 } },
  fusion: { reference: "260312-000042", costs: { search: 2, cases: 2 } },
} as const;

it.each(["gateway", "b2c", "fusion"] as const)(
  "%s: a case number that the caller typed finds whom the number does not",
  async (dialect) => {
    const world = await startWorld({ dialect });
    const { genesys, oracle, publish } = world.sandbox;
    const ids = { conversationId: "typed", participantId: "customer" };
    genesys.addConversation({ ...ids, sessionId: "s1" });
    const eventTime = Date.now();
    const start = { ...ids, sessionId: "s1", eventTime, mediaType: "VOICE", direction: "INBOUND" };
    await publish("customerStart", { ...start, ani: UNKNOWN });
    await genesys.nextPatch("typed");
    expect(genesys.attributesOf("typed", "customer")).toMatchObject({
      oracle_status: "not_found",
      oracle_matched_by: "",
    });
    const before = { ...oracle.counts };

    const { reference, costs } = TYPED[dialect];
    const communications = [{ id: "s1", mediaType: "VOICE" }];
    const attributes = { customer_reference: reference };
    await publish("attributes", { ...ids, eventTime, attributes, communications });
    await expect.poll(() => genesys.counts.patch).toBe(2);
    expect(genesys.attributesOf("typed", "customer")).toMatchObject({
      oracle_status: "found",
      oracle_matched_by: "reference",
      oracle_account: "Analytical Engines Ltd",
      oracle_open_cases: "2",
    });
    const spent = (kind: "search" | "cases") => oracle.counts[kind] - before[kind];
    expect({ search: spent("search"), cases: spent("cases") }).toEqual(costs);

    // Our own write causes an event that holds the reference too. It is not looked up again.
    await world.fact("write.confirmed", "typed");
    expect({ search: spent("search"), cases: spent("cases") }).toEqual(costs);
    expect(genesys.counts.patch).toBe(2);
    expect(JSON.stringify(world.worker.log)).not.toContain(reference);
    expect(JSON.stringify(world.worker.log)).toContain("#…42");
  },
);
