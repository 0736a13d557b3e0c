import { Failure, type FailureSource } from "../../domain/failure.ts";
import type { HttpRequest } from "../http/client.ts";
import type { Send } from "./authorized.ts";
import { basic } from "./grant.ts";
import type { Secret } from "./secret.ts";

/** A user's name and password, for a site without OAuth. */
export interface PasswordLogin {
  readonly username: string;
  readonly password: Secret;
}

interface PasswordDeps {
  readonly source: FailureSource;
  readonly login: PasswordLogin;
  /** Called when a refused password has changed and its new value is tried. */
  readonly onChanged?: (variable: string) => void;
}

/**
 * Adds name and password (RFC 7617). A 401 is final, because refused logins may lock the account: the
 * request is sent again only if the stored password has changed.
 * @throws {Failure} `misconfigured` if the login is refused.
 */
export function withPassword(send: Send, deps: PasswordDeps): Send {
  const { source, login, onChanged } = deps;
  const { username, password } = login;
  const sign = (request: HttpRequest, value: string): HttpRequest => ({
    ...request,
    headers: { ...request.headers, authorization: basic(username, value) },
  });

  return async (request, call) => {
    const used = password.current();
    const answer = await send(sign(request, used), call);
    if (answer.status !== 401) return answer;
    const renewal = await password.renewed(used);
    if (renewal.changed) {
      onChanged?.(password.variable);
      const again = await send(sign(request, renewal.value), call);
      if (again.status !== 401) return again;
    }
    const prefix = source.toUpperCase();
    const refusal = `${request.method} ${request.path.split("?")[0]} answered 401 to name and password`;
    const because = renewal.changed || renewal.because === undefined ? [] : [renewal.because];
    throw new Failure({
      kind: "misconfigured",
      code: "unauthorized",
      source,
      status: 401,
      message: [refusal, ...because].join("; "),
      cure: `Check ${prefix}_USERNAME and ${password.variable}; the account may be locked or disabled.`,
    });
  };
}
