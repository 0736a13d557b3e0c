import { createHash, randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { UserCodes } from "../token-endpoint.ts";

/** The OAuth client of a page: no secret, and one place that the login comes back to. */
export interface PageClient {
  readonly id: string;
  /** Undefined before the page is served: nobody can sign in then. */
  readonly redirectUri: string | undefined;
}

/** What a code was given for. */
interface Granted {
  readonly redirectUri: string;
  readonly challenge: string;
}

const asked = z.strictObject({
  client_id: z.string(),
  response_type: z.literal("code"),
  redirect_uri: z.string(),
  state: z.string().min(1),
  code_challenge: z.string().regex(/^[\w-]{43}$/),
  code_challenge_method: z.literal("S256"),
});

const GRANT = "authorization_code";
const TAKEN = ["grant_type", "code", "redirect_uri", "client_id", "code_verifier"];

/**
 * The login of agents, by authorization code with PKCE (RFC 6749, section 4.1; RFC 7636). Whoever comes is
 * an agent who is signed in already and agrees. A wrong client or address gets no redirect.
 */
export function addUserLogin(app: FastifyInstance, client: () => PageClient): UserCodes {
  const codes = new Map<string, Granted>();

  app.get("/oauth/authorize", (request, reply) => {
    const read = asked.safeParse(request.query);
    const { id, redirectUri } = client();
    if (!read.success) return reply.status(400).send({ error: "invalid_request" });
    if (read.data.client_id !== id || read.data.redirect_uri !== redirectUri) {
      return reply.status(400).send({ error: "invalid_client" });
    }
    const code = randomUUID();
    codes.set(code, { redirectUri, challenge: read.data.code_challenge });
    const back = new URL(redirectUri);
    back.search = new URLSearchParams({ code, state: read.data.state }).toString();
    return reply.redirect(back.href);
  });

  return {
    handles: (form) => form.get("grant_type") === GRANT,
    redeem(form) {
      const code = form.get("code") ?? "";
      const granted = codes.get(code);
      codes.delete(code);
      if (granted === undefined || [...form.keys()].some((name) => !TAKEN.includes(name))) {
        return false;
      }
      const challenge = createHash("sha256")
        .update(form.get("code_verifier") ?? "")
        .digest("base64url");
      return (
        form.get("client_id") === client().id &&
        form.get("redirect_uri") === granted.redirectUri &&
        challenge === granted.challenge
      );
    },
  };
}

/** Pages of other origins may read, as Genesys Cloud lets them; preflights cost nothing. */
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
