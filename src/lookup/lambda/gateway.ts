import Fastify, { type FastifyInstance, type InjectOptions } from "fastify";
import { addLookupRoutes, type LookupRoutesOptions } from "../api/lookup-routes.ts";
import type { GatewayAnswer, GatewayEvent } from "./gateway-event.ts";

/** The lookup API behind API Gateway: the routes of `ringahead serve`, without a socket. */
export function createGateway(options: LookupRoutesOptions) {
  const app: FastifyInstance = Fastify();
  addLookupRoutes(app, options);
  return async (event: GatewayEvent): Promise<GatewayAnswer> => {
    const { method, sourceIp } = event.requestContext.http;
    const { body = "" } = event;
    const answer = await app.inject({
      // Fastify answers 404 to methods that it does not know.
      method: method as NonNullable<InjectOptions["method"]>,
      url: event.rawPath,
      headers: event.headers,
      remoteAddress: sourceIp,
      payload: Buffer.from(body, event.isBase64Encoded ? "base64" : "utf8"),
    });
    const headers = Object.entries(answer.headers).map(([name, value]) => [name, String(value)]);
    return {
      statusCode: answer.statusCode,
      headers: Object.fromEntries(headers),
      body: answer.payload,
    };
  };
}
