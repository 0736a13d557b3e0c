import type { AdministratorArgs } from "./administrator.ts";

interface EventsArgs {
  readonly awsAccount: string;
  readonly awsRegion?: string;
  readonly suffix: string;
}

interface ClientArgs {
  readonly secret: string;
  readonly secretFile?: string;
  readonly newSecret?: true;
  readonly everyDivision?: true;
  readonly returnRole?: true;
}

interface LookupArgs {
  readonly apiUrl?: string;
  readonly functionArn?: string;
  readonly functionRole?: string;
  readonly fields?: readonly string[];
}

interface PanelArgs {
  readonly panelUrl?: string;
  readonly panelGroup?: readonly string[];
}

interface RunArgs {
  readonly name: string;
  readonly apply?: true;
  readonly json?: true;
}

/** The options of `ringahead setup` as commander parses them. */
export type FlatSetupArgs = AdministratorArgs &
  EventsArgs &
  ClientArgs &
  LookupArgs &
  PanelArgs &
  RunArgs;

export interface LambdaArgs {
  readonly functionArn: string;
  readonly roleArn: string;
}

/** The options of `ringahead setup`, grouped by what they set up. */
export interface SetupArgs {
  /** Prefix of the names of everything that setup creates. */
  readonly name: string;
  readonly administrator: AdministratorArgs;
  readonly events: {
    readonly account: string;
    /** Undefined: `AWS_REGION`. */
    readonly region: string | undefined;
    readonly suffix: string;
  };
  readonly client: {
    /** Where its secret is stored. */
    readonly secret: { readonly file: string } | { readonly nameOrArn: string };
    readonly newSecret: boolean;
    readonly everyDivision: boolean;
    readonly returnRole: boolean;
  };
  readonly lookups: {
    readonly apiUrl: string | undefined;
    readonly lambda: LambdaArgs | undefined;
    readonly fields: readonly string[] | undefined;
  };
  readonly panel: { readonly url: string; readonly groups: readonly string[] } | undefined;
  readonly run: { readonly apply: boolean; readonly json: boolean };
}

/** [pure] */
export function groupSetupArgs(args: FlatSetupArgs): SetupArgs {
  const { loginClient, port, accessToken, functionArn, functionRole } = args;
  return {
    name: args.name,
    administrator: {
      port,
      ...(loginClient === undefined ? {} : { loginClient }),
      ...(accessToken === undefined ? {} : { accessToken }),
    },
    events: { account: args.awsAccount, region: args.awsRegion, suffix: args.suffix },
    client: {
      secret:
        args.secretFile === undefined ? { nameOrArn: args.secret } : { file: args.secretFile },
      newSecret: args.newSecret === true,
      everyDivision: args.everyDivision === true,
      returnRole: args.returnRole === true,
    },
    lookups: {
      apiUrl: args.apiUrl,
      lambda:
        functionArn === undefined || functionRole === undefined
          ? undefined
          : { functionArn, roleArn: functionRole },
      fields: args.fields,
    },
    panel:
      args.panelUrl === undefined
        ? undefined
        : { url: args.panelUrl, groups: args.panelGroup ?? [] },
    run: { apply: args.apply === true, json: args.json === true },
  };
}
