import type { SetupConfig } from "../config/load.ts";
import { httpAction, lambdaAction, SECRET_FIELD } from "../operations/data-actions/definitions.ts";
import type { DesiredAction, DesiredState } from "../operations/setup/plan/desired-state.ts";
import type { SetupArgs } from "./setup-args.ts";

/** [pure] The region that the events go to. */
export function eventsRegion({ events }: SetupArgs, { AWS_REGION }: SetupConfig): string {
  return events.region ?? AWS_REGION;
}

/** [pure] */
export function desiredStateOf(args: SetupArgs, config: SetupConfig): DesiredState {
  const { name, events, client, panel } = args;
  return {
    name,
    aws: { account: events.account, region: eventsRegion(args, config), suffix: events.suffix },
    everyDivision: client.everyDivision,
    newSecret: client.newSecret,
    returnRole: client.returnRole,
    actions: actionsOf(args, config),
    panel: panel && {
      // The page sends its own address as the redirect URI: both have to be equal.
      url: new URL(panel.url).href,
      groups: panel.groups,
      attributePrefix: config.ATTRIBUTE_PREFIX,
    },
  };
}

function actionsOf({ lookups }: SetupArgs, { LOOKUP_SECRET: secret }: SetupConfig) {
  const { apiUrl, lambda, fields } = lookups;
  const actions: DesiredAction[] = [];
  if (apiUrl !== undefined && secret !== undefined) {
    actions.push({
      definition: httpAction(apiUrl, fields),
      credential: { type: "userDefined", fields: { [SECRET_FIELD]: secret } },
    });
  }
  if (lambda !== undefined) {
    actions.push({
      definition: lambdaAction(lambda.functionArn, fields),
      credential: { type: "amazonWebServicesARN", fields: { ARN: lambda.roleArn } },
    });
  }
  return actions;
}
