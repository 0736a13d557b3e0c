import type { Failure } from "../../domain/failure.ts";
import { type DataOptions, dataOf, type LookupData } from "../../domain/summary/lookup-data.ts";
import type { LookupAnswer } from "../lookup.ts";

/** The body of an answer with status 200. */
export type LookupBody =
  | { readonly status: "success"; readonly data: Partial<LookupData> }
  | {
      readonly status: "not_found" | "ambiguous" | "pending";
      readonly data: null;
      /** Why this number or address cannot identify a customer. */
      readonly reason?: string;
    };

/** Any other answer. Its body is `{"error": …}`. */
export interface LookupRefusal {
  readonly status: number;
  readonly error: string;
  readonly retryAfterSeconds?: number | undefined;
}

/** {@link bodyOf} for one configuration. It builds the body of a cached history only once. */
export function createBodies(options: DataOptions): (answer: LookupAnswer) => LookupBody {
  const built = new WeakMap<object, LookupBody>();
  return (answer) => {
    const key = answer.match === "found" ? answer.history : undefined;
    const body = (key && built.get(key)) ?? bodyOf(answer, options);
    if (key !== undefined) built.set(key, body);
    return body;
  };
}

/**
 * [pure] The body of an answer with 200. A number that cannot identify a customer is `not_found` with a
 * reason, because existing flows handle no other status. Names are omitted if they are switched off.
 */
function bodyOf(answer: LookupAnswer, options: DataOptions): LookupBody {
  switch (answer.match) {
    case "found":
      return {
        status: "success",
        data: shown(dataOf(answer.history, options, answer.asOf), options),
      };
    case "anonymous":
      return { status: "not_found", data: null, reason: answer.why };
    case "not_found":
    case "ambiguous":
    case "pending":
      return { status: answer.match, data: null };
  }
}

function shown(data: LookupData, { includeCustomerName }: DataOptions): Partial<LookupData> {
  if (includeCustomerName) return data;
  const { firstName: _, lastName: __, ...rest } = data;
  return rest;
}

const LEAST_WAIT_S = 1;
const USUAL_WAIT_S = 5;
const LONGEST_WAIT_S = 300;

/** [pure] The answer to a lookup that failed. */
export function lookupRefusal(failure: Failure): LookupRefusal {
  if (failure.code === "conversation_not_found") {
    return { status: 404, error: "Unknown conversationId" };
  }
  if (failure.source === "worker" && failure.code === "bad_request") {
    return { status: 400, error: "conversationId is not served here" };
  }
  const wait = Math.ceil((failure.retryAfterMs ?? USUAL_WAIT_S * 1000) / 1000);
  const side = failure.source === "genesys" ? "Genesys Cloud" : "Oracle";
  return {
    status: 503,
    error: `${side} is unavailable`,
    retryAfterSeconds: Math.min(LONGEST_WAIT_S, Math.max(LEAST_WAIT_S, wait)),
  };
}

/** [pure] The answer to an invalid request, by Fastify's error codes. */
export function refusalOfRequest(error: unknown): LookupRefusal {
  const { code, statusCode } = (error instanceof Error ? error : {}) as {
    readonly code?: unknown;
    readonly statusCode?: unknown;
  };
  if (code === "FST_ERR_CTP_EMPTY_JSON_BODY") {
    return { status: 400, error: "Missing phoneNumber field" };
  }
  switch (statusCode) {
    case 400:
      return { status: 400, error: "Body is not valid JSON" };
    case 413:
      return { status: 413, error: "Body is too large" };
    case 415:
      return { status: 415, error: "Content-Type must be application/json" };
    case 429:
      return { status: 429, error: "Too many requests" };
    default:
      return { status: 500, error: "Internal error" };
  }
}
