import type { FastifyRequest } from "fastify";
import type { RecordedCall } from "../../server/call-record.ts";
import type { OracleCall, OracleCallKind } from "../site/simulator.ts";

/** Paths of the facade's operations. */
export const GATEWAY_PATHS = {
  search: "/api/rest/v1/customers/search",
  cases: "/api/rest/v1/cases",
} as const;

/** One request to the simulated facade. */
export interface GatewayCall extends OracleCall {
  /** The values that a search asked for. */
  readonly values?: readonly string[];
  /** Whose cases were asked for. */
  readonly customerId?: string;
}

/** A request on its arrival, with what its route tells. */
export function describeGatewayCall(request: FastifyRequest, arrival: RecordedCall): GatewayCall {
  const route = `${request.method} ${request.routeOptions.url ?? ""}`;
  return { ...arrival, kind: KIND_OF_ROUTE.get(route) ?? "other" };
}

const KIND_OF_ROUTE: ReadonlyMap<string, OracleCallKind> = new Map([
  ["POST /oauth/token", "token"],
  [`POST ${GATEWAY_PATHS.search}`, "search"],
  [`GET ${GATEWAY_PATHS.cases}`, "cases"],
]);
