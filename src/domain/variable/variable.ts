import { z } from "zod";

/** One environment variable: its meaning, its rule and its default. */
export interface Variable<T = unknown> {
  /** For the reader of `docs/reference/configuration.md` and of an error message. Markdown. */
  readonly meaning: string;
  readonly schema: z.ZodType<T, string | undefined>;
  /** The default as an environment would have it; "" if there is none, undefined if it must be set. */
  readonly defaultText: string | undefined;
  /** The value is never shown. The variable may hold the ARN of the secret instead. */
  readonly secret: boolean;
  /** The variable holds PEM, or the path of a PEM file. */
  readonly pem?: boolean;
}

/** Variables by their names. */
export type VariableTable = Readonly<Record<string, Variable>>;

/** The checked values of a table of variables. */
export type ValuesOf<Table extends VariableTable> = {
  readonly [Name in keyof Table]: z.output<Table[Name]["schema"]>;
};

/** Must be set. */
export function required<T>(
  meaning: string,
  schema: z.ZodType<T, string>,
  secret = false,
): Variable<T> {
  const set = z.string({ error: "is required" }).pipe(schema);
  return { meaning, schema: set, defaultText: undefined, secret };
}

/** Has a default, written as an environment would have it. */
export function preset<T>(
  meaning: string,
  schema: z.ZodType<T, string>,
  defaultText: string,
): Variable<T> {
  const set = z.string().default(defaultText).pipe(schema);
  return { meaning, schema: set, defaultText, secret: false };
}

/** May be left out. `meaning` says what happens then. */
export function optional<T>(
  meaning: string,
  schema: z.ZodType<T, string>,
  secret = false,
): Variable<T | undefined> {
  return { meaning, schema: schema.optional(), defaultText: "", secret };
}

/** May be left out. The value is PEM, or the path of a PEM file. */
export function pem(meaning: string, schema: z.ZodType<string, string>, secret = false) {
  return { ...optional(meaning, schema, secret), pem: true };
}
