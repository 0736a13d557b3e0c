import { systemClocks } from "../app/clocks.ts";
import { composeLookup, dataOptions } from "../app/lookup.ts";
import type { Environment } from "../config/load.ts";
import { readLookupConfig } from "../config/read.ts";
import { CALL_DEADLINE_MS } from "../domain/call.ts";
import { Failure } from "../domain/failure.ts";
import type { PhoneRegion } from "../domain/identity/phone.ts";
import { dataOf } from "../domain/summary/lookup-data.ts";
import { epochMs } from "../domain/time.ts";
import { previewOf, previewText } from "../lookup/preview.ts";
import type { LookupRequest } from "../lookup/request.ts";
import { readLookupArguments, UnreadableArgument } from "./lookup-argument.ts";

export interface LookupCommand {
  /** A telephone number in any usual spelling, or an email address. */
  readonly who: string | undefined;
  /** An account, customer or case number. */
  readonly reference?: string | undefined;
  readonly json: boolean;
  /** Prints one or more lines of the result. */
  readonly print: (text: string) => void;
}

/**
 * `ringahead lookup`: prints what an agent would see for this customer. It writes nothing.
 * @throws {ConfigurationError | Failure} if the configuration is invalid, the argument is neither a number
 * nor an address (with `json` it is printed too), or Oracle does not answer.
 */
export async function runLookup(environment: Environment, command: LookupCommand): Promise<void> {
  const config = await readLookupConfig(environment);
  const options = dataOptions(config);
  const { json, print } = command;
  const request = readArgument(command, config.DEFAULT_PHONE_REGION);
  // A failure is thrown, so no fact reports it a second time.
  const around = { report: () => undefined, clocks: systemClocks(), random: Math.random };
  const composed = await composeLookup(config, around);
  try {
    const answer = await composed.lookup(request, CALL_DEADLINE_MS);
    if (answer.match === "pending") throw tooSlow();
    const preview = previewOf(answer, options, epochMs(Date.now()));
    const data =
      answer.match === "found" ? dataOf(answer.history, options, answer.asOf) : undefined;
    if (json) {
      print(JSON.stringify({ status: answer.match, data, ...preview }));
    } else {
      print(`${answer.match}\n`);
      print(previewText(preview, options));
    }
  } finally {
    composed.close();
  }
}

function readArgument(
  { who, reference, json, print }: LookupCommand,
  region: PhoneRegion,
): LookupRequest {
  try {
    return readLookupArguments(who, reference, region);
  } catch (error) {
    if (json && error instanceof UnreadableArgument) {
      const { message, why, cure } = error;
      print(JSON.stringify({ status: "error", error: message, why, cure }));
    }
    throw error;
  }
}

function tooSlow(): Failure {
  return new Failure({
    kind: "retryable",
    code: "timeout",
    source: "oracle",
    message: `Oracle did not answer within ${CALL_DEADLINE_MS} ms`,
    cure: "Check Oracle's response times and ORACLE_CONCURRENCY.",
  });
}
