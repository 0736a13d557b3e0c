import { z } from "zod";
import { bestMatch, type Match, type MatchOptions } from "../../domain/history/match.ts";

/** The rows of an answer. */
export interface Rows<Row> {
  readonly readable: readonly Row[];
  /** How many rows are there, but cannot be read, or were left out of the answer. */
  readonly missing: number;
}

/** Rows of which each may be odd. Null stands for no rows. */
export function rowsOf<Row>(row: z.ZodType<Row>): z.ZodType<Rows<Row>> {
  return z.array(z.unknown()).nullable().transform(readAll(row));
}

/**
 * Rows of customers, of which each may be odd. If none of them can be read, the answer is malformed: a
 * known customer must not be reported as unknown.
 */
export function customerRowsOf<Row>(row: z.ZodType<Row>): z.ZodType<Rows<Row>> {
  return rowsOf(row).refine(({ readable, missing }) => missing === 0 || readable.length > 0, {
    message: "no row can be read",
  });
}

function readAll<Row>(row: z.ZodType<Row>): (items: readonly unknown[] | null) => Rows<Row> {
  return (items) => {
    const sent = (items ?? []).filter((item) => item !== null && item !== undefined);
    const readable = sent
      .map((item) => row.safeParse(item))
      .flatMap(({ success, data }) => (success ? [data] : []));
    return { readable, missing: sent.length - readable.length };
  };
}

/**
 * [pure] The best match among rows. With a row missing nobody is the only one: the match is ambiguous,
 * because the customer may be in that row.
 */
export function matchAmong<Row>(rows: Rows<Row>, matching: MatchOptions<Row>): Match<Row> {
  const match = bestMatch(rows.readable, matching);
  if (rows.missing === 0) return match;
  if (match.match !== "ambiguous" || match.together === undefined) return { match: "ambiguous" };
  return { ...match, together: { ...match.together, exact: false } };
}
