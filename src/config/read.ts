import { readFile } from "node:fs/promises";
import { monotonicMs } from "../domain/time.ts";
import type { Secret } from "../resilience/sign-in/secret.ts";
import {
  type Config,
  type GenesysConfig,
  type LookupConfig,
  loadConfig,
  loadGenesysConfig,
  loadLookupConfig,
  loadQueueAndGenesysConfig,
  loadSetupConfig,
  type QueueConfig,
  type SetupConfig,
  usesGenesys,
} from "./load.ts";
import type { SecretReader } from "./secrets/reader.ts";
import { readReference } from "./secrets/reference.ts";
import { rotatingSecret } from "./secrets/rotating-secret.ts";
import { type Environment, type Sources, sourceOf } from "./sources.ts";
import { awsVariables, queueVariables } from "./variables/aws.ts";
import { genesysVariables } from "./variables/genesys.ts";
import { variableProblem, variables } from "./variables.ts";

/**
 * Environment to configuration. Fetches secrets from AWS Secrets Manager and reads files.
 * @throws {ConfigurationError} with every mistake at once, failed fetches and reads included
 */
export async function readConfig(environment: Environment): Promise<Config> {
  return loadConfig(environment, await readSources(environment, Object.keys(variables)));
}

/** The same for the queues and Genesys: no other variable is read. */
export async function readQueueAndGenesysConfig(
  environment: Environment,
): Promise<QueueConfig & GenesysConfig> {
  return loadQueueAndGenesysConfig(environment, await readSources(environment, genesysNames));
}

/** The same for Genesys alone. */
export async function readGenesysConfig(environment: Environment): Promise<GenesysConfig> {
  return loadGenesysConfig(environment, await readSources(environment, genesysNames));
}

/** The same for setting up an org. @param must variables that this run requires */
export async function readSetupConfig(
  environment: Environment,
  must: readonly "LOOKUP_SECRET"[] = [],
): Promise<SetupConfig> {
  return loadSetupConfig(environment, await readSources(environment, must), must);
}

/** The same for lookups on demand. @param must variables that this command requires */
export async function readLookupConfig(
  environment: Environment,
  must: readonly "LOOKUP_SECRET"[] = [],
): Promise<LookupConfig> {
  const names = usesGenesys(environment) ? [...commonNames, ...genesysNames] : commonNames;
  return loadLookupConfig(environment, await readSources(environment, names), must);
}

const genesysNames = Object.keys(genesysVariables);
const queueNames = Object.keys({ ...queueVariables, ...awsVariables });
/** What worker and lookups read alike. */
const commonNames = Object.keys(variables).filter(
  (name) => !queueNames.includes(name) && !genesysNames.includes(name),
);

/** Fetches the secrets and reads the files of these variables. Never rejects: it lists problems. */
async function readSources(environment: Environment, names: readonly string[]): Promise<Sources> {
  const values: Record<string, string | undefined> = { ...environment };
  const problems = new Map<string, string>();
  const secrets = new Map<string, Secret>();
  let reader: Promise<SecretReader> | undefined;

  async function readOne(name: string): Promise<void> {
    const value = environment[name]?.trim() ?? "";
    const source = value === "" ? "itself" : sourceOf(name, value);
    try {
      if (source === "arn") {
        reader ??= openReader(environment);
        const secret = await fetchSecret(name, value, await reader);
        secrets.set(name, secret);
        values[name] = secret.current();
      } else if (source === "file") {
        values[name] = await readPem(value);
      }
    } catch (error) {
      problems.set(name, error instanceof Error ? error.message : String(error));
    }
  }

  await Promise.all(names.map(readOne));
  return { values, problems, secrets };
}

/** The SDK is loaded only if a secret is there: loading code takes most of a start's time. */
async function openReader(environment: Environment): Promise<SecretReader> {
  const { createSecretsManager } = await import("./secrets/aws.ts");
  const { AWS_ENDPOINT_URL_SECRETS_MANAGER: own, AWS_ENDPOINT_URL: all } = environment;
  return createSecretsManager({ endpoint: own?.trim() || all?.trim() || undefined });
}

async function fetchSecret(name: string, value: string, reader: SecretReader): Promise<Secret> {
  const reference = readReference(value);
  if (reference === undefined) {
    throw new Error(
      "must be the ARN of a secret in AWS Secrets Manager, arn:aws:secretsmanager:<region>:<account>:secret:<name>, or the same with :<json key>:: at its end",
    );
  }
  return rotatingSecret({
    variable: name,
    reference,
    value: await reader.read(reference),
    reader,
    problem: (changed) => variableProblem(name, changed),
    now: () => monotonicMs(performance.now()),
  });
}

/** @throws {Error} whose message says what is wrong with the file, and nothing of its content */
async function readPem(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    const problem =
      code === "ENOENT"
        ? "names a file that does not exist"
        : code === "EACCES"
          ? "names a file that this process may not read"
          : `names a file that cannot be read (${code})`;
    throw new Error(`${problem}; it must be PEM, or the path of a PEM file`);
  }
}
