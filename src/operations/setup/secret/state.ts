import { Failure } from "../../../domain/failure.ts";
import type { Clocks } from "../../../domain/time.ts";
import { createHttp } from "../../../resilience/http/client.ts";
import { fixedSecret } from "../../../resilience/sign-in/secret.ts";
import { createTokenCache } from "../../../resilience/sign-in/token.ts";
import type { SecretState } from "../plan/current-state.ts";

export interface SecretTrial {
  readonly loginUrl: string;
  readonly clientId: string;
  /** The stored secret; undefined if nothing is stored. */
  readonly secret: string | undefined;
  readonly signal: AbortSignal;
  readonly clocks: Clocks;
}

const TIMEOUT_MS = 30_000;

/**
 * Requests a token with the stored secret.
 * @throws {Failure} if the token endpoint cannot be reached, or fails otherwise
 */
export async function trySecret(trial: SecretTrial): Promise<SecretState> {
  const { loginUrl: baseUrl, clientId, secret, signal, clocks } = trial;
  if (secret === undefined) return "absent";
  const http = createHttp({ source: "genesys", baseUrl, timeoutMs: TIMEOUT_MS, connections: 1 });
  try {
    const proof = { by: "secret", secret: fixedSecret("GENESYS_CLIENT_SECRET", secret) } as const;
    const tokens = createTokenCache({
      ...{
        http,
        path: "/oauth/token",
        source: "genesys",
        client: { clientId, proof },
        clocks,
        signal,
      },
      onChanged: () => undefined,
    });
    await tokens.current();
    return "works";
  } catch (error) {
    if (error instanceof Failure && error.code === "invalid_client") return "refused";
    throw error;
  } finally {
    http.close();
  }
}
