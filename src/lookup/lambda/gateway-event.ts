import { z } from "zod";

/** What API Gateway sends for a request to an HTTP API ("Payload format version", 2.0). */
const gatewayEvent = z.object({
  version: z.literal("2.0"),
  rawPath: z.string(),
  headers: z.record(z.string(), z.string()),
  requestContext: z.object({ http: z.object({ method: z.string(), sourceIp: z.string() }) }),
  body: z.string().optional(),
  isBase64Encoded: z.boolean(),
});
export type GatewayEvent = z.output<typeof gatewayEvent>;

/** What API Gateway takes for an answer. */
export interface GatewayAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** [pure] Undefined where it is something else: what a data action sends. */
export function readGatewayEvent(event: unknown): GatewayEvent | undefined {
  return gatewayEvent.safeParse(event).data;
}
