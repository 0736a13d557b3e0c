import { asFailure } from "../domain/failure.ts";
import type { History } from "../domain/history/history.ts";
import type { CachedHistory } from "../domain/history/history-store.ts";
import type { Identity } from "../domain/identity/identity.ts";
import { numberGroup } from "../domain/identity/number-kind.ts";
import { createDistinctSample } from "../domain/sample/distinct-sample.ts";
import type { SampledMatch, SampledNumber } from "../domain/sample/sampled-number.ts";
import type { Report } from "../observability/facts/facts.ts";
import type { SampleFile } from "./sample-file.ts";

/** The sample of numbers that `ringahead report --try-spellings` measures. */
export interface ShadowSample {
  /** The same lookups. The results that matter go into the sample. */
  around(find: CachedHistory["find"]): CachedHistory["find"];
  /** Writes what is not written yet. Never rejects. */
  close(): Promise<void>;
}

export interface ShadowSampleDeps {
  readonly file: SampleFile;
  /** See `distinct-sample.ts`; the same for every run, so that a sample continues. */
  readonly orderOf: (number: string) => number;
  /** Numbers that stand for nobody. */
  readonly placeholders: ReadonlySet<string>;
  readonly report: Report;
  /** The most numbers. */
  readonly limit?: number;
  /** The shortest time between two writes, in ms. */
  readonly writeEveryMs?: number;
}

const MOST_NUMBERS = 500;
const WRITE_EVERY_MS = 30_000;

/**
 * Opens the sample, and continues the one in the file. It holds numbers that were not found, are
 * ambiguous or were found by their national digits alone. Email addresses and references are left out:
 * there is no further form of them to try.
 * @throws {Failure} if the file cannot be used.
 */
export async function openShadowSample(deps: ShadowSampleDeps): Promise<ShadowSample> {
  const { file, orderOf, placeholders, report } = deps;
  const { limit = MOST_NUMBERS, writeEveryMs = WRITE_EVERY_MS } = deps;
  const sample = createDistinctSample<SampledNumber>({ limit, orderOf });
  let timer: NodeJS.Timeout | undefined;
  let written: Promise<void> = Promise.resolve();
  let hasFailed = false;

  /** A failure is reported once until a write succeeds. The next change tries again. */
  async function write(): Promise<void> {
    try {
      await file.write(sample.values());
      hasFailed = false;
    } catch (error) {
      if (!hasFailed) report("sample.failed", { reason: asFailure(error).message });
      hasFailed = true;
    }
  }

  function writeNow(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    written = written.then(write);
    return written;
  }

  function record(identity: Identity, history: History): void {
    if (identity.kind !== "phone" || placeholders.has(identity.number)) return;
    const { number } = identity;
    const match = sampledMatch(history);
    if (match === sample.get(number)?.match) return;
    const { country } = numberGroup(number);
    const changed =
      match === undefined
        ? sample.remove(number)
        : sample.offer(number, { number, match, country });
    if (changed) timer ??= setTimeout(writeNow, writeEveryMs).unref();
  }

  for (const known of await file.read()) sample.offer(known.number, known);
  await file.write(sample.values());
  return {
    around: (find) => async (identity, call) => {
      const found = await find(identity, call);
      record(identity, found.history);
      return found;
    },
    close: () => (timer === undefined ? written : writeNow()),
  };
}

/** Undefined if the customer is found for sure. */
function sampledMatch(history: History): SampledMatch | undefined {
  if (history.match !== "found") return history.match;
  return history.rank === "national" ? "national" : undefined;
}
