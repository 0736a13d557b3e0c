import type { z } from "zod";
import { DEFAULT_DIALECT, dialectOf } from "../oracle/dialects.ts";
import type { Network } from "../resilience/http/network.ts";
import type { Secret } from "../resilience/sign-in/secret.ts";
import type { Login } from "../resilience/sign-in/sign-in.ts";
import { checkCustomerFields } from "./customer-fields.ts";
import { checkLogin, oracleLogin } from "./oracle-login.ts";
import { checkNetwork, oracleNetwork } from "./oracle-network.ts";
import { regionHosts } from "./regions.ts";
import { type Environment, type Sources, secretOf, withoutFetching } from "./sources.ts";
import { variables } from "./variables.ts";

type Values = {
  readonly [Name in keyof typeof variables]: z.output<(typeof variables)[Name]["schema"]>;
};
type VariableName = keyof typeof variables;

export type { Environment } from "./sources.ts";

/** What the worker runs with: checked, with every default filled in. */
export type Config = Omit<
  Values,
  | "GENESYS_API_URL"
  | "GENESYS_LOGIN_URL"
  | "GENESYS_REGION"
  | "AWS_REGION"
  | "ORACLE_TOKEN_URL"
  | "ORACLE_CONCURRENCY"
> & {
  /** What lookups on demand are asked with: one of these. */
  readonly lookupSecrets: readonly Secret[];
  readonly GENESYS_API_URL: string;
  readonly GENESYS_LOGIN_URL: string;
  readonly AWS_REGION: string;
  /** Endpoint of SQS where it is not AWS's own. */
  readonly sqsEndpoint: string | undefined;
  readonly ORACLE_CONCURRENCY: number;
  readonly genesysLogin: Login;
  readonly oracleLogin: Login;
  /** Between here and Oracle, its token endpoint included. */
  readonly oracleNetwork: Network;
};

/** Everything that is wrong with a configuration, one line each. */
export class ConfigurationError extends Error {
  override readonly name = "ConfigurationError";
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `The configuration has ${problems.length} ${problems.length === 1 ? "mistake" : "mistakes"}:\n` +
        problems.map((problem) => `  ${problem}\n`).join("") +
        "Every variable is explained in docs/reference/configuration.md.",
    );
    this.problems = problems;
  }
}

/** The part that a command on the queues alone needs. */
export type QueueConfig = Pick<
  Config,
  "QUEUE_URL" | "DEAD_LETTER_QUEUE_URL" | "AWS_REGION" | "sqsEndpoint"
>;
/** The part that a command needs to ask Genesys. */
export type GenesysConfig = Pick<Config, GenesysVariable | "genesysLogin">;

/** The part that setting up an org needs: no client is there yet. */
export type SetupConfig = Pick<
  Config,
  | "GENESYS_API_URL"
  | "GENESYS_LOGIN_URL"
  | "AWS_REGION"
  | "AWS_ENDPOINT_URL"
  | "AWS_ENDPOINT_URL_EVENTBRIDGE"
  | "AWS_ENDPOINT_URL_SECRETS_MANAGER"
  | "ATTRIBUTE_PREFIX"
  | "LOOKUP_SECRET"
>;

/** The part that tells of Oracle, and of what is asked there. */
export type OracleConfig = Pick<
  Config,
  OracleVariable | "INCLUDE_CUSTOMER_NAME" | "oracleLogin" | "oracleNetwork"
>;
/** The part that tells what processes share. */
export type SharedConfig = Pick<Config, "REDIS_URL" | "REDIS_CLUSTER">;
/** The part that tells how what is found is put into words. */
export type WrittenConfig = Pick<
  Config,
  | "ATTRIBUTE_PREFIX"
  | "LANGUAGE"
  | "INCLUDE_CUSTOMER_NAME"
  | "ORACLE_CASE_URL_TEMPLATE"
  | "AGENT_PANEL_LABELS"
>;

/** The part that a lookup on demand needs. Without `genesys` no conversation can be named. */
export type LookupConfig = OracleConfig &
  SharedConfig &
  WrittenConfig &
  Pick<
    Config,
    LookupVariable | "lookupSecrets" | "DEFAULT_PHONE_REGION" | "HTTP_PORT" | "LOG_LEVEL"
  > & {
    readonly genesys: GenesysConfig | undefined;
  };

type LookupVariable = "LOOKUP_DEADLINE_MS" | "LOOKUP_REQUESTS_PER_MINUTE";
type OracleVariable = Exclude<VariableName & `ORACLE_${string}`, "ORACLE_TOKEN_URL">;
type GenesysVariable = Exclude<VariableName & `GENESYS_${string}`, "GENESYS_REGION">;

const everyVariable = Object.keys(variables) as VariableName[];
const ofQueues = everyVariable.filter((name) => /QUEUE_URL$|^AWS_/.test(name));
const ofSetup = everyVariable.filter(
  (name) => /^GENESYS_(REGION|API_URL|LOGIN_URL)$|^AWS_/.test(name) || name === "ATTRIBUTE_PREFIX",
);
const ofGenesys = everyVariable.filter((name) => name.startsWith("GENESYS_"));

/**
 * [pure] Environment to configuration.
 * @param given the same with secrets fetched and files read; without it, neither may be needed
 * @throws {ConfigurationError} listing every mistake at once, by variable name, with the rule and
 * the value (a secret's value is left out).
 */
export function loadConfig(environment: Environment, given = withoutFetching(environment)): Config {
  return load(environment, given, everyVariable);
}

/** [pure] The same for the queues alone: no other variable is looked at. */
export function loadQueueConfig(environment: Environment): QueueConfig {
  return load(environment, withoutFetching(environment), ofQueues);
}

/** [pure] The same for Genesys alone. */
export function loadGenesysConfig(
  environment: Environment,
  given = withoutFetching(environment),
): GenesysConfig {
  return load(environment, given, ofGenesys);
}

/** [pure] The same for setting up an org. @param must variables that are needed for what is wished */
export function loadSetupConfig(
  environment: Environment,
  given = withoutFetching(environment),
  must: readonly "LOOKUP_SECRET"[] = [],
): SetupConfig {
  return load(environment, given, [...ofSetup, ...must], must);
}

/** [pure] The same for the queues and Genesys. */
export function loadQueueAndGenesysConfig(
  environment: Environment,
  given = withoutFetching(environment),
): QueueConfig & GenesysConfig {
  return load(environment, given, [...ofQueues, ...ofGenesys]);
}

/**
 * [pure] The same for lookups on demand: no queue is needed, and Genesys only where its client is
 * set, or where histories are shared.
 * @param must variables that this command cannot do without
 */
export function loadLookupConfig(
  environment: Environment,
  given = withoutFetching(environment),
  must: readonly "LOOKUP_SECRET"[] = [],
): LookupConfig {
  const withGenesys = asksGenesys(environment);
  const config = load(environment, given, lookupNames(environment), must);
  return { ...config, genesys: withGenesys ? config : undefined };
}

/** [pure] The variables that {@link loadLookupConfig} looks at. */
export function lookupNames(environment: Environment): readonly VariableName[] {
  const others = everyVariable.filter((name) => !ofQueues.includes(name));
  return asksGenesys(environment) ? others : others.filter((name) => !ofGenesys.includes(name));
}

function asksGenesys({ GENESYS_CLIENT_ID: client = "", REDIS_URL: redis = "" }: Environment) {
  return client.trim() !== "" || redis.trim() !== "";
}

/** What is not among `names` is not read; the callers' types hide that it is missing. */
function load(
  environment: Environment,
  given: Sources,
  names: readonly VariableName[],
  must: readonly VariableName[] = [],
): Config {
  const problems: string[] = [];
  const isSet = (name: VariableName) => (environment[name]?.trim() ?? "") !== "";
  const read = (name: VariableName): unknown => {
    const { schema, secret, meaning } = variables[name];
    const fault = given.faults.get(name);
    const value = given.values[name]?.trim() || undefined;
    const result = fault === undefined ? schema.safeParse(value) : undefined;
    if (result?.success) return result.data;
    const rule = fault ?? result?.error.issues[0]?.message ?? "is wrong";
    // What was given, not what was read from there.
    const shown = withoutLogin(environment[name]?.trim() ?? "");
    const is = !isSet(name) || secret ? "" : `, is ${JSON.stringify(shown)}`;
    problems.push(`${name} ${rule}${is} (${meaning})`);
    return undefined;
  };
  // Each schema's output goes to its own name; where one failed, the list of problems is thrown.
  const values = Object.fromEntries(names.map((name) => [name, read(name)])) as Values;
  for (const name of must) {
    if (!isSet(name)) problems.push(`${name} is required (${variables[name].meaning})`);
  }
  if (names.includes("GENESYS_REGION")) problems.push(...checkGenesys(values));
  problems.push(...checkQueues(values));
  if (names.includes("ORACLE_DIALECT")) {
    problems.push(...checkLogin(values.ORACLE_DIALECT, isSet), ...checkNetwork(values, isSet));
    problems.push(...checkCustomerFields(values.ORACLE_DIALECT, values.ORACLE_CUSTOMER_FIELDS));
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  const host = hostOf(values.GENESYS_REGION ?? "");
  const genesysOrigin = values.GENESYS_LOGIN_URL ?? `https://login.${host}`;
  const dialect = dialectRead(values);
  const ORACLE_SCOPE = values.ORACLE_SCOPE ?? dialect.signIn.scope;
  return {
    ...values,
    GENESYS_API_URL: values.GENESYS_API_URL ?? `https://api.${host}`,
    GENESYS_LOGIN_URL: genesysOrigin,
    AWS_REGION: values.AWS_REGION ?? regionOf(values.QUEUE_URL) ?? "us-east-1",
    sqsEndpoint: values.AWS_ENDPOINT_URL_SQS ?? values.AWS_ENDPOINT_URL,
    ORACLE_CONCURRENCY: values.ORACLE_CONCURRENCY ?? dialect.concurrency,
    ORACLE_SCOPE,
    genesysLogin: genesysLogin(values, given, genesysOrigin),
    oracleLogin: oracleLogin({ ...values, ORACLE_SCOPE }, given, tokenEndpoint(values)),
    oracleNetwork: oracleNetwork(values),
    lookupSecrets: lookupSecrets(values, given),
  };
}

/** Client credentials with a client secret; Genesys Cloud has no other way for a service. */
function genesysLogin(values: Values, given: Sources, origin: string): Login {
  const { GENESYS_CLIENT_ID: clientId, GENESYS_CLIENT_SECRET: value } = values;
  const secret = secretOf(given, "GENESYS_CLIENT_SECRET", value);
  const client = { clientId, proof: { by: "secret", secret } } as const;
  return { by: "token", origin, path: "/oauth/token", client };
}

function lookupSecrets(values: Values, given: Sources): Secret[] {
  return (["LOOKUP_SECRET", "LOOKUP_SECRET_PREVIOUS"] as const).flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [secretOf(given, name, value)];
  });
}

/** Rules that hold between variables. */
function checkGenesys(values: Values): string[] {
  const problems: string[] = [];
  const { GENESYS_REGION: region, GENESYS_API_URL: api, GENESYS_LOGIN_URL: login } = values;
  if (region === undefined && (api === undefined || login === undefined)) {
    problems.push(
      `GENESYS_REGION is required unless GENESYS_API_URL and GENESYS_LOGIN_URL are both set (${variables.GENESYS_REGION.meaning})`,
    );
  }
  if (region !== undefined && hostOf(region) === undefined) {
    problems.push(
      `GENESYS_REGION must be one of ${Object.keys(regionHosts).join(", ")}, or a host with a dot, is ${JSON.stringify(region)}`,
    );
  }
  return problems;
}

function checkQueues(values: Values): string[] {
  const problems: string[] = [];
  if (values.QUEUE_URL !== undefined && values.QUEUE_URL === values.DEAD_LETTER_QUEUE_URL) {
    problems.push(
      "DEAD_LETTER_QUEUE_URL must not be QUEUE_URL: a dead letter would come straight back",
    );
  }
  const { GENESYS_REQUESTS_PER_MINUTE: budget, GENESYS_RESERVED_REQUESTS: reserve } = values;
  if (reserve !== undefined && budget !== undefined && reserve >= budget) {
    problems.push(
      `GENESYS_RESERVED_REQUESTS must be less than GENESYS_REQUESTS_PER_MINUTE (${budget}), is ${reserve}`,
    );
  }
  return problems;
}

/** A password may have been put where none belongs. */
function withoutLogin(value: string): string {
  return value.replace(/\/\/[^/]*@/, "//(login left out)@");
}

function hostOf(region: string): string | undefined {
  return regionHosts[region] ?? (region.includes(".") ? region : undefined);
}

/** `https://sqs.<region>.amazonaws.com/…` */
function regionOf(queueUrl: string): string | undefined {
  return /^https:\/\/sqs\.([a-z0-9-]+)\.amazonaws\./.exec(queueUrl)?.[1];
}

/** At the path of the dialect, unless a whole URL is given. */
function tokenEndpoint(values: Values): { readonly origin: string; readonly path: string } {
  const { ORACLE_TOKEN_URL: url, ORACLE_BASE_URL: baseUrl } = values;
  const { tokenPath } = dialectRead(values).signIn;
  if (url === undefined) return { origin: baseUrl, path: tokenPath };
  const { origin, pathname } = new URL(url);
  return { origin, path: pathname === "/" ? tokenPath : pathname };
}

/** The dialect; the default where no variable of Oracle is read, which nobody looks at then. */
function dialectRead({ ORACLE_DIALECT: name }: Partial<Values>) {
  return dialectOf(name ?? DEFAULT_DIALECT);
}
