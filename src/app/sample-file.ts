import { lstat, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { Failure } from "../domain/failure.ts";
import { systemCode, withFileFailures } from "../domain/file-failure.ts";
import {
  readSampledNumber,
  type SampledNumber,
  sampleText,
} from "../domain/sample/sampled-number.ts";

/** The file with the sample of shadow mode. Only its owner can read it. */
export interface SampleFile {
  /** @throws {Failure} if the file cannot be read, or holds anything but a sample. */
  read(): Promise<readonly SampledNumber[]>;
  /** Replaces the file: a reader sees the old or the new one. @throws {Failure} */
  write(numbers: readonly SampledNumber[]): Promise<void>;
}

const MODE = 0o600;
const CURE = "Name a path in a folder that exists and that only the worker's user can write.";
/** A sample of 500 numbers has 40 KB. */
const LARGEST_BYTES = 1_000_000;

export function sampleFile(givenPath: string): SampleFile {
  const path = resolve(givenPath);
  // Always the same name, so that no copy is left after a worker was killed.
  const temporary = join(dirname(path), `.${basename(path)}.ringahead`);
  const failing = { file: `SHADOW_SAMPLE_FILE ${path}`, cureOf: () => CURE };

  async function read(): Promise<readonly SampledNumber[]> {
    const found = await lstat(path).catch((error) => {
      if (systemCode(error) === "ENOENT") return undefined;
      throw error;
    });
    if (found === undefined) return [];
    if (!found.isFile() || found.size > LARGEST_BYTES) throw notASample(path);
    const lines = (await readFile(path, "utf8")).split("\n").filter((line) => line.trim() !== "");
    const numbers = lines.map(readSampledNumber).filter((one) => one !== undefined);
    if (numbers.length < lines.length) throw notASample(path);
    return numbers;
  }

  async function write(numbers: readonly SampledNumber[]): Promise<void> {
    await rm(temporary, { force: true });
    await writeFile(temporary, sampleText(numbers), { mode: MODE, flag: "wx", flush: true });
    await rename(temporary, path);
  }

  return {
    read: () => withFileFailures({ ...failing, use: "read" }, read),
    write: (numbers) => withFileFailures({ ...failing, use: "written" }, () => write(numbers)),
  };
}

function notASample(path: string): Failure {
  return new Failure({
    kind: "misconfigured",
    code: "bad_request",
    source: "worker",
    message: `SHADOW_SAMPLE_FILE ${path} holds something other than a sample of shadow mode`,
    cure: "Name a path with no file yet, or the file of an earlier run: the worker replaces it.",
  });
}
