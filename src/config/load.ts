import type { ValuesOf } from "../domain/variable/variable.ts";
import { type AwsConfig, awsPart, type QueueConfig, queuePart } from "./aws-config.ts";
import {
  type GenesysConfig,
  type GenesysOrigins,
  genesysOriginPart,
  genesysPart,
} from "./genesys-config.ts";
import {
  type LookupSettings,
  lookupPart,
  lookupSecretPart,
  servedLookupPart,
} from "./lookup-config.ts";
import { type OraclePart, oraclePart } from "./oracle-config.ts";
import { type ConfigInput, isSet, type Part, partIf, plainPart } from "./part.ts";
import { type Environment, withoutFetching } from "./sources.ts";
import { telemetryVariables } from "./variables/telemetry.ts";
import type { workerVariables } from "./variables/worker.ts";
import { writtenVariables } from "./variables/written.ts";
import { workerPart } from "./worker-config.ts";
import { writtenPart } from "./written-config.ts";

export type { QueueConfig } from "./aws-config.ts";
export type { GenesysConfig } from "./genesys-config.ts";
export type { Environment } from "./sources.ts";

/** How a result is put into words. */
export type WrittenConfig = ValuesOf<typeof writtenVariables>;
type WorkerConfig = ValuesOf<typeof workerVariables>;
type TelemetryConfig = ValuesOf<typeof telemetryVariables>;
/** What processes share. */
export type SharedConfig = Pick<WorkerConfig, "REDIS_URL" | "REDIS_CLUSTER">;
/** Oracle, and what is requested there. */
export type OracleConfig = OraclePart &
  Pick<WrittenConfig, "INCLUDE_CUSTOMER_NAME"> &
  Pick<WorkerConfig, "DEFAULT_PHONE_REGION">;

type CommonConfig = OraclePart & WrittenConfig & WorkerConfig & LookupSettings & TelemetryConfig;

/** What the worker runs with: checked, with every default filled in. */
export type Config = QueueConfig & GenesysConfig & CommonConfig;

/** The part that a lookup on demand needs. Without `genesys` no conversation can be named. */
export type LookupConfig = CommonConfig & { readonly genesys: GenesysConfig | undefined };

/** The part that setting up an org needs: there is no client yet. */
export type SetupConfig = AwsConfig &
  GenesysOrigins &
  Pick<WrittenConfig, "ATTRIBUTE_PREFIX"> &
  Pick<LookupSettings, "LOOKUP_SECRET">;

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

const commonParts = {
  oracle: oraclePart,
  written: writtenPart,
  worker: workerPart,
  lookup: lookupPart,
  telemetry: plainPart(telemetryVariables),
};

/**
 * [pure] Environment to configuration.
 * @param sources the same after secrets were fetched and files were read; without it neither may be needed
 * @throws {ConfigurationError} with every mistake at once: the variable's name, the rule and the
 * value (unless it is a secret)
 */
export function loadConfig(
  environment: Environment,
  sources = withoutFetching(environment),
): Config {
  const parts = { queues: queuePart, genesys: genesysPart, ...commonParts };
  const { queues, genesys, ...common } = load({ environment, sources }, parts);
  return { ...queues, ...genesys, ...merged(common) };
}

/** [pure] The same for the queues alone: no other variable is read. */
export function loadQueueConfig(environment: Environment): QueueConfig {
  return load({ environment, sources: withoutFetching(environment) }, { queues: queuePart }).queues;
}

/** [pure] The same for Genesys alone. */
export function loadGenesysConfig(
  environment: Environment,
  sources = withoutFetching(environment),
): GenesysConfig {
  return load({ environment, sources }, { genesys: genesysPart }).genesys;
}

/** [pure] The same for setting up an org. @param must variables that this run requires */
export function loadSetupConfig(
  environment: Environment,
  sources = withoutFetching(environment),
  must: readonly "LOOKUP_SECRET"[] = [],
): SetupConfig {
  const { aws, origins, written, secret } = load(
    { environment, sources },
    {
      aws: awsPart,
      origins: genesysOriginPart,
      written: plainPart({ ATTRIBUTE_PREFIX: writtenVariables.ATTRIBUTE_PREFIX }),
      secret: partIf(must.includes("LOOKUP_SECRET"), lookupSecretPart),
    },
  );
  return { ...aws, ...origins, ...written, LOOKUP_SECRET: secret?.LOOKUP_SECRET };
}

/** [pure] The same for the queues and Genesys. */
export function loadQueueAndGenesysConfig(
  environment: Environment,
  sources = withoutFetching(environment),
): QueueConfig & GenesysConfig {
  const parts = { queues: queuePart, genesys: genesysPart };
  const { queues, genesys } = load({ environment, sources }, parts);
  return { ...queues, ...genesys };
}

/**
 * [pure] The same for lookups on demand: without queues, and with Genesys only if its client is set or
 * histories are shared.
 * @param must variables that this command requires
 */
export function loadLookupConfig(
  environment: Environment,
  sources = withoutFetching(environment),
  must: readonly "LOOKUP_SECRET"[] = [],
): LookupConfig {
  const { genesys, ...common } = load(
    { environment, sources },
    {
      genesys: partIf(usesGenesys(environment), genesysPart),
      ...commonParts,
      lookup: must.includes("LOOKUP_SECRET") ? servedLookupPart : lookupPart,
    },
  );
  return { ...merged(common), genesys };
}

/** [pure] Whether {@link loadLookupConfig} reads the variables of Genesys. */
export function usesGenesys(environment: Environment): boolean {
  return isSet(environment, "GENESYS_CLIENT_ID") || isSet(environment, "REDIS_URL");
}

type PartTable = Readonly<Record<string, Part<unknown>>>;
type ResultsOf<Parts extends PartTable> = {
  readonly [Name in keyof Parts]: Parts[Name] extends Part<infer Result> ? Result : never;
};

/** @throws {ConfigurationError} with the problems of all parts, those of single variables first */
function load<Parts extends PartTable>(input: ConfigInput, parts: Parts): ResultsOf<Parts> {
  const read = Object.entries(parts).map(([name, part]) => [name, part.read(input)] as const);
  const problems = read.flatMap(([, one]) => (one.ok ? [] : [one.problems]));
  if (problems.length > 0) {
    throw new ConfigurationError([
      ...problems.flatMap(({ values }) => values),
      ...problems.flatMap(({ conflicts }) => conflicts),
    ]);
  }
  // Each part's result goes to its own name; the type of `fromEntries` cannot say so.
  return Object.fromEntries(
    read.flatMap(([name, one]) => (one.ok ? [[name, one.result]] : [])),
  ) as ResultsOf<Parts>;
}

function merged(parts: ResultsOf<typeof commonParts>): CommonConfig {
  const { oracle, written, worker, lookup, telemetry } = parts;
  return { ...oracle, ...written, ...worker, ...lookup, ...telemetry };
}
