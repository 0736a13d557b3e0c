import { z } from "zod";
import type { Call } from "../../domain/call.ts";
import { Failure } from "../../domain/failure.ts";
import type { EpochMs } from "../../domain/time.ts";
import type { HttpAnswer } from "../../resilience/http/client.ts";
import { failureOfStatus, type RequestInfo } from "../../resilience/http/status.ts";
import type { Send } from "../../resilience/sign-in/authorized.ts";

/** Connect REST of Oracle B2C Service, v1.4 (Oracle Help Center, "REST API for Oracle B2C Service"). */
const QUERY_RESULTS = "/services/rest/connect/v1.4/queryResults";
/** Mandatory, at most 40 characters; it names us in Oracle's meters, so it holds nothing personal. */
const APPLICATION_CONTEXT = "ringahead";
const ACCESS_TOKEN = "osvc-crest-api-access-token";

export interface ConnectRestOptions {
  readonly send: Send;
  /** Sent only where it is set: Oracle refuses a language that is not the interface's. */
  readonly acceptLanguage: string | undefined;
  readonly now: () => EpochMs;
}

/** `queryResults` with the headers that Oracle wants. */
export interface ConnectRest {
  /**
   * @returns the answer with status 200, or a 400 which may mean that the site cannot run the query.
   * @throws {Failure} for any other status, and for a 400 of which the query is not the cause.
   */
  query(roql: string, call: Call): Promise<HttpAnswer>;
}

export function createConnectRest(options: ConnectRestOptions): ConnectRest {
  const { send, acceptLanguage, now } = options;
  /** Oracle's answer hands it out, and wants it back unaltered with the next request. */
  let accessToken: string | undefined;

  async function ask(roql: string, echo: string | undefined, call: Call): Promise<HttpAnswer> {
    const answer = await send(
      {
        method: "GET",
        // Not URLSearchParams: whether Oracle reads its `+` as a space is not known.
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
      let answer = await ask(roql, echo, call);
      // Of several requests at once, which token is the latest is not known: it may be what was refused.
      if (answer.status === 400 && echo !== undefined) answer = await ask(roql, undefined, call);
      if (answer.status === 200) return answer;
      if (answer.status === 400 && CURES[errorCode(answer)] === undefined) return answer;
      throw failureOfConnect(answer, now());
    },
  };
}

const errorSchema = z.object({ "o:errorCode": z.string().regex(/^OSC-CREST-\d{5}$/) });

/** Oracle's error code. `detail` stays unread: it may repeat the query, and so a customer's number. */
function errorCode(answer: HttpAnswer): string {
  try {
    return errorSchema.parse(JSON.parse(answer.text))["o:errorCode"];
  } catch {
    return "no error code";
  }
}

const NOT_HERE = "OSC-CREST-00013";

/** What mends each error, by Connect REST's list of error codes. The query is the cause of none of them. */
const CURES: Readonly<Record<string, string>> = {
  "OSC-CREST-00003": "The site does not know v1.4 of Connect REST: it is older than this needs.",
  [NOT_HERE]: "Check ORACLE_BASE_URL: it is the site's origin, with no path.",
  "OSC-CREST-00014": "The profile of the staff account lacks permission for the public REST API.",
  "OSC-CREST-00015": "Have Oracle enable Connect REST on this site.",
  "OSC-CREST-00016": "The profile of the staff account lacks permission for this kind of access.",
  "OSC-CREST-00017": "Leave ORACLE_ACCEPT_LANGUAGE unset, or set it to the interface's language.",
};
const LOGIN_CURE =
  "The site knows no staff account whose user name is the client id, or it is locked, or its profile lacks SSO login: see docs/reference/oracle.md.";
const STANDARD_CURE =
  "The profile may lack a permission, or a field of ORACLE_CUSTOM_FIELDS does not exist on this site: see docs/reference/oracle.md.";

/**
 * [pure] The failure of an answer of Connect REST. The queries are fixed templates, so a refusal is
 * the set-up's fault and no conversation's: `misconfigured`, never `permanent`.
 */
export function failureOfConnect(answer: HttpAnswer, now: EpochMs): Failure {
  const asked: RequestInfo = { source: "oracle", what: `GET ${QUERY_RESULTS}`, now };
  const code = errorCode(answer);
  const general = failureOfStatus(answer, asked);
  if (general.kind === "retryable" && CURES[code] === undefined) return general;
  return new Failure({
    kind: "misconfigured",
    code: general.code,
    source: "oracle",
    status: answer.status,
    message: `${asked.what} answered ${answer.status} (${code})`,
    cure: cureOf(answer.status, code) ?? STANDARD_CURE,
  });
}

function cureOf(status: number, code: string): string | undefined {
  if (status === 401) return LOGIN_CURE;
  // A page that is no JSON says the same: nothing answers at this path.
  return CURES[status === 404 ? NOT_HERE : code];
}
