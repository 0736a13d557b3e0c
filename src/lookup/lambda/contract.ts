import { STATUS_CODES } from "node:http";
import { z } from "zod";
import type { Failure } from "../../domain/failure.ts";
import {
  type DataOptions,
  dataOf,
  type LookupData,
  noData,
} from "../../domain/summary/lookup-data.ts";
import type { LookupAnswer } from "../lookup.ts";
import { type LookupRequest, lookupInput, readLookupRequest } from "../request.ts";

/** The answer to a data action. */
export type ActionAnswer =
  | {
      readonly status: "success";
      readonly data: LookupData & { readonly result: ActionResult };
    }
  | {
      readonly status: "error";
      readonly error: string;
      readonly data: Readonly<Record<string, never>>;
    };

/** The result of a lookup. A number that cannot identify a customer is `not_found`, too. */
type ActionResult = "success" | "not_found" | "ambiguous";

type ReadActionEvent =
  | { readonly ok: true; readonly request: LookupRequest }
  | { readonly ok: false; readonly error: string };

const NO_DATA = "Invalid input: 'data' key missing from event.";
const TIMED_OUT = "Request to external API timed out.";

const named = z.object({ data: z.record(z.string(), z.unknown()) });
const bare = z
  .record(z.string(), z.unknown())
  .refine((event) => Object.keys(lookupInput.shape).some((name) => name in event));

/**
 * [pure] Reads an event in either form: `{"actionName", "requestId", "data": {…}}`, or the fields of the
 * input contract themselves, as Genesys Cloud's AWS Lambda data action sends them.
 */
export function readActionEvent(event: unknown): ReadActionEvent {
  const inData = named.safeParse(event);
  const fields = inData.success ? inData.data.data : bare.safeParse(event).data;
  if (fields === undefined) return { ok: false, error: NO_DATA };
  const read = readLookupRequest(fields);
  if (read.ok) return read;
  const error = read.missing
    ? "Missing required parameter: phoneNumber"
    : `Invalid parameter: ${read.invalid}`;
  return { ok: false, error };
}

/** [pure] `pending` becomes a time-out, because a function does no work after its answer. */
export function answerOf(answer: LookupAnswer, options: DataOptions): ActionAnswer {
  switch (answer.match) {
    case "found":
      return {
        status: "success",
        data: { result: "success", ...dataOf(answer.history, options, answer.asOf) },
      };
    case "pending":
      return errorAnswer(TIMED_OUT);
    case "ambiguous":
      return { status: "success", data: { result: "ambiguous", ...noData(options.fields) } };
    case "not_found":
    case "anonymous":
      return { status: "success", data: { result: "not_found", ...noData(options.fields) } };
  }
}

/** [pure] */
export function errorAnswer(error: string): ActionAnswer {
  return { status: "error", error, data: {} };
}

/** [pure] A failure as the sentence that existing flows handle. */
export function sentenceOf(failure: Failure): string {
  if (failure.code === "timeout") return TIMED_OUT;
  if (failure.code === "conversation_not_found") return "Unknown conversationId.";
  const { status } = failure;
  if (status !== undefined) return `HTTP Error: ${status} ${STATUS_CODES[status] ?? ""}`.trim();
  if (failure.source === "worker" && failure.code === "bad_request") {
    return "conversationId is not served here.";
  }
  const side = failure.source === "genesys" ? "Genesys Cloud" : "Oracle";
  return `${side} is unavailable (${failure.code}).`;
}
