import { Failure } from "./failure.ts";

/** A file that is read or written. */
export interface FileUse {
  /** The file as a message names it: its path, after the variable that holds the path. */
  readonly file: string;
  readonly use: "read" | "written";
  /** What to do, by the code of the system's error. */
  readonly cureOf: (code: string) => string;
}

/**
 * Does work with a file, and turns errors of the file system into failures.
 * @throws {Failure} `misconfigured`; any other error of the work is thrown as it is
 */
export async function withFileFailures<T>(
  { file, use, cureOf }: FileUse,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = systemCode(error);
    if (error instanceof Failure || code === undefined) throw error;
    throw new Failure({
      kind: "misconfigured",
      code: "forbidden",
      source: "worker",
      message: `${file} cannot be ${use} (${code})`,
      errno: code,
      cure: cureOf(code),
    });
  }
}

/** [pure] The code of an error of the system, such as `ENOENT`; undefined if it has none. */
export function systemCode(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}
