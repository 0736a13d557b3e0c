import { randomInt } from "node:crypto";
import type { Readable } from "node:stream";
import { systemClocks } from "../app/clocks.ts";
import { seededOrder } from "../app/seeded-order.ts";
import { composeSpellingTrial, type SpellingTrial } from "../app/spelling-trial.ts";
import type { Environment } from "../config/load.ts";
import { readLookupConfig } from "../config/read.ts";
import { type ReadNumbers, readNumbers } from "../operations/spellings/read-numbers.ts";
import {
  type SpellingReport,
  spellingAdvice,
  spellingReportText,
} from "../operations/spellings/spelling-report.ts";
import { createTally } from "../operations/spellings/tally.ts";
import { type TrialEnd, trySpellings } from "../operations/spellings/try-spellings.ts";
import { progressBar } from "./dlq-progress.ts";
import { untilStopped } from "./stopping.ts";

export interface SpellingsCommand {
  /** The sample: a path; `-` is standard input. */
  readonly file: string;
  /** The most numbers. */
  readonly sample: number;
  /** Requests in a minute. */
  readonly rate: number;
  /** Undefined: a random one, which is printed. */
  readonly seed: number | undefined;
  readonly json: boolean;
}

export interface SpellingsTerminal {
  readonly stdin: Readable;
  /** Results, to standard output. */
  readonly print: (text: string) => void;
  /** Progress, to standard error. */
  readonly printStatus: (text: string) => void;
}

const SEEDS = 1_000_000;

/**
 * `ringahead report --try-spellings`: measures over a sample what forms would find that a live lookup
 * does not ask for. It prints counts only, never a number or a name, and writes nothing.
 * @returns how it ended; after an interruption or a failure what there is was printed, too
 * @throws {ConfigurationError | Failure} if the configuration or the sample is invalid, Oracle refuses
 * the login, or Oracle is not available.
 */
export async function runSpellings(
  environment: Environment,
  command: SpellingsCommand,
  terminal: SpellingsTerminal,
): Promise<"done" | "interrupted"> {
  const { file, seed = randomInt(SEEDS), sample: limit, rate: perMinute } = command;
  const config = await readLookupConfig(environment);
  const chosen = await readNumbers({
    ...{ place: file, stdin: terminal.stdin, limit, orderOf: seededOrder(String(seed)) },
    ...{ defaultRegion: config.DEFAULT_PHONE_REGION, placeholders: config.ORACLE_PLACEHOLDERS },
  });
  printStart(chosen, command, terminal);
  const stopping = untilStopped();
  const around = { clocks: systemClocks(), random: Math.random, signal: stopping.signal };
  const trial = await composeSpellingTrial(config, { ...around, perMinute });
  try {
    // A trial that was interrupted before its first lookup has a result, too.
    await trial.warm().catch((error) => {
      if (!stopping.signal.aborted) throw error;
    });
    const tally = createTally();
    const ended = await withProgress(chosen.numbers.length, terminal, (progress) =>
      trySpellings(chosen.numbers, { ...trial, tally, progress }),
    );
    const report = reportOf({ seed, chosen, ended, trial, rows: tally.rows() });
    terminal.print(command.json ? JSON.stringify(report) : spellingReportText(report));
    if (ended.end === "failed") throw ended.failure;
    return ended.end;
  } finally {
    trial.close();
    stopping.forget();
  }
}

interface ReportParts {
  readonly seed: number;
  readonly chosen: ReadNumbers;
  readonly ended: TrialEnd;
  readonly trial: SpellingTrial;
  readonly rows: SpellingReport["rows"];
}

function reportOf({ seed, chosen, ended, trial, rows }: ReportParts): SpellingReport {
  return {
    seed,
    lines: chosen.lines,
    wrongLines: chosen.wrong.count,
    numbers: chosen.numbers.length,
    end: ended.end,
    requests: trial.requests(),
    rows,
    advice: spellingAdvice(rows, trial.home),
  };
}

function printStart(
  { numbers, wrong }: ReadNumbers,
  { file, rate }: SpellingsCommand,
  { printStatus }: SpellingsTerminal,
): void {
  if (wrong.count > 0) {
    const more = wrong.count > wrong.first.length ? ", …" : "";
    printStatus(
      `Skipped ${wrong.count} lines that hold no telephone number: ${wrong.first.join(", ")}${more}`,
    );
  }
  printStatus(`Asking Oracle for ${numbers.length} numbers, at most ${rate} requests a minute`);
  if (file !== "-") {
    printStatus(`${file} holds personal data: delete it when the measurement is done.`);
  }
}

/** A bar on a terminal; otherwise a line for each tenth. */
async function withProgress<T>(
  total: number,
  { printStatus }: SpellingsTerminal,
  work: (progress: (done: number) => void) => Promise<T>,
): Promise<T> {
  if (!process.stderr.isTTY) {
    const step = Math.max(1, Math.ceil(total / 10));
    return work((done) => {
      if (done % step === 0 || done === total) printStatus(`${done} of ${total} numbers asked`);
    });
  }
  const bar = progressBar("asking");
  bar.start(total, 0);
  try {
    return await work((done) => bar.update(done));
  } finally {
    bar.stop();
  }
}
