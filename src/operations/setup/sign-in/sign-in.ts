import * as oauth from "oauth4webapi";
import { asFailure, type Failure } from "../../../domain/failure.ts";
import { failureOfConnection } from "../../../resilience/http/unreached.ts";
import { openCallback } from "./callback.ts";
import {
  exchangeTimedOut,
  noLogin,
  ofAnotherLogin,
  ofRefusedCode,
  ofRefusedLogin,
  signInInterrupted,
  signInTimedOut,
} from "./failure.ts";

export interface AdministratorSignInDeps {
  /** Origin of Genesys Cloud's login, as `https://login.mypurecloud.com`. */
  readonly loginUrl: string;
  /** An OAuth client with the grant type "Code Authorization" and our redirect URI. */
  readonly clientId: string;
  /** The login redirects to `http://localhost:<port>/callback`. 0: any free port. */
  readonly port: number;
  /** Shows a person the address to open. */
  readonly showUrl: (url: string) => void;
  readonly signal: AbortSignal;
  /** How long the person has to sign in, in ms. */
  readonly timeoutMs: number;
}

const EXCHANGE_MS = 15_000;

/**
 * A person signs in with any browser: authorization code with PKCE (RFC 7636) and a redirect to this
 * machine (RFC 8252, section 7.3). Starts no browser and leaves no socket open.
 * @returns the access token
 * @throws {Failure} if the port is in use, the login or its token endpoint refuses, the answer belongs to
 * another login, or nobody completes the login in time.
 */
export async function signInAdministrator(deps: AdministratorSignInDeps): Promise<string> {
  const { loginUrl, clientId, port, showUrl, timeoutMs } = deps;
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
    showUrl(url.href);
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = AbortSignal.any([deps.signal, timeout]);
    const answer = await unlessAborted(signal, callback.answer, () =>
      timeout.aborted ? signInTimedOut(timeoutMs, redirectUri) : signInInterrupted(),
    );
    return await exchange(deps, { answer, state, verifier, redirectUri });
  } finally {
    await callback.close();
  }
}

interface LoginAnswer {
  readonly answer: URLSearchParams;
  readonly state: string;
  readonly verifier: string;
  readonly redirectUri: string;
}

/** Exchanges the code for a token (RFC 6749, section 4.1.3). */
async function exchange(
  { loginUrl, clientId, signal }: AdministratorSignInDeps,
  { answer, state, verifier, redirectUri }: LoginAnswer,
): Promise<string> {
  const server = { issuer: loginUrl, token_endpoint: new URL("/oauth/token", loginUrl).href };
  const client = { client_id: clientId };
  const timeout = AbortSignal.timeout(EXCHANGE_MS);
  const finished = new AbortController();
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
        signal: AbortSignal.any([signal, timeout, finished.signal]),
        // No socket stays open.
        headers: { connection: "close" },
        // Plain HTTP only if the configuration names it, as for the sandbox.
        [oauth.allowInsecureRequests]: loginUrl.startsWith("http:"),
      },
    );
    const token = await oauth.processAuthorizationCodeResponse(server, client, response);
    return token.access_token;
  } catch (error) {
    if (signal.aborted) throw signInInterrupted();
    throw failureOf(error, server.token_endpoint, redirectUri, timeout.aborted);
  } finally {
    // An unread answer would keep its connection open.
    finished.abort();
  }
}

/** Rejects if the signal is aborted first. */
async function unlessAborted<T>(
  signal: AbortSignal,
  result: Promise<T>,
  failure: () => Failure,
): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(failure());
  if (signal.aborted) abort();
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([result, promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

function failureOf(
  error: unknown,
  endpoint: string,
  redirectUri: string,
  isTimeout: boolean,
): Failure {
  const what = `POST ${endpoint}`;
  if (isTimeout) return exchangeTimedOut(what);
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
    return noLogin(what, error.code);
  }
  const cause = error instanceof Error ? error.cause : undefined;
  if (!(cause instanceof Error && "code" in cause)) return asFailure(error);
  return failureOfConnection(String(cause.code), cause, { source: "genesys", what });
}
