import { describe, expect, it } from "vitest";
import { createHandler } from "../../../src/app/lambda/handler.ts";
import { loadLookupConfig } from "../../../src/config/load.ts";
import { httpAction } from "../../../src/operations/data-actions/definitions.ts";
import type { SandboxDialect } from "../../../src/sandbox/environment/oracle-dialects.ts";
import { sampleCustomers } from "../../../src/sandbox/samples/sample-customers.ts";
import { startEnvironment } from "../../support/environment.ts";

const fieldOf = { gateway: "tier", b2c: "CustomFields.c.tier", fusion: "Tier_c" } as const;
const dialects = Object.keys(fieldOf) as SandboxDialect[];

/** Everybody has a tier but Mary, and Grace's would give an address away. */
const customers = sampleCustomers(Date.now()).map((customer) => ({
  ...customer,
  ...(customer.firstName === "Ada" && { tier: "Gold" }),
  ...(customer.firstName === "Grace" && { tier: "Gold, ask grace@example.org" }),
}));

describe.each(dialects)("%s: a field of the site's own", (dialect) => {
  async function start(environment: Readonly<Record<string, string>> = {}) {
    const sandbox = await startEnvironment({ dialect, customers });
    return createHandler({
      ...sandbox.environment,
      LOG_LEVEL: "error",
      ORACLE_CUSTOMER_FIELDS: `tier=${fieldOf[dialect]}`,
      ...environment,
    });
  }

  it.each(["true", "false"])("is told, masked, with names %s", async (names) => {
    const handler = await start({ INCLUDE_CUSTOMER_NAME: names });
    const shown = names === "true";
    const tell = async (phoneNumber: string) => {
      const answer = await handler({ phoneNumber });
      return "data" in answer ? answer.data : undefined;
    };
    expect(await tell("+15550199999")).toMatchObject({
      tier: "Gold",
      firstName: shown ? "Ada" : "",
      lastName: shown ? "Example" : "",
      account: "Analytical Engines Ltd",
    });
    expect(await tell("+442071838750")).toMatchObject({ tier: "Gold, ask [email]" });
    expect(await tell("+15550100006")).toMatchObject({ result: "success", tier: "" });
    expect(await tell("+15550100042")).toMatchObject({ result: "not_found", tier: "" });
  });

  it("that the dialect could not ask for is a mistake", () => {
    const load = (fields: string) =>
      loadLookupConfig({
        ORACLE_DIALECT: dialect,
        ORACLE_BASE_URL: "https://oracle.example.com",
        ORACLE_TOKEN_URL: "https://idcs.example.com",
        ORACLE_CLIENT_ID: "a",
        ORACLE_CLIENT_SECRET: "b",
        ORACLE_CUSTOMER_FIELDS: fields,
      }).ORACLE_CUSTOMER_FIELDS;
    expect(load(` tier = ${fieldOf[dialect]} ,`)).toEqual([
      { name: "tier", field: fieldOf[dialect] },
    ]);
    expect(() => load("tier=a.b.c.d")).toThrow(/must name fields as .* where ORACLE_DIALECT is/);
    expect(() => load("tier='; DELETE")).toThrow(/must be pairs name=field/);
    expect(() => load(`summary=${fieldOf[dialect]}`)).toThrow(/a name that lookups have/);
    const twice = `tier=${fieldOf[dialect]},tier=${fieldOf[dialect]}`;
    expect(() => load(twice)).toThrow(/names tier twice/);
  });
});

it("is an output of the registered action", () => {
  const { config, contract } = httpAction("https://lookup.example.com", ["tier"]);
  expect(contract.output.successSchema.properties.tier).toMatchObject({ type: "string" });
  expect(config.response.translationMap.tier).toBe("$.data.tier");
});
