import { createHash, randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { TokenHolder } from "../server/issued-tokens.ts";
import type { UserCodes } from "../server/token-endpoint.ts";
import type { OAuthClients, OrgClient } from "./oauth-clients.ts";
import type { Users } from "./users.ts";

/** A code that was issued. */
interface IssuedCode {
  readonly holder: TokenHolder;
  readonly redirectUri: string;
  readonly challenge: string;
}

const authorizeQuery = z.strictObject({
  client_id: z.string(),
  response_type: z.literal("code"),
  redirect_uri: z.string(),
  state: z.string().min(1),
  code_challenge: z.string().regex(/^[\w-]{43}$/),
  code_challenge_method: z.literal("S256"),
});

const GRANT = "authorization_code";
const FIELDS = ["grant_type", "code", "redirect_uri", "client_id", "code_verifier"];

/**
 * Adds the login of users, by authorization code with PKCE (RFC 6749, section 4.1; RFC 7636). The user is
 * already signed in and consents. A wrong client or redirect URI is refused with 400.
 */
export function addUserLogin(app: FastifyInstance, clients: OAuthClients, users: Users): UserCodes {
  const codes = new Map<string, IssuedCode>();

  function acceptsCodes(client: OrgClient | undefined, redirectUri: string): boolean {
    return (
      client?.state === "active" &&
      client.authorizedGrantType === "CODE" &&
      client.registeredRedirectUri.includes(redirectUri)
    );
  }

  app.get("/oauth/authorize", (request, reply) => {
    const read = authorizeQuery.safeParse(request.query);
    if (!read.success) return reply.status(400).send({ error: "invalid_request" });
    const { client_id: clientId, redirect_uri: redirectUri, state, code_challenge } = read.data;
    if (!acceptsCodes(clients.find(clientId), redirectUri)) {
      return reply.status(400).send({ error: "invalid_client" });
    }
    const code = randomUUID();
    const holder = { clientId, userId: users.signedIn.id };
    codes.set(code, { holder, redirectUri, challenge: code_challenge });
    const target = new URL(redirectUri);
    target.search = new URLSearchParams({ code, state }).toString();
    return reply.redirect(target.href);
  });

  return {
    handles: (form) => form.get("grant_type") === GRANT,
    redeem(form) {
      const code = form.get("code") ?? "";
      const issued = codes.get(code);
      codes.delete(code);
      if (issued === undefined || [...form.keys()].some((name) => !FIELDS.includes(name))) {
        return undefined;
      }
      const challenge = createHash("sha256")
        .update(form.get("code_verifier") ?? "")
        .digest("base64url");
      const isSame =
        form.get("client_id") === issued.holder.clientId &&
        form.get("redirect_uri") === issued.redirectUri &&
        challenge === issued.challenge;
      const isActive = clients.find(issued.holder.clientId)?.state === "active";
      return isSame && isActive ? issued.holder : undefined;
    },
  };
}

/** Lets pages of any origin read the answers, as Genesys Cloud does. Preflights are not rate limited. */
export function addCrossOrigin(app: FastifyInstance): void {
  app.addHook("onRequest", (request, reply, done) => {
    const { origin } = request.headers;
    if (origin !== undefined) reply.header("access-control-allow-origin", origin);
    if (request.method !== "OPTIONS") return done();
    reply
      .header("access-control-allow-methods", "GET, POST, PATCH")
      .header("access-control-allow-headers", "authorization, content-type, accept")
      .status(204)
      .send();
  });
}
