import { expect, it } from "vitest";
import { readContext } from "../../../infra/context.ts";

function refused(values: Readonly<Record<string, string>>): string {
  try {
    readContext((name) => values[name]);
  } catch (error) {
    return error instanceof Error ? error.message : "";
  }
  throw new Error("it was accepted");
}

it("names every mistake at once, with the cure", () => {
  const message = refused({
    size: "huge",
    eventSourceName: "genesys",
    attributePrefix: "1",
    imageUri: "ringahead",
    environment: "LANGUAGE=de",
    businessHours: "morning",
  });
  for (const part of [
    "-c size=… must be dev, prod or secondary",
    "-c eventSourceName=… must be aws.partner",
    "-c attributePrefix=…",
    "-c imageUri=… must be registry/name:tag",
    '-c environment=… must be JSON like {"LANGUAGE":"de"}',
    "-c businessHours=… must be hours in UTC",
    "docs/how-to/deploy.md",
  ]) {
    expect(message).toContain(part);
  }
});

it.each([
  [{ environment: '{"LANGUAGUE":"de"}' }, "LANGUAGUE is not a variable of the worker"],
  [{ environment: '{"QUEUE_URL":"x"}' }, "QUEUE_URL is set by the stack"],
  [{ environment: '{"LANGUAGE":"xx"}' }, "LANGUAGE must be"],
  [{ environment: '{"ORACLE_PROXY_URL":"http://u:p@proxy"}' }, "ORACLE_PROXY_URL is a secret"],
  [{ environment: '{"ORACLE_PASSWORD":"p"}' }, "-c oracleSecret=…"],
  [{ environment: '{"REFERENCE_ATTRIBUTE":"ref"}' }, "comes from -c referenceAttribute=…"],
  [{ environment: '{"ATTRIBUTE_PREFIX":"x_"}' }, "comes from -c attributePrefix=…"],
  [
    { referenceAttribute: "a/b" },
    "-c referenceAttribute=… must be the name of a participant attribute",
  ],
  [{ lookupConcurrency: "0" }, "lookupConcurrency=… must be a whole number"],
  [{ lookupCode: "dist-lambda" }, "imageUri=… is required"],
  [{ environment: '{"ORACLE_CONCURRENCY":"4"}' }, "ORACLE_CONCURRENCY is set by the stack"],
  [{ oracleSecret: "ORACLE_KEY" }, "oracleSecret=… must be one of"],
  [{ monthlyBudgetUsd: "300" }, "alarmEmail=… is required"],
  [{ imageUri: "a.example/ringahead:1" }, "genesysClientId=… is required"],
  [{ imageUri: "a.example/ringahead:1" }, "ORACLE_BASE_URL"],
  [
    {
      eventBusName: "b",
      eventSourceName: "aws.partner/genesys.com/cloud/8a2f0d1e-5b0c-4a55-9a37-1d5b7c3e9f00/acme",
    },
    "set only one of them",
  ],
] as const)("refuses %j: %s", (values, message) => {
  expect(refused(values)).toContain(message);
});
