import { type Condition, type Path, RoqlError, type Statement } from "./roql-parse.ts";

/** One row of a join: the value of each path. Paths are in lower case. */
export type JoinedRow = ReadonlyMap<Path, string | null>;

/** A table: its paths, and its rows joined with the lists that a query names. */
export interface Table {
  readonly paths: ReadonlySet<Path>;
  /** Paths that a condition may name, but no column. */
  readonly notSelectable: ReadonlySet<Path>;
  /** @param touched the paths that the query names. A list among them multiplies the rows */
  rows(touched: ReadonlySet<Path>): readonly JoinedRow[];
}

/** A table of the answer of `queryResults`. Each cell is a string or null. */
export interface ResultTable {
  readonly tableName: string;
  readonly count: number;
  readonly columnNames: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** Further rows are dropped silently, as in Oracle. */
const MAX_ROWS = 20_000;

/** [pure] @throws {RoqlError} if the site does not have the table or a path */
export function runSelect(
  statement: Statement & { kind: "select" },
  tables: ReadonlyMap<string, Table>,
): ResultTable {
  const table = tables.get(statement.table);
  if (table === undefined) throw new RoqlError(`unknown table ${statement.table}`);
  const touched = new Set(pathsOf(statement));
  for (const path of touched) {
    if (!table.paths.has(path)) throw new RoqlError(`unknown field ${path}`);
  }
  for (const path of statement.columns) {
    if (table.notSelectable.has(path)) throw new RoqlError(`unknown field ${path}`);
  }
  const { where, orderBy, offset, limit = MAX_ROWS } = statement;
  let rows = table.rows(touched).filter((row) => where === undefined || holds(where, row));
  if (orderBy !== undefined) rows = sorted(rows, orderBy);
  const page = rows.slice(offset, offset + Math.min(limit, MAX_ROWS));
  return {
    tableName: statement.table,
    count: page.length,
    columnNames: statement.columns.map((path) => path.slice(path.lastIndexOf(".") + 1)),
    rows: page.map((row) => statement.columns.map((path) => row.get(path) ?? null)),
  };
}

function pathsOf({ columns, where, orderBy }: Statement & { kind: "select" }): Path[] {
  return [...columns, ...(where ? within(where) : []), ...(orderBy ? [orderBy.path] : [])];
}

function within(condition: Condition): Path[] {
  return "sides" in condition ? condition.sides.flatMap(within) : [condition.path];
}

function holds(condition: Condition, row: JoinedRow): boolean {
  switch (condition.kind) {
    case "and":
      return condition.sides.every((side) => holds(side, row));
    case "or":
      return condition.sides.some((side) => holds(side, row));
    case "null":
      return ((row.get(condition.path) ?? null) === null) !== condition.negated;
    case "in":
      return condition.values.some((value) => equal(row.get(condition.path), value));
    case "compare": {
      const cell = row.get(condition.path) ?? null;
      return cell !== null && equal(cell, condition.value) === (condition.operator === "=");
    }
  }
}

/** Searches are not case-sensitive in Connect REST. */
function equal(cell: string | null | undefined, value: string): boolean {
  return cell?.toLowerCase() === value.toLowerCase();
}

function sorted(
  rows: readonly JoinedRow[],
  { path, descending }: { path: Path; descending: boolean },
): JoinedRow[] {
  const sign = descending ? -1 : 1;
  return rows.toSorted((a, b) => sign * (a.get(path) ?? "").localeCompare(b.get(path) ?? ""));
}
