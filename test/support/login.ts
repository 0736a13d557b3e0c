import { fixedSecret } from "../../src/resilience/sign-in/secret.ts";
import type { Login } from "../../src/resilience/sign-in/sign-in.ts";

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
