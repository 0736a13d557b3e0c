import * as oauth from "oauth4webapi";
import { asFailure, Failure, type FailureCode, type FailureKind } from "../failure.ts";
import { failureOfConnection } from "../http/unreached.ts";
import { openCallback } from "./callback.ts";

export interface SignInOptions {
  /** Origin of Genesys Cloud's login, as `https://login.mypurecloud.com`. */
  readonly loginUrl: string;
  /** An OAuth client of the kind "Code authorization", with our address among its redirect URIs. */
  readonly clientId: string;
  /** Where the login comes back to: `http://localhost:<port>/callback`. 0: any that is free. */
  readonly port: number;
  /** Tells the person who runs this which address to open. */
  readonly say: (url: string) => void;
  readonly signal: AbortSignal;
  /** How long the person has to sign in, in ms. */
  readonly timeoutMs: number;
}

const EXCHANGE_MS = 15_000;

/**
 * A person signs in with a browser of their own choice: authorization code with PKCE (RFC 7636) and a
 * redirect to this machine (RFC 8252, section 7.3). No browser is started, and no socket stays open.
 * @returns the access token
 * @throws {Failure} where the port is taken, the login or its token endpoint refuses, the answer
 * belongs to another login, or nobody came in time.
 */
export async function signIn(options: SignInOptions): Promise<string> {
  const { loginUrl, clientId, port, say, timeoutMs } = options;
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const challenge = await oauth.calculatePKCECodeChallenge(verifier);
  const callback = await openCallback(port);
  const { redirectUri } = callback;
  try {
    const url = new URL("/oauth/authorize", loginUrl);
    url.search = new URLSearchParams({
      client_id: clientId,
      response_type: "code",
      redirect_uri: redirectUri,
      state,
      code_challenge: challenge,
      code_challenge_method: "S256",
    }).toString();
    say(url.href);
    const lateness = AbortSignal.timeout(timeoutMs);
    const signal = AbortSignal.any([options.signal, lateness]);
    const answer = await unless(signal, callback.answer, () =>
      lateness.aborted ? nobodyCame(timeoutMs, redirectUri) : calledOff(),
    );
    return await exchange(options, { answer, state, verifier, redirectUri });
  } finally {
    await callback.close();
  }
}

interface Answered {
  readonly answer: URLSearchParams;
  readonly state: string;
  readonly verifier: string;
  readonly redirectUri: string;
}

/** The code for a token (RFC 6749, section 4.1.3). */
async function exchange(options: SignInOptions, answered: Answered): Promise<string> {
  const { loginUrl, clientId } = options;
  const { answer, state, verifier, redirectUri } = answered;
  const server = { issuer: loginUrl, token_endpoint: new URL("/oauth/token", loginUrl).href };
  const client = { client_id: clientId };
  const lateness = AbortSignal.timeout(EXCHANGE_MS);
  const over = new AbortController();
  if (answer.get("state") !== state) throw ofAnotherLogin();
  try {
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      oauth.None(),
      oauth.validateAuthResponse(server, client, answer, state),
      redirectUri,
      verifier,
      {
        signal: AbortSignal.any([options.signal, lateness, over.signal]),
        // No connection is kept.
        headers: { connection: "close" },
        // Plain HTTP only where whoever runs this has named it: the sandbox's.
        [oauth.allowInsecureRequests]: loginUrl.startsWith("http:"),
      },
    );
    const token = await oauth.processAuthorizationCodeResponse(server, client, response);
    return token.access_token;
  } catch (error) {
    if (options.signal.aborted) throw calledOff();
    throw failureOf(error, server.token_endpoint, redirectUri, lateness.aborted);
  } finally {
    // An answer that was not read to its end holds its connection.
    over.abort();
  }
}

/** What comes, unless the signal is aborted first. */
async function unless<T>(
  signal: AbortSignal,
  coming: Promise<T>,
  failed: () => Failure,
): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(failed());
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([coming, promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

function failureOf(
  error: unknown,
  endpoint: string,
  redirectUri: string,
  isLate: boolean,
): Failure {
  const what = `POST ${endpoint}`;
  if (error instanceof oauth.AuthorizationResponseError) return ofRefusedLogin(error.error);
  if (error instanceof oauth.ResponseBodyError) {
    return ofRefusedCode(what, error.status, error.error, redirectUri);
  }
  if (error instanceof oauth.WWWAuthenticateChallengeError) {
    return ofRefusedCode(what, error.status, "", redirectUri);
  }
  if (error instanceof oauth.OperationProcessingError) {
    const status = error.cause instanceof Response ? error.cause.status : 200;
    if (status >= 400) return ofRefusedCode(what, status, "", redirectUri);
    return failure(
      "retryable",
      "malformed_answer",
      `${what}: this is no answer of Genesys Cloud's login (${error.code ?? "no code"})`,
      "Check GENESYS_REGION and GENESYS_LOGIN_URL. Does a proxy answer at this address?",
    );
  }
  if (isLate) {
    return failure("retryable", "timeout", `${what}: no answer in time`, "Sign in again.");
  }
  const cause = error instanceof Error ? error.cause : undefined;
  if (!(cause instanceof Error && "code" in cause)) return asFailure(error);
  return failureOfConnection(String(cause.code), cause, { source: "genesys", what });
}

/** By RFC 6749, section 4.1.2.1. */
function ofRefusedLogin(error: string): Failure {
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

/** By RFC 6749, section 5.2. */
function ofRefusedCode(what: string, status: number, error: string, redirectUri: string): Failure {
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

function ofAnotherLogin(): Failure {
  return failure(
    "retryable",
    "bad_request",
    "what came back belongs to another login (wrong state)",
    "Close what is open of earlier logins, and open the address that is told next.",
  );
}

function nobodyCame(timeoutMs: number, redirectUri: string): Failure {
  return failure(
    "retryable",
    "timeout",
    `nobody came back from the login within ${timeoutMs / 1000} s`,
    `Open the address in a browser on this machine. Where Genesys Cloud shows an error there, the OAuth client is of another region (GENESYS_REGION), or lacks the redirect URI ${redirectUri}, to the letter.`,
  );
}

function calledOff(): Failure {
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
