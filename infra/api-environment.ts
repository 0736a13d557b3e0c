import { Stack } from "aws-cdk-lib";
import type { Construct } from "constructs";
import type { Context } from "./context.ts";
import type { Secrets } from "./secrets.ts";
import type { SharedState } from "./shared-state.ts";

export interface ApiEnvironmentProps {
  readonly context: Context;
  readonly secrets: Secrets;
  readonly sharedState: SharedState | undefined;
}

/** The environment that workers and lookups share: addresses of both APIs, and sign-in. Secrets are ARNs. */
export function apiEnvironment(
  scope: Construct,
  { context, secrets, sharedState }: ApiEnvironmentProps,
): Record<string, string> {
  return {
    ATTRIBUTE_PREFIX: context.attributePrefix,
    ...(context.referenceAttribute === undefined
      ? {}
      : { REFERENCE_ATTRIBUTE: context.referenceAttribute }),
    GENESYS_REGION: context.genesysRegion,
    GENESYS_CLIENT_ID: context.genesysClientId ?? "",
    GENESYS_CLIENT_SECRET: secrets.genesys.secretArn,
    [context.oracleSecret]: secrets.oracle.secretArn,
    ...context.environment,
    AWS_REGION: Stack.of(scope).region,
    ...(sharedState === undefined
      ? {}
      : { REDIS_URL: sharedState.url.secretArn, REDIS_CLUSTER: "true" }),
  };
}
