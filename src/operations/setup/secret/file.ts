import { constants } from "node:fs";
import { type FileHandle, lstat, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { Failure } from "../../../domain/failure.ts";
import { type SecretPlace, wrongPlace } from "./place.ts";

/** Its owner may read and write it, and nobody else. */
const MODE = 0o600;
/** No client secret is longer; another file was named by mistake. */
const LONGEST_BYTES = 4_096;
const OF_ITS_OWN = "Name the path of a file of its own, or of one to be made.";

/**
 * A file that only its owner may read; one that others may read is tightened. It is written beside
 * its place and moved there, so that a run that breaks off leaves the old one whole.
 * @param newName a name for the file beside it, without what belongs to the path
 */
export function secretFile(given: string, newName: () => string): SecretPlace {
  const path = resolve(given);
  const beside = () => join(dirname(path), `.${basename(path)}.${newName()}`);

  /** @returns whether there is one. */
  async function isThere(): Promise<boolean> {
    const found = await orNothing(lstat(path));
    if (found === undefined) return false;
    if (found.isFile()) return true;
    const kind = found.isSymbolicLink() ? "a symbolic link" : "no file";
    throw wrongPlace(`${path} is ${kind}`, OF_ITS_OWN);
  }

  async function read(): Promise<string | undefined> {
    if (!(await isThere())) return undefined;
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      return await readTightened(file, path);
    } finally {
      await file.close();
    }
  }

  async function write(text: string): Promise<string> {
    const part = beside();
    const file = await open(part, "wx", MODE);
    try {
      await file.chmod(MODE);
      await file.writeFile(text);
      await file.sync();
    } catch (error) {
      await rm(part, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    return part;
  }

  return {
    told: path,
    async read() {
      return await told(path, "read", read);
    },
    async prepare() {
      await told(path, "written", async () => {
        const folder = dirname(path);
        const found = await orNothing(stat(folder));
        if (!found?.isDirectory()) {
          throw wrongPlace(`there is no folder ${folder}`, "Make it, or name another path.");
        }
        // What is there is replaced later: it must be a secret, not somebody's settings.
        await read();
        await rm(await write(""));
      });
    },
    async keep(secret) {
      return await told(path, "written", async () => {
        await isThere();
        const part = await write(`${secret}\n`);
        try {
          await rename(part, path);
        } catch (error) {
          await rm(part, { force: true });
          throw error;
        }
      });
    },
    reference: () => Promise.resolve(`"$(cat '${path.replaceAll("'", "'\\''")}')"`),
  };
}

async function readTightened(file: FileHandle, path: string): Promise<string | undefined> {
  const { mode, size } = await file.stat();
  const text = size > LONGEST_BYTES ? undefined : (await file.readFile("utf8")).trim();
  if (text === undefined || /\s/.test(text)) {
    throw wrongPlace(`${path} holds something else than a client secret`, OF_ITS_OWN);
  }
  if ((mode & 0o777) !== MODE) await file.chmod(MODE);
  return text === "" ? undefined : text;
}

async function orNothing<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** What the system refuses, in words of our own. */
async function told<T>(path: string, done: "read" | "written", work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = codeOf(error);
    if (error instanceof Failure || code === undefined) throw error;
    throw new Failure({
      kind: "misconfigured",
      code: "forbidden",
      source: "worker",
      message: `${path} cannot be ${done} (${code})`,
      errno: code,
      cure: /^(EACCES|EPERM|EROFS)$/.test(code)
        ? "Name a path in a folder that you own, and a file that is yours."
        : "Name another path, on a disk that has room.",
    });
  }
}

function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}
