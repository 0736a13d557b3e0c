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

/** The refusal for anything thrown while a request is handled. */
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

/** Parses a request. @throws {GatewayRefusal} 400 with the name of the first invalid field */
export function readRequest<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
): z.infer<Schema> {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const field = issue?.path.join(".") ?? "";
  throw new GatewayRefusal(400, "invalid_request", `${field}: ${issue?.message ?? "invalid"}`);
}

/** The refusal of a request without a valid token (RFC 6750, section 3). */
export function unauthorized(status: "missing" | "expired" | "unknown"): GatewayRefusal {
  if (status === "missing") {
    const headers = { "www-authenticate": 'Bearer realm="gateway"' };
    return new GatewayRefusal(401, "unauthorized", "A bearer token is required", headers);
  }
  const why = status === "expired" ? "The access token expired" : "The access token is not known";
  const challenge = `Bearer realm="gateway", error="invalid_token", error_description="${why}"`;
  return new GatewayRefusal(401, "invalid_token", why, { "www-authenticate": challenge });
}

const BASIC_CHALLENGE = { "www-authenticate": 'Basic realm="gateway"' };

/** The refusal of a token request (RFC 6749, section 5.2). */
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
