import { fixedSecret, type Secret } from "../resilience/sign-in/secret.ts";
import { isArn } from "./secrets/reference.ts";
import { type Variable, variables } from "./variables.ts";

/** Environment variables as a process has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** What a process was given: the environment with secrets fetched and files read. */
export interface Sources {
  readonly values: Environment;
  /** What could not be fetched or read, by the variable's name. */
  readonly faults: ReadonlyMap<string, string>;
  /** Secrets that can change while we run. */
  readonly kept: ReadonlyMap<string, Secret>;
}

/** What a variable's value is, before it is checked. */
export type SourceKind = "itself" | "arn" | "file";

const table: Readonly<Record<string, Variable>> = variables;

/** [pure] Whether a variable holds its value, the ARN of a secret, or the path of a file. */
export function sourceOf(name: string, value: string): SourceKind {
  const variable = table[name];
  if (variable?.secret && isArn(value)) return "arn";
  return variable?.pem && !value.includes("-----BEGIN ") ? "file" : "itself";
}

/** [pure] The environment with nothing fetched or read: what would have to be is a mistake. */
export function withoutFetching(environment: Environment): Sources {
  const faults = new Map<string, string>();
  for (const [name, value = ""] of Object.entries(environment)) {
    if (value.trim() === "" || sourceOf(name, value.trim()) === "itself") continue;
    faults.set(name, "must be given as text here: no secret is fetched and no file is read");
  }
  return { values: environment, faults, kept: new Map() };
}

/** A secret by its variable: one that can change, or the value as it stands. */
export function secretOf({ kept }: Sources, variable: string, value: string): Secret {
  return kept.get(variable) ?? fixedSecret(variable, value);
}
