import type { FailureSource } from "../../domain/failure.ts";
import type { Clocks } from "../../domain/time.ts";
import type { Http } from "../http/client.ts";
import { authorized, type Send } from "./authorized.ts";
import type { OAuthClientLogin } from "./grant.ts";
import { type PasswordLogin, withPassword } from "./password.ts";
import { createTokenCache } from "./token.ts";

/** How a process signs in to an API. */
export type Login =
  | ({ readonly by: "password" } & PasswordLogin)
  | {
      readonly by: "token";
      /** Origin and path of the token endpoint. */
      readonly origin: string;
      readonly path: string;
      readonly client: OAuthClientLogin;
    };

/** Authenticates the requests to one API. */
export interface SignIn {
  /** Adds the credentials to every request. */
  authorize(send: Send): Send;
  /**
   * Gets the token, so that the next request need not wait for it.
   * @throws {Failure} if the token is refused.
   */
  warm(): Promise<void>;
  close(): void;
}

interface SignInDeps {
  readonly source: FailureSource;
  readonly login: Login;
  /** Opens an HTTP client for the token endpoint. */
  readonly open: (origin: string) => Http;
  /** Called when a refused secret has changed and its new value is tried. */
  readonly onChanged: (variable: string) => void;
  readonly clocks: Clocks;
  /** Aborted when the process stops. */
  readonly signal: AbortSignal;
}

export function createSignIn(deps: SignInDeps): SignIn {
  const { source, login, onChanged, clocks, signal } = deps;
  if (login.by === "password") {
    return {
      authorize: (send) => withPassword(send, { source, login, onChanged }),
      warm: () => Promise.resolve(),
      close() {},
    };
  }
  const { origin, path, client } = login;
  const http = deps.open(origin);
  const tokens = createTokenCache({ http, path, source, client, onChanged, clocks, signal });
  return {
    authorize: (send) => authorized(send, tokens),
    async warm() {
      await tokens.current();
    },
    close: () => http.close(),
  };
}

/** The account of a login. Processes with the same account share a budget. */
export function accountOf(login: Login): string {
  return login.by === "password" ? login.username : login.client.clientId;
}
