import { constants } from "node:fs";
import { type FileHandle, lstat, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { systemCode, withFileFailures } from "../../../domain/file-failure.ts";
import { invalidPlace, type SecretPlace } from "./place.ts";

/** Only its owner can read and write it. */
const MODE = 0o600;
/** A client secret is shorter: a longer file was named by mistake. */
const LONGEST_BYTES = 4_096;
const NAME_ANOTHER = "Name a file that holds only this secret, or a path with no file yet.";

/**
 * A file that only its owner can read; wider permissions are removed. A new value is written to a
 * temporary file and renamed, so that an interrupted run leaves the old one complete.
 * @param newName a unique part for the name of the temporary file
 */
export function secretFile(givenPath: string, newName: () => string): SecretPlace {
  const path = resolve(givenPath);
  const writing = { file: path, use: "written", cureOf } as const;
  const temporaryPath = () => join(dirname(path), `.${basename(path)}.${newName()}`);

  /** @throws {Failure} if the path is not a regular file */
  async function exists(): Promise<boolean> {
    const found = await orUndefined(lstat(path));
    if (found === undefined) return false;
    if (found.isFile()) return true;
    const kind = found.isSymbolicLink() ? "a symbolic link" : "not a regular file";
    throw invalidPlace(`${path} is ${kind}`, NAME_ANOTHER);
  }

  async function read(): Promise<string | undefined> {
    if (!(await exists())) return undefined;
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      return await readAndRestrict(file, path);
    } finally {
      await file.close();
    }
  }

  /** @returns the path of the temporary file */
  async function writeTemporary(text: string): Promise<string> {
    const temporary = temporaryPath();
    const file = await open(temporary, "wx", MODE);
    try {
      await file.chmod(MODE);
      await file.writeFile(text);
      await file.sync();
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    return temporary;
  }

  return {
    description: path,
    read: () => withFileFailures({ file: path, use: "read", cureOf }, read),
    async prepare() {
      await withFileFailures(writing, async () => {
        const folder = dirname(path);
        const found = await orUndefined(stat(folder));
        if (!found?.isDirectory()) {
          throw invalidPlace(
            `the folder ${folder} does not exist`,
            "Create it, or name another path.",
          );
        }
        // A later write replaces the file: it must be a secret, not another file.
        await read();
        await rm(await writeTemporary(""));
      });
    },
    store: (secret) =>
      withFileFailures(writing, async () => {
        await exists();
        const temporary = await writeTemporary(`${secret}\n`);
        try {
          await rename(temporary, path);
        } catch (error) {
          await rm(temporary, { force: true });
          throw error;
        }
      }),
    reference: () => Promise.resolve(`"$(cat '${path.replaceAll("'", "'\\''")}')"`),
  };
}

async function readAndRestrict(file: FileHandle, path: string): Promise<string | undefined> {
  const { mode, size } = await file.stat();
  const text = size > LONGEST_BYTES ? undefined : (await file.readFile("utf8")).trim();
  if (text === undefined || /\s/.test(text)) {
    throw invalidPlace(`${path} holds something other than a client secret`, NAME_ANOTHER);
  }
  if ((mode & 0o777) !== MODE) await file.chmod(MODE);
  return text === "" ? undefined : text;
}

async function orUndefined<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** What to do about an error of the file system. */
function cureOf(code: string): string {
  return /^(EACCES|EPERM|EROFS)$/.test(code)
    ? "Name a path whose folder and file you own."
    : "Name another path, on a disk with free space.";
}
