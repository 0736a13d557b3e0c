import * as oauth from "oauth4webapi";
import { asFailure, type Failure } from "../../../domain/failure.ts";
import { failureOfConnection } from "../../../resilience/http/unreached.ts";
import { openCallback } from "./callback.ts";
import {
  noLogin,
  ofAnotherLogin,
  ofRefusedCode,
  ofRefusedLogin,
  signInInterrupted,
  signInTimedOut,
  tooLate,
} from "./failure.ts";

export interface AdministratorSignInDeps {
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
export async function signInAdministrator(options: AdministratorSignInDeps): Promise<string> {
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
      lateness.aborted ? signInTimedOut(timeoutMs, redirectUri) : signInInterrupted(),
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
async function exchange(options: AdministratorSignInDeps, answered: Answered): Promise<string> {
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
    if (options.signal.aborted) throw signInInterrupted();
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
  if (isLate) return tooLate(what);
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
