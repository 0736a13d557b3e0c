import { z } from "zod";

/** One environment variable: what it means, what it may be, what it is when it is not set. */
export interface Variable<T = unknown> {
  /** For the reader of `docs/reference/configuration.md` and of an error message. */
  readonly meaning: string;
  readonly schema: z.ZodType<T, string | undefined>;
  /** The default as a reader would write it; undefined where the variable must be set. */
  readonly standard: string | undefined;
  /** A secret's value is never shown, and may be fetched: it is then given as an ARN. */
  readonly secret: boolean;
  /** Holds PEM, or the path of a file with it. */
  readonly pem?: boolean;
}

/** Must be set. */
export function required<T>(
  meaning: string,
  schema: z.ZodType<T, string>,
  secret = false,
): Variable<T> {
  const given = z.string({ error: "is required" }).pipe(schema);
  return { meaning, schema: given, standard: undefined, secret };
}

/** Has a default, given as it would be written in the environment. */
export function preset<T>(
  meaning: string,
  schema: z.ZodType<T, string>,
  standard: string,
): Variable<T> {
  return { meaning, schema: z.string().default(standard).pipe(schema), standard, secret: false };
}

/** May be left out; what that means is said in `meaning`. */
export function optional<T>(
  meaning: string,
  schema: z.ZodType<T, string>,
  secret = false,
): Variable<T | undefined> {
  return { meaning, schema: schema.optional(), standard: "", secret };
}

/** May be left out; PEM as it stands, or the path of a file with it. */
export function pem(meaning: string, schema: z.ZodType<string, string>, secret = false) {
  return { ...optional(meaning, schema, secret), pem: true };
}
