import type { FailureSource } from "../../domain/failure.ts";
import type { Clocks } from "../../domain/time.ts";
import type { Http } from "../http/client.ts";
import { authorized, type Send } from "./authorized.ts";
import type { OAuthClientLogin } from "./grant.ts";
import { type PasswordLogin, withPassword } from "./password.ts";
import { createTokenCache } from "./token.ts";

/** How an API is signed in to. */
export type Login =
  | ({ readonly by: "password" } & PasswordLogin)
  | {
      readonly by: "token";
      /** Origin and path of the token endpoint. */
      readonly origin: string;
      readonly path: string;
      readonly client: OAuthClientLogin;
    };

/** Proves to an API who is asking. */
export interface SignIn {
  /** Adds the proof to what is sent. */
  authorize(send: Send): Send;
  /**
   * Gets ready what the next request needs, so that it need not wait.
   * @throws {Failure} where that is refused.
   */
  warm(): Promise<void>;
  close(): void;
}

export interface SignInOptions {
  readonly source: FailureSource;
  readonly login: Login;
  /** Opens the way to a token endpoint. */
  readonly open: (origin: string) => Http;
  readonly onChanged: (variable: string) => void;
  readonly clocks: Clocks;
  /** Ends requests that run when the process stops. */
  readonly signal: AbortSignal;
}

export function createSignIn(options: SignInOptions): SignIn {
  const { source, login, onChanged, clocks, signal } = options;
  if (login.by === "password") {
    return {
      authorize: (send) => withPassword(send, { source, login, onChanged }),
      warm: () => Promise.resolve(),
      close() {},
    };
  }
  const { origin, path, client } = login;
  const http = options.open(origin);
  const tokens = createTokenCache({ http, path, source, client, onChanged, clocks, signal });
  return {
    authorize: (send) => authorized(send, tokens),
    async warm() {
      await tokens.current();
    },
    close: () => http.close(),
  };
}

/** Who it is that signs in: workers which are the same share a budget. */
export function accountOf(login: Login): string {
  return login.by === "password" ? login.username : login.client.clientId;
}
