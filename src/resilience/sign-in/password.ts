import { Failure, type FailureSource } from "../../domain/failure.ts";
import type { HttpRequest } from "../http/client.ts";
import type { Send } from "./authorized.ts";
import { basic } from "./grant.ts";
import type { Secret } from "./secret.ts";

/** A user's name and password, where a site has no OAuth. */
export interface PasswordLogin {
  readonly username: string;
  readonly password: Secret;
}

export interface PasswordOptions {
  readonly source: FailureSource;
  readonly login: PasswordLogin;
  /** Told where a refused password was found changed, and its new value is tried. */
  readonly onChanged?: (variable: string) => void;
}

/**
 * Adds name and password (RFC 7617). No token is asked for. A 401 is final, for refused logins may
 * lock the account: it is asked again only with another password, where that was changed meanwhile.
 * @throws {Failure} `misconfigured` where the login is refused.
 */
export function withPassword(send: Send, options: PasswordOptions): Send {
  const { source, login, onChanged } = options;
  const { username, password } = login;
  const sign = (request: HttpRequest, value: string): HttpRequest => ({
    ...request,
    headers: { ...request.headers, authorization: basic(username, value) },
  });

  return async (request, call) => {
    const used = password.current();
    const answer = await send(sign(request, used), call);
    if (answer.status !== 401) return answer;
    const look = await password.renewed(used);
    if (look.changed) {
      onChanged?.(password.variable);
      const again = await send(sign(request, look.value), call);
      if (again.status !== 401) return again;
    }
    const prefix = source.toUpperCase();
    const told = `${request.method} ${request.path.split("?")[0]} answered 401 to name and password`;
    const because = look.changed || look.because === undefined ? [] : [look.because];
    throw new Failure({
      kind: "misconfigured",
      code: "unauthorized",
      source,
      status: 401,
      message: [told, ...because].join("; "),
      cure: `Check ${prefix}_USERNAME and ${password.variable}; the account may be locked or disabled.`,
    });
  };
}
