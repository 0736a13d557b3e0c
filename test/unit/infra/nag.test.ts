import { App, Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { expect, it } from "vitest";
import { readContext } from "../../../infra/context.ts";
import { RingaheadStack } from "../../../infra/ringahead-stack.ts";

it.each(["dev", "prod", "secondary"])(
  "%s passes the AwsSolutions checks",
  (size) => {
    const values: Record<string, string> = {
      size,
      imageUri: "111122223333.dkr.ecr.eu-central-1.amazonaws.com/ringahead:1.0.0",
      genesysClientId: "8a2f0d1e-5b0c-4a55-9a37-1d5b7c3e9f00",
      environment: '{"ORACLE_BASE_URL":"https://acme.custhelp.com"}',
      alarmEmail: "ops@example.com",
      oracleConcurrency: "16",
      lookupCode: "src/app/lambda",
      panel: "true",
    };
    const app = new App();
    new RingaheadStack(
      app,
      "Test",
      readContext((name) => values[name]),
    );
    Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
    expect(() => app.synth()).not.toThrow();
  },
  60_000,
);
