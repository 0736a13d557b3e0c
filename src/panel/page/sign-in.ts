import * as oauth from "oauth4webapi";
import * as z from "zod/mini";
import type { PanelAddress } from "../address.ts";

/** The agent's own login: authorization code with PKCE, no secret (RFC 7636). */
export interface PanelSignIn {
  /** A token that is still good; undefined where the agent has to sign in first. */
  token(): string | undefined;
  /** Drops the token, which the API has refused. */
  forget(): void;
  /** Leaves the page for the login, which comes back to it; or does that in a window of its own. */
  begin(): Promise<void>;
}

const TOKEN = "ringahead:token";
const PENDING = "ringahead:pending:";
/** A token that ends within this time is not used any more. */
const MARGIN_MS = 60_000;

const kept = z.object({ token: z.string(), until: z.number(), issuer: z.string() });
const pending = z.object({ verifier: z.string(), search: z.string() });

/** Where the login comes back to: the page without its query, as the OAuth client has it. */
function redirectUri(): string {
  return location.origin + location.pathname;
}

/**
 * Where the login has come back with a code, the query that the page had before: it is then shown again,
 * as if nothing had happened. In a window of its own the code goes to the page that opened it.
 * @returns the parameters of the login's answer, or undefined where there are none
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

export function createPanelSignIn({ loginUrl, clientId, popup }: PanelAddress) {
  const server: oauth.AuthorizationServer = {
    issuer: loginUrl,
    authorization_endpoint: `${loginUrl}/oauth/authorize`,
    token_endpoint: `${loginUrl}/oauth/token`,
  };
  const client: oauth.Client = { client_id: clientId };
  // Plain HTTP only where the address is of this machine: the sandbox's (address.ts).
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

  /** Exchanges the code for a token. @throws where the login refused, or the answer is not ours. */
  async function complete(answer: URLSearchParams): Promise<void> {
    const state = answer.get("state") ?? "";
    const before = pendingOf(state);
    sessionStorage.removeItem(PENDING + state);
    if (before === undefined) throw new Error("the login was not asked for by this page");
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
    // Opened at once, for browsers allow it only as the answer to a click.
    const opened = window.open("about:blank", "_blank", "width=500,height=650");
    if (opened === null) throw new Error("the browser did not open a window for the login");
    opened.location.replace(await authorizeUrl());
    await complete(await answerOf());
  }

  return { token, begin, complete, forget: () => sessionStorage.removeItem(TOKEN) };
}

/** What the window of the login tells. */
function answerOf(): Promise<URLSearchParams> {
  const { promise, resolve } = Promise.withResolvers<URLSearchParams>();
  const told = z.object({ answer: z.string() });
  const listen = ({ origin, data }: MessageEvent<unknown>) => {
    const read = z.safeParse(told, data);
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
