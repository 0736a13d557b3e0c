import type { FastifyReply } from "fastify";
import type { z } from "zod";
import type { TokenRefusal } from "../../server/client-credentials.ts";

/** Thrown by a route: the request is answered with `{error, error_description}`. */
export class GatewayRefusal extends Error {
  override readonly name = "GatewayRefusal";
  readonly status: number;
  readonly error: string;
  readonly headers: Readonly<Record<string, string | number>>;

  constructor(
    status: number,
    error: string,
    description: string,
    headers: Readonly<Record<string, string | number>> = {},
  ) {
    super(description);
    this.status = status;
    this.error = error;
    this.headers = headers;
  }
}

/** Anything thrown on the way of a request, as the refusal that the facade gives. */
export function asGatewayRefusal(thrown: unknown): GatewayRefusal {
  if (thrown instanceof GatewayRefusal) return thrown;
  const status = thrown instanceof Error && "statusCode" in thrown ? thrown.statusCode : undefined;
  switch (status) {
    case 400:
      return new GatewayRefusal(400, "invalid_request", "The body is not JSON");
    case 413:
      return new GatewayRefusal(413, "request_too_large", "The body is too long");
    case 415:
      return new GatewayRefusal(415, "unsupported_media_type", "The body must be application/json");
    default:
      return new GatewayRefusal(500, "server_error", "Internal error");
  }
}

export function answerRefusal(reply: FastifyReply, refusal: GatewayRefusal): void {
  const { status, error, headers, message } = refusal;
  reply.code(status).headers(headers).send({ error, error_description: message });
}

/** What a schema makes of a request; where it does not fit, 400 with the field's name. */
export function readRequest<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.infer<Schema> {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const where = issue?.path.join(".") ?? "";
  throw new GatewayRefusal(400, "invalid_request", `${where}: ${issue?.message ?? "invalid"}`);
}

/** No token, or one that is no longer good (RFC 6750, section 3). */
export function unauthorized(standing: "missing" | "expired" | "unknown"): GatewayRefusal {
  if (standing === "missing") {
    const headers = { "www-authenticate": 'Bearer realm="gateway"' };
    return new GatewayRefusal(401, "unauthorized", "A bearer token is required", headers);
  }
  const why = standing === "expired" ? "The access token expired" : "The access token is not known";
  const challenge = `Bearer realm="gateway", error="invalid_token", error_description="${why}"`;
  return new GatewayRefusal(401, "invalid_token", why, { "www-authenticate": challenge });
}

const BASIC_CHALLENGE = { "www-authenticate": 'Basic realm="gateway"' };

/** A token request that is refused (RFC 6749, section 5.2). */
export function tokenRefusal(refusal: TokenRefusal): GatewayRefusal {
  switch (refusal) {
    case "no_client":
    case "unknown_client":
    case "wrong_secret": {
      const why = "Client authentication failed";
      return new GatewayRefusal(401, "invalid_client", why, BASIC_CHALLENGE);
    }
    case "invalid_request":
      return new GatewayRefusal(400, refusal, "The request is malformed");
    case "invalid_grant":
      return new GatewayRefusal(400, refusal, "The assertion is not accepted");
    case "unsupported_grant_type":
      return new GatewayRefusal(400, refusal, "Only client_credentials is supported");
    case "unauthorized_client":
      return new GatewayRefusal(400, refusal, "The client may not use this grant");
    case "invalid_scope":
      return new GatewayRefusal(400, refusal, "The requested scope is not known");
  }
}
