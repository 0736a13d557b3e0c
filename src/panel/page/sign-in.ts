import * as oauth from "oauth4webapi";
import * as z from "zod/mini";
import type { PanelAddress } from "../address.ts";

/** The agent's own sign-in: authorization code with PKCE, without a secret (RFC 7636). */
interface PanelSignIn {
  /** A valid token; undefined if the agent must sign in first. */
  token(): string | undefined;
  /** Removes a token that the API has refused. */
  forget(): void;
  /** Redirects the page, or a window of its own, to the login. */
  begin(): Promise<void>;
  /** Exchanges the code for a token. @throws if the login refused, or the answer is not to our request */
  complete(answer: URLSearchParams): Promise<void>;
}

const TOKEN = "ringahead:token";
const PENDING = "ringahead:pending:";
/** A token that expires within this time counts as expired. */
const MARGIN_MS = 60_000;

const kept = z.object({ token: z.string(), until: z.number(), issuer: z.string() });
const pending = z.object({ verifier: z.string(), search: z.string() });

/** The URL to which the login redirects: the page without its query, as registered for the OAuth client. */
function redirectUri(): string {
  return location.origin + location.pathname;
}

/**
 * Reads the answer of the login and restores the query that the page had before. In a window of its own,
 * it sends the answer to the page that opened the window, and closes it.
 * @returns the parameters of the answer; undefined if there is none for this page
 */
export function returned(): URLSearchParams | undefined {
  const answer = new URLSearchParams(location.search);
  if (!answer.has("code") && !answer.has("error")) return undefined;
  const opener: Window | null = window.opener;
  if (opener !== null) {
    opener.postMessage({ answer: location.search }, location.origin);
    window.close();
    return undefined;
  }
  const before = pendingOf(answer.get("state") ?? "");
  if (before !== undefined) history.replaceState(null, "", redirectUri() + before.search);
  return answer;
}

export function createPanelSignIn({ loginUrl, clientId, popup }: PanelAddress): PanelSignIn {
  const server: oauth.AuthorizationServer = {
    issuer: loginUrl,
    authorization_endpoint: `${loginUrl}/oauth/authorize`,
    token_endpoint: `${loginUrl}/oauth/token`,
  };
  const client: oauth.Client = { client_id: clientId };
  // address.ts allows plain HTTP only for the sandbox on this machine.
  const insecure = { [oauth.allowInsecureRequests]: loginUrl.startsWith("http:") };

  async function authorizeUrl(): Promise<URL> {
    const verifier = oauth.generateRandomCodeVerifier();
    const state = oauth.generateRandomState();
    const { search } = location;
    sessionStorage.setItem(PENDING + state, JSON.stringify({ verifier, search }));
    const url = new URL(`${loginUrl}/oauth/authorize`);
    url.search = new URLSearchParams({
      client_id: clientId,
      response_type: "code",
      redirect_uri: redirectUri(),
      state,
      code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
      code_challenge_method: "S256",
    }).toString();
    return url;
  }

  async function complete(answer: URLSearchParams): Promise<void> {
    const state = answer.get("state") ?? "";
    const before = pendingOf(state);
    sessionStorage.removeItem(PENDING + state);
    if (before === undefined) throw new Error("this page did not request the sign-in: reload it");
    const valid = oauth.validateAuthResponse(server, client, answer, state);
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      oauth.None(),
      valid,
      redirectUri(),
      before.verifier,
      insecure,
    );
    const { access_token: token, expires_in: seconds = 0 } =
      await oauth.processAuthorizationCodeResponse(server, client, response);
    const until = Date.now() + seconds * 1000;
    sessionStorage.setItem(TOKEN, JSON.stringify({ token, until, issuer: loginUrl }));
  }

  function token(): string | undefined {
    const read = z.safeParse(kept, parsed(sessionStorage.getItem(TOKEN)));
    if (!read.success || read.data.issuer !== loginUrl) return undefined;
    return read.data.until - MARGIN_MS > Date.now() ? read.data.token : undefined;
  }

  async function begin(): Promise<void> {
    if (!popup) {
      location.assign(await authorizeUrl());
      return;
    }
    // Browsers open a window only during a click, so it must be open before the first await.
    const opened = window.open("about:blank", "_blank", "width=500,height=650");
    if (opened === null)
      throw new Error("the browser blocked the sign-in window: allow pop-ups for this page");
    opened.location.replace(await authorizeUrl());
    await complete(await answerOf());
  }

  return { token, begin, complete, forget: () => sessionStorage.removeItem(TOKEN) };
}

/** The answer that the sign-in window sends. */
function answerOf(): Promise<URLSearchParams> {
  const { promise, resolve } = Promise.withResolvers<URLSearchParams>();
  const message = z.object({ answer: z.string() });
  const listen = ({ origin, data }: MessageEvent<unknown>) => {
    const read = z.safeParse(message, data);
    if (origin !== location.origin || !read.success) return;
    removeEventListener("message", listen);
    resolve(new URLSearchParams(read.data.answer));
  };
  addEventListener("message", listen);
  return promise;
}

function pendingOf(state: string): z.output<typeof pending> | undefined {
  return z.safeParse(pending, parsed(sessionStorage.getItem(PENDING + state))).data;
}

function parsed(text: string | null): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return undefined;
  }
}
