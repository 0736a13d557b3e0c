import { fixedSecret, type Secret } from "../resilience/sign-in/secret.ts";
import { isArn } from "./secrets/reference.ts";
import { variableNamed } from "./variables.ts";

/** Environment variables as a process has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The environment after secrets were fetched and files were read. */
export interface Sources {
  readonly values: Environment;
  /** Why a value could not be fetched or read, by the variable's name. */
  readonly problems: ReadonlyMap<string, string>;
  /** Secrets that were fetched, by the variable's name. They may change while the process runs. */
  readonly secrets: ReadonlyMap<string, Secret>;
}

/** What a variable holds. */
type SourceKind = "itself" | "arn" | "file";

/** [pure] Whether a variable holds its value, the ARN of a secret, or the path of a file. */
export function sourceOf(name: string, value: string): SourceKind {
  const variable = variableNamed(name);
  if (variable?.secret && isArn(value)) return "arn";
  return variable?.pem && !value.includes("-----BEGIN ") ? "file" : "itself";
}

/** [pure] Sources without fetching or reading: a variable that needs it is a problem. */
export function withoutFetching(environment: Environment): Sources {
  const problems = new Map<string, string>();
  for (const [name, value = ""] of Object.entries(environment)) {
    if (value.trim() === "" || sourceOf(name, value.trim()) === "itself") continue;
    problems.set(name, "must be given as text here: no secret is fetched and no file is read");
  }
  return { values: environment, problems, secrets: new Map() };
}

/** The secret of a variable: the fetched one, otherwise a fixed one with this value. */
export function secretOf({ secrets }: Sources, variable: string, value: string): Secret {
  return secrets.get(variable) ?? fixedSecret(variable, value);
}
