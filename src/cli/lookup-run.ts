import { systemClocks } from "../app/clocks.ts";
import { composeLookup, dataOptions } from "../app/lookup.ts";
import type { Environment } from "../config/load.ts";
import { readLookupConfig } from "../config/read.ts";
import { CALL_DEADLINE_MS } from "../domain/call.ts";
import { Failure } from "../domain/failure.ts";
import { dataOf } from "../domain/summary/lookup-data.ts";
import { epochMs } from "../domain/time.ts";
import { previewOf, previewText } from "../lookup/preview.ts";

export interface LookupCommand {
  /** A telephone number or an email address, as somebody types it. */
  readonly who: string;
  readonly json: boolean;
  /** A line, or several, of the result. */
  readonly print: (text: string) => void;
}

/**
 * `ringahead lookup`: what an agent would see for this customer. Nothing is written anywhere.
 * @throws {ConfigurationError | Failure} where Oracle gives no answer.
 */
export async function runLookup(environment: Environment, command: LookupCommand): Promise<void> {
  const config = await readLookupConfig(environment);
  const options = dataOptions(config);
  const { who, json, print } = command;
  // What goes wrong is thrown, and told once.
  const around = { report: () => undefined, clocks: systemClocks(), random: Math.random };
  const composed = await composeLookup(config, around);
  try {
    const by = who.includes("@") ? "email" : "phone";
    const answer = await composed.lookup({ by, address: who }, CALL_DEADLINE_MS);
    if (answer.match === "pending") throw tooSlow();
    const preview = previewOf(answer, options, epochMs(Date.now()));
    const data =
      answer.match === "found" ? dataOf(answer.history, options, answer.asOf) : undefined;
    const why = answer.match === "anonymous" ? answer.why : undefined;
    if (json) {
      print(JSON.stringify({ status: answer.match, why, data, ...preview }));
    } else {
      print(`${answer.match}${why === undefined ? "" : `: ${why}; Oracle was not asked`}\n`);
      print(previewText(preview, options));
    }
  } finally {
    composed.close();
  }
}

function tooSlow(): Failure {
  return new Failure({
    kind: "retryable",
    code: "timeout",
    source: "oracle",
    message: `Oracle had not answered after ${CALL_DEADLINE_MS} ms`,
    cure: "Look at Oracle's response times, and at ORACLE_CONCURRENCY.",
  });
}
