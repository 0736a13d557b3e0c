import type { ValuesOf, Variable, VariableTable } from "../domain/variable/variable.ts";
import type { Environment, Sources } from "./sources.ts";

/** A part of the configuration: variables that are read together, and what they become. */
export interface Part<Result> {
  read(input: ConfigInput): PartResult<Result>;
}

export interface ConfigInput {
  readonly environment: Environment;
  readonly sources: Sources;
}

type PartResult<Result> =
  | { readonly ok: true; readonly result: Result }
  | { readonly ok: false; readonly problems: PartProblems };

interface PartProblems {
  /** About single variables. */
  readonly values: readonly string[];
  /** About variables that contradict each other. */
  readonly conflicts: readonly string[];
}

/** The values of a table while some may be wrong: those are undefined. */
export type CheckedValues<Table extends VariableTable> = {
  readonly [Name in keyof Table]: ValuesOf<Table>[Name] | undefined;
};

/** Whether a variable is set, be its value right or wrong. */
type IsSet = (name: string) => boolean;

interface PartDefinition<Table extends VariableTable, Result> {
  readonly variables: Table;
  /** [pure] The rules between the variables: what contradicts them, one line each. */
  readonly conflicts?: (values: CheckedValues<Table>, isSet: IsSet) => readonly string[];
  /** [pure] Called if all values are right and no rule is broken. */
  readonly build: (values: ValuesOf<Table>, sources: Sources) => Result;
}

export function definePart<Table extends VariableTable, Result>({
  variables,
  conflicts: conflictsOf,
  build,
}: PartDefinition<Table, Result>): Part<Result> {
  return {
    read(input) {
      const read = Object.entries(variables).map(
        ([name, variable]) => [name, readVariable(name, variable, input)] as const,
      );
      const problems = read.flatMap(([, one]) => (one.ok ? [] : [one.problem]));
      const values = Object.fromEntries(
        read.map(([name, one]) => [name, one.ok ? one.value : undefined]),
        // Each schema's output goes to its own name; the type of `fromEntries` cannot say so.
      ) as CheckedValues<Table>;
      const conflicts = conflictsOf?.(values, (name) => isSet(input.environment, name)) ?? [];
      if (problems.length > 0 || conflicts.length > 0) {
        return { ok: false, problems: { values: problems, conflicts } };
      }
      // No schema has failed, so every value is there.
      return { ok: true, result: build(values as ValuesOf<Table>, input.sources) };
    },
  };
}

/** A part that is its variables' values. */
export function plainPart<Table extends VariableTable>(variables: Table): Part<ValuesOf<Table>> {
  return definePart({ variables, build: (values) => values });
}

/** A part that is read under a condition only, and else is undefined. */
export function partIf<Result>(condition: boolean, part: Part<Result>): Part<Result | undefined> {
  return condition ? part : { read: () => ({ ok: true, result: undefined }) };
}

type ReadVariable =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly problem: string };

/** The problem names the variable, the rule, the value (unless it is a secret) and the meaning. */
function readVariable(
  name: string,
  { schema, secret, meaning }: Variable,
  { environment, sources }: ConfigInput,
): ReadVariable {
  const unread = sources.problems.get(name);
  const result =
    unread === undefined ? schema.safeParse(sources.values[name]?.trim() || undefined) : undefined;
  if (result?.success) return { ok: true, value: result.data };
  const rule = unread ?? result?.error.issues[0]?.message ?? "is wrong";
  // The value in the environment, not what was fetched or read from there.
  const shown = withoutLogin(environment[name]?.trim() ?? "");
  const is = !isSet(environment, name) || secret ? "" : `, is ${JSON.stringify(shown)}`;
  return { ok: false, problem: `${name} ${rule}${is} (${meaning})` };
}

/** A variable that holds nothing but spaces is not set. */
export function isSet(environment: Environment, name: string): boolean {
  return (environment[name]?.trim() ?? "") !== "";
}

/** A URL may contain a password, even if the rule does not allow one. */
function withoutLogin(value: string): string {
  return value.replace(/\/\/[^/]*@/, "//(login left out)@");
}
