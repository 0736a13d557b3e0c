import type { Variable, VariableTable } from "../domain/variable/variable.ts";
import { awsVariables, queueVariables } from "./variables/aws.ts";
import { genesysVariables } from "./variables/genesys.ts";
import { lookupVariables } from "./variables/lookup.ts";
import { oracleVariables } from "./variables/oracle.ts";
import { telemetryVariables } from "./variables/telemetry.ts";
import { workerVariables } from "./variables/worker.ts";
import { writtenVariables } from "./variables/written.ts";

/**
 * Every variable that Ringahead reads. `npm run docs` generates `docs/reference/configuration.md` from
 * this table.
 */
export const variables = {
  ...queueVariables,
  ...awsVariables,
  ...genesysVariables,
  ...oracleVariables,
  ...writtenVariables,
  ...workerVariables,
  ...lookupVariables,
  ...telemetryVariables,
};

const table: VariableTable = variables;

/** [pure] The variable of this name; undefined if Ringahead reads no such variable. */
export function variableNamed(name: string): Variable | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

/** [pure] What is wrong with a variable's value, in words that hold nothing of it. */
export function variableProblem(name: string, value: string): string | undefined {
  const result = variableNamed(name)?.schema.safeParse(value);
  if (result === undefined || result.success) return undefined;
  return `${name} ${result.error.issues[0]?.message ?? "is wrong"}`;
}
