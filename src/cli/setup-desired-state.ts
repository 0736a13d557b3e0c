import type { SetupConfig } from "../config/load.ts";
import { httpAction, lambdaAction, SECRET_FIELD } from "../operations/data-actions/definitions.ts";
import type { DesiredAction, DesiredState } from "../operations/setup/plan/desired-state.ts";
import type { AdministratorArgs } from "./administrator.ts";

/** What `ringahead setup` is told on the command line. */
export interface SetupArgs extends AdministratorArgs {
  readonly awsAccount: string;
  readonly awsRegion?: string;
  readonly suffix: string;
  readonly name: string;
  readonly secret: string;
  readonly secretFile?: string;
  readonly newSecret?: true;
  readonly everyDivision?: true;
  readonly returnRole?: true;
  readonly apiUrl?: string;
  readonly functionArn?: string;
  readonly functionRole?: string;
  readonly fields?: readonly string[];
  readonly panelUrl?: string;
  readonly panelGroup?: readonly string[];
  readonly apply?: true;
  readonly json?: true;
}

/** [pure] Where the events go. */
export function requestedRegion({ awsRegion }: SetupArgs, { AWS_REGION }: SetupConfig): string {
  return awsRegion ?? AWS_REGION;
}

/** [pure] What is wished for, out of the command line and the environment. */
export function desiredStateOf(given: SetupArgs, config: SetupConfig): DesiredState {
  return {
    name: given.name,
    aws: {
      account: given.awsAccount,
      region: requestedRegion(given, config),
      suffix: given.suffix,
    },
    everyDivision: given.everyDivision === true,
    newSecret: given.newSecret === true,
    returnRole: given.returnRole === true,
    actions: actionsOf(given, config),
    panel:
      given.panelUrl === undefined
        ? undefined
        : {
            // As the page sees its own address: the login comes back to it to the letter.
            url: new URL(given.panelUrl).href,
            groups: given.panelGroup ?? [],
            attributePrefix: config.ATTRIBUTE_PREFIX,
          },
  };
}

function actionsOf(given: SetupArgs, { LOOKUP_SECRET: secret }: SetupConfig) {
  const { apiUrl, functionArn, functionRole, fields: names } = given;
  const actions: DesiredAction[] = [];
  if (apiUrl !== undefined && secret !== undefined) {
    const fields = { [SECRET_FIELD]: secret };
    actions.push({
      definition: httpAction(apiUrl, names),
      credential: { type: "userDefined", fields },
    });
  }
  if (functionArn !== undefined && functionRole !== undefined) {
    const credential = { type: "amazonWebServicesARN", fields: { ARN: functionRole } };
    actions.push({ definition: lambdaAction(functionArn, names), credential });
  }
  return actions;
}
