import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { Failure } from "../../domain/failure.ts";
import { systemCode } from "../../domain/file-failure.ts";
import { identifyAddress } from "../../domain/identity/customer.ts";
import type { E164 } from "../../domain/identity/identity.ts";
import type { PhoneRegion } from "../../domain/identity/phone.ts";
import { createDistinctSample } from "../../domain/sample/distinct-sample.ts";
import { readSampledNumber } from "../../domain/sample/sampled-number.ts";

export interface ReadNumbersOptions {
  /** A path; `-` is standard input. */
  readonly place: string;
  readonly stdin: Readable;
  /** The region of numbers without a country code. */
  readonly defaultRegion: PhoneRegion;
  /** The most numbers. */
  readonly limit: number;
  /** See `distinct-sample.ts`: it decides which numbers are chosen if there are more. */
  readonly orderOf: (number: string) => number;
  /** Numbers that stand for nobody. */
  readonly placeholders: ReadonlySet<string>;
}

/** The numbers of a file. Nothing but `numbers` holds anything of its content. */
export interface ReadNumbers {
  /** Distinct, at most the limit, chosen at random if there are more. */
  readonly numbers: readonly E164[];
  /** Lines with a number, duplicates included. */
  readonly lines: number;
  /** Lines that hold no telephone number: how many, and where the first ones are, from 1. */
  readonly wrong: { readonly count: number; readonly first: readonly number[] };
}

const MOST_WRONG_LINES = 10;

/**
 * Reads a file as shadow mode writes it, or a list with one number in a line, in constant memory.
 * @throws {Failure} if the file cannot be read, or has no number.
 */
export async function readNumbers(options: ReadNumbersOptions): Promise<ReadNumbers> {
  const { place, stdin, defaultRegion, placeholders } = options;
  const sample = createDistinctSample<E164>(options);
  const first: number[] = [];
  let at = 0;
  let lines = 0;
  let wrong = 0;

  function take(line: string): void {
    at += 1;
    const text = line.replace(/^\uFEFF/, "").trim();
    if (text === "") return;
    const number = numberIn(text, defaultRegion);
    if (number === undefined) {
      wrong += 1;
      if (first.length < MOST_WRONG_LINES) first.push(at);
      return;
    }
    lines += 1;
    if (!placeholders.has(number)) sample.offer(number, number);
  }

  const input = place === "-" ? stdin : createReadStream(place);
  const reader = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  try {
    for await (const line of reader) take(line);
  } catch (error) {
    throw unreadable(place, error);
  } finally {
    reader.close();
  }
  const numbers = sample.values();
  if (numbers.length === 0) throw empty(place, wrong);
  return { numbers, lines, wrong: { count: wrong, first } };
}

function numberIn(text: string, defaultRegion: PhoneRegion): E164 | undefined {
  const written = text.startsWith("{") ? readSampledNumber(text)?.number : text;
  if (written === undefined) return undefined;
  const identified = identifyAddress(written, { defaultRegion });
  if (!identified.usable || identified.identity.kind !== "phone") return undefined;
  return identified.identity.number;
}

function unreadable(place: string, error: unknown): Failure {
  const code = systemCode(error) ?? "unknown";
  return wrongFile(
    `the sample ${JSON.stringify(place)} cannot be read (${code})`,
    "Give --try-spellings the path of a file that this user can read, or - for standard input.",
  );
}

function empty(place: string, wrong: number): Failure {
  const found = wrong === 0 ? "is empty" : `holds no telephone number in its ${wrong} lines`;
  return wrongFile(
    `the sample ${JSON.stringify(place)} ${found}`,
    "Give the file that a worker wrote with SHADOW=true and SHADOW_SAMPLE_FILE, or a list with one number in a line. A sample stays empty as long as every customer is found by an exact number.",
  );
}

function wrongFile(message: string, cure: string): Failure {
  return new Failure({
    ...{ kind: "misconfigured", code: "bad_request", source: "worker" },
    ...{ message, cure },
  } as const);
}
