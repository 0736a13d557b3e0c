import type { Login } from "../../src/http/sign-in.ts";
import { fixedSecret } from "../../src/secrets/secret.ts";

/** A client that signs in with its secret, at the simulators' usual path. */
export function secretLogin(
  origin: string,
  { clientId, clientSecret }: { readonly clientId: string; readonly clientSecret: string },
): Login {
  const secret = fixedSecret("CLIENT_SECRET", clientSecret);
  return {
    by: "token",
    origin,
    path: "/oauth/token",
    client: { clientId, proof: { by: "secret", secret } },
  };
}
