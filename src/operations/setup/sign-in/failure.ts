import { Failure, type FailureCode, type FailureKind } from "../../../domain/failure.ts";

/** [pure] By RFC 6749, section 4.1.2.1. */
export function ofRefusedLogin(error: string): Failure {
  const name = nameIn(error);
  const message = `the login was refused (${name})`;
  switch (name) {
    case "access_denied":
      return failure(
        "misconfigured",
        "forbidden",
        message,
        "Sign in as an administrator who can use this OAuth client, and allow the access.",
      );
    case "server_error":
    case "temporarily_unavailable":
      return failure("retryable", "server_error", message, "Sign in again later.");
    default:
      return failure(
        "misconfigured",
        "invalid_client",
        message,
        "Check that the OAuth client has the grant type Code Authorization (PKCE) and is active.",
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
  const name = error === "" ? "" : `, ${nameIn(error)}`;
  const message = `${what}: the token endpoint refused (${status}${name})`;
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
    `Check that the OAuth client is of this region (GENESYS_REGION), has the grant type Code Authorization (PKCE), which needs no secret, and has exactly ${redirectUri} among its redirect URIs.`,
    status,
  );
}

/** The state in the answer is not the one of this login. */
export function ofAnotherLogin(): Failure {
  return failure(
    "retryable",
    "bad_request",
    "the answer belongs to another login (wrong state)",
    "Close the windows of earlier logins, run the command again and open the address that it prints.",
  );
}

/** Also if the login shows an error page: it does not redirect then. */
export function signInTimedOut(timeoutMs: number, redirectUri: string): Failure {
  return failure(
    "retryable",
    "timeout",
    `the login was not completed within ${timeoutMs / 1000} s`,
    `Open the address in a browser on this machine, or on one that forwards this port (ssh -L). If Genesys Cloud shows an error there, the OAuth client is of another region (GENESYS_REGION) or does not have exactly the redirect URI ${redirectUri}.`,
  );
}

/** An answer with status 200 and no token. @param code of the OAuth library */
export function noLogin(what: string, code: string | undefined): Failure {
  return failure(
    "retryable",
    "malformed_answer",
    `${what}: not an answer of Genesys Cloud's login (${code ?? "no code"})`,
    "Check GENESYS_REGION and GENESYS_LOGIN_URL, and whether a proxy answers at this address.",
  );
}

/** The token endpoint did not answer. */
export function exchangeTimedOut(what: string): Failure {
  return failure("retryable", "timeout", `${what}: no answer in time`, "Sign in again.");
}

/** By the person who runs the command. */
export function signInInterrupted(): Failure {
  return failure("retryable", "aborted", "the login was interrupted", "Run the command again.");
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

/** A name of an OAuth error. The value is from an address, so anything else is not printed. */
function nameIn(error: string): string {
  return /^[\w.-]{1,60}$/.test(error) ? error : "no name";
}
