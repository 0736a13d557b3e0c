import { z } from "zod";
import type { Call } from "../../domain/call.ts";
import { Failure } from "../../domain/failure.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { HttpAnswer } from "../../resilience/http/client.ts";
import { failureOfStatus, type RequestInfo } from "../../resilience/http/status.ts";
import type { SourceDeps } from "../dialect/descriptor.ts";

/** Connect REST of Oracle B2C Service, v1.4 (Oracle Help Center, "REST API for Oracle B2C Service"). */
const QUERY_RESULTS = "/services/rest/connect/v1.4/queryResults";
/** Mandatory, at most 40 characters. Oracle's usage statistics show it, so it holds nothing personal. */
const APPLICATION_CONTEXT = "ringahead";
const ACCESS_TOKEN = "osvc-crest-api-access-token";

/** `queryResults` with the headers that Oracle requires. */
export interface ConnectRest {
  /**
   * @returns the answer with status 200, or a 400 that may mean that the site cannot run the query.
   * @throws {Failure} for any other status, and for a 400 that the query did not cause.
   */
  query(roql: string, call: Call): Promise<HttpAnswer>;
}

/** @param acceptLanguage sent only if it is set: Oracle refuses any language but the interface's */
export function createConnectRest(
  acceptLanguage: string | undefined,
  { send, epochNow }: Pick<SourceDeps, "send" | "epochNow">,
): ConnectRest {
  /** Oracle issues it with an answer and requires it, unaltered, in the next request. */
  let accessToken: string | undefined;

  async function get(roql: string, echo: string | undefined, call: Call): Promise<HttpAnswer> {
    const answer = await send(
      {
        method: "GET",
        // URLSearchParams writes a space as `+`. Oracle does not document that it accepts this.
        path: `${QUERY_RESULTS}?query=${encodeURIComponent(roql)}`,
        headers: {
          "osvc-crest-application-context": APPLICATION_CONTEXT,
          ...(echo && { [ACCESS_TOKEN]: echo }),
          ...(acceptLanguage && { "accept-language": acceptLanguage }),
        },
      },
      call,
    );
    accessToken = answer.headers[ACCESS_TOKEN] ?? (answer.status === 200 ? accessToken : undefined);
    return answer;
  }

  return {
    async query(roql, call) {
      const echo = accessToken;
      let answer = await get(roql, echo, call);
      // With several requests at once, the token may not be the latest, and Oracle may refuse it.
      if (answer.status === 400 && echo !== undefined) answer = await get(roql, undefined, call);
      if (answer.status === 200) return answer;
      if (answer.status === 400 && CURES[errorCode(answer)] === undefined) return answer;
      throw failureOfConnect(answer, epochNow());
    },
  };
}

const errorSchema = z.object({ "o:errorCode": z.string().regex(/^OSC-CREST-\d{5}$/) });

/** Oracle's error code. `detail` is not read: it may repeat the query, and so a customer's number. */
function errorCode(answer: HttpAnswer): string {
  try {
    return errorSchema.parse(JSON.parse(answer.text))["o:errorCode"];
  } catch {
    return "no error code";
  }
}

const NO_SUCH_PATH = "OSC-CREST-00013";

/** The cure of each error that the query did not cause (Connect REST, list of error codes). */
const CURES: Readonly<Record<string, string>> = {
  "OSC-CREST-00003": "Ask Oracle to update the site: it lacks version 1.4 of Connect REST.",
  [NO_SUCH_PATH]: "Check ORACLE_BASE_URL: it must be the origin of the site, without a path.",
  "OSC-CREST-00014":
    "Grant the profile of the staff account the permission for the public REST API.",
  "OSC-CREST-00015": "Ask Oracle to enable Connect REST on this site.",
  "OSC-CREST-00016":
    "Grant the profile of the staff account the permission for this kind of access.",
  "OSC-CREST-00017": "Unset ORACLE_ACCEPT_LANGUAGE, or set it to the language of the interface.",
};
const LOGIN_CURE =
  "Check the staff account whose user name is the client id: it may be missing or locked, or its profile may lack SSO login. See docs/reference/oracle.md.";
const STANDARD_CURE =
  "Check the profile's permissions on contacts and incidents, and ORACLE_REFERENCE_FIELDS if it is set. See docs/reference/oracle.md.";

/**
 * [pure] The failure of an answer of Connect REST. All queries come from fixed templates, so the cause of
 * a refusal is the set-up, not the conversation: `misconfigured`, never `permanent`.
 */
export function failureOfConnect(answer: HttpAnswer, now: EpochMs): Failure {
  const info: RequestInfo = { source: "oracle", what: `GET ${QUERY_RESULTS}`, now };
  const code = errorCode(answer);
  const general = failureOfStatus(answer, info);
  if (general.kind === "retryable" && CURES[code] === undefined) return general;
  return new Failure({
    kind: "misconfigured",
    code: general.code,
    source: "oracle",
    status: answer.status,
    message: `${info.what} answered ${answer.status} (${code})`,
    cure: cureOf(answer.status, code) ?? STANDARD_CURE,
  });
}

function cureOf(status: number, code: string): string | undefined {
  if (status === 401) return LOGIN_CURE;
  // Any 404 means that nothing answers at this path, with or without an error code.
  return CURES[status === 404 ? NO_SUCH_PATH : code];
}
