import { readFile } from "node:fs/promises";
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
  lookupNames,
  type QueueConfig,
  type SetupConfig,
} from "./load.ts";
import { keptSecret } from "./secrets/kept-secret.ts";
import type { SecretReader } from "./secrets/reader.ts";
import { readReference, type SecretReference } from "./secrets/reference.ts";
import { type Environment, type Sources, sourceOf } from "./sources.ts";
import { variableFault, variables } from "./variables.ts";

/**
 * Environment to configuration, with secrets fetched from AWS Secrets Manager and files read.
 * @throws {ConfigurationError} listing every mistake at once: what cannot be fetched or read, too.
 */
export async function readConfig(environment: Environment): Promise<Config> {
  return loadConfig(environment, await readGiven(environment, Object.keys(variables)));
}

/** The same for the queues and Genesys: no other variable is looked at. */
export async function readQueueAndGenesysConfig(
  environment: Environment,
): Promise<QueueConfig & GenesysConfig> {
  const names = Object.keys(variables).filter((name) => name.startsWith("GENESYS_"));
  return loadQueueAndGenesysConfig(environment, await readGiven(environment, names));
}

/** The same for Genesys alone. */
export async function readGenesysConfig(environment: Environment): Promise<GenesysConfig> {
  const names = Object.keys(variables).filter((name) => name.startsWith("GENESYS_"));
  return loadGenesysConfig(environment, await readGiven(environment, names));
}

/** The same for setting up an org. @param must variables that are needed for what is wished */
export async function readSetupConfig(
  environment: Environment,
  must: readonly "LOOKUP_SECRET"[] = [],
): Promise<SetupConfig> {
  return loadSetupConfig(environment, await readGiven(environment, must), must);
}

/** The same for lookups on demand. @param must variables that this command cannot do without */
export async function readLookupConfig(
  environment: Environment,
  must: readonly "LOOKUP_SECRET"[] = [],
): Promise<LookupConfig> {
  const given = await readGiven(environment, lookupNames(environment));
  return loadLookupConfig(environment, given, must);
}

/** Fetches and reads what these variables point at. Never rejects: faults are listed. */
async function readGiven(environment: Environment, names: readonly string[]): Promise<Sources> {
  const values: Record<string, string | undefined> = { ...environment };
  const faults = new Map<string, string>();
  const kept = new Map<string, Secret>();
  let reader: Promise<SecretReader> | undefined;

  async function readOne(name: string): Promise<void> {
    const value = environment[name]?.trim() ?? "";
    const source = value === "" ? "itself" : sourceOf(name, value);
    try {
      if (source === "arn") {
        reader ??= openReader(environment);
        const secret = await fetchSecret(name, value, await reader);
        kept.set(name, secret);
        values[name] = secret.current();
      } else if (source === "file") {
        values[name] = await readPem(value);
      }
    } catch (error) {
      faults.set(name, error instanceof Error ? error.message : String(error));
    }
  }

  await Promise.all(names.map(readOne));
  return { values, faults, kept };
}

/** Loaded only where a secret is kept there: most of a start's time is spent on reading code. */
async function openReader(environment: Environment): Promise<SecretReader> {
  const { createSecretsManager } = await import("./secrets/aws.ts");
  const { AWS_ENDPOINT_URL_SECRETS_MANAGER: own, AWS_ENDPOINT_URL: all } = environment;
  return createSecretsManager({ endpoint: own?.trim() || all?.trim() || undefined });
}

async function fetchSecret(name: string, value: string, reader: SecretReader): Promise<Secret> {
  const reference: SecretReference | undefined = readReference(value);
  if (reference === undefined) {
    throw new Error(
      "must be the ARN of a secret in AWS Secrets Manager, arn:aws:secretsmanager:<region>:<account>:secret:<name>, or the same with :<json key>:: at its end",
    );
  }
  return keptSecret({
    variable: name,
    reference,
    value: await reader.read(reference),
    reader,
    fault: (changed) => variableFault(name, changed),
    now: () => performance.now(),
  });
}

/** @throws {Error} whose message says what is wrong with the file, never what is in it. */
async function readPem(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    const told =
      code === "ENOENT"
        ? "names a file that does not exist"
        : code === "EACCES"
          ? "names a file that this process may not read"
          : `names a file that cannot be read (${code})`;
    throw new Error(`${told}; it must be PEM, or the path of a PEM file`);
  }
}
