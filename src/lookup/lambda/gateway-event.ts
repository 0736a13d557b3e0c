import { z } from "zod";

/** A request to an HTTP API, as API Gateway sends it ("Payload format version", 2.0). */
const gatewayEvent = z.object({
  version: z.literal("2.0"),
  rawPath: z.string(),
  headers: z.record(z.string(), z.string()),
  requestContext: z.object({ http: z.object({ method: z.string(), sourceIp: z.string() }) }),
  body: z.string().optional(),
  isBase64Encoded: z.boolean(),
});
export type GatewayEvent = z.output<typeof gatewayEvent>;

/** An answer, as API Gateway expects it. */
export interface GatewayAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** [pure] Undefined if the event does not come from API Gateway. */
export function readGatewayEvent(event: unknown): GatewayEvent | undefined {
  return gatewayEvent.safeParse(event).data;
}
