import { Failure, type FailureCode, type FailureKind } from "../../../domain/failure.ts";

/** [pure] By RFC 6749, section 4.1.2.1. */
export function ofRefusedLogin(error: string): Failure {
  const told = nameIn(error);
  const message = `the login was refused (${told})`;
  switch (told) {
    case "access_denied":
      return failure(
        "misconfigured",
        "forbidden",
        message,
        "Sign in as an administrator of the org, who may use this OAuth client, and agree.",
      );
    case "server_error":
    case "temporarily_unavailable":
      return failure("retryable", "server_error", message, "Sign in again later.");
    default:
      return failure(
        "misconfigured",
        "invalid_client",
        message,
        "The OAuth client must be of the kind Code authorization (PKCE), and switched on.",
      );
  }
}

/** [pure] By RFC 6749, section 5.2. */
export function ofRefusedCode(
  what: string,
  status: number,
  error: string,
  redirectUri: string,
): Failure {
  const told = error === "" ? "" : `, ${nameIn(error)}`;
  const message = `${what}: the token endpoint refused (${status}${told})`;
  if (status === 429) {
    return failure("retryable", "throttled", message, "Wait a minute, then sign in again.", status);
  }
  if (status >= 500) {
    return failure("retryable", "server_error", message, "Sign in again later.", status);
  }
  return failure(
    "misconfigured",
    "invalid_client",
    message,
    `The OAuth client must be of this region (GENESYS_REGION), of the kind Code authorization (PKCE), which needs no secret, and have ${redirectUri} among its redirect URIs, to the letter.`,
    status,
  );
}

/** The answer has another state than ours. */
export function ofAnotherLogin(): Failure {
  return failure(
    "retryable",
    "bad_request",
    "what came back belongs to another login (wrong state)",
    "Close what is open of earlier logins, and open the address that is told next.",
  );
}

/** Nobody came back: also where the login shows an error page, of which nothing is told to us. */
export function signInTimedOut(timeoutMs: number, redirectUri: string): Failure {
  return failure(
    "retryable",
    "timeout",
    `nobody came back from the login within ${timeoutMs / 1000} s`,
    `Open the address in a browser on this machine, or on one that this port is forwarded from (ssh -L). Where Genesys Cloud shows an error there, the OAuth client is of another region (GENESYS_REGION), or lacks the redirect URI ${redirectUri}, to the letter.`,
  );
}

/** What came with 200 and is no token. @param code of the library */
export function noLogin(what: string, code: string | undefined): Failure {
  return failure(
    "retryable",
    "malformed_answer",
    `${what}: this is no answer of Genesys Cloud's login (${code ?? "no code"})`,
    "Check GENESYS_REGION and GENESYS_LOGIN_URL. Does a proxy answer at this address?",
  );
}

/** The token endpoint did not answer. */
export function tooLate(what: string): Failure {
  return failure("retryable", "timeout", `${what}: no answer in time`, "Sign in again.");
}

/** By whoever runs this. */
export function signInInterrupted(): Failure {
  return failure("retryable", "aborted", "the login was called off", "Run the command again.");
}

function failure(
  kind: FailureKind,
  code: FailureCode,
  message: string,
  cure: string,
  status?: number,
): Failure {
  return new Failure({ kind, code, source: "genesys", message, cure, status });
}

/** An error's name as OAuth writes it: it came in an address, and may be anything. */
function nameIn(error: string): string {
  return /^[\w.-]{1,60}$/.test(error) ? error : "no name";
}
