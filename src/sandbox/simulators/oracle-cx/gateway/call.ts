import type { FastifyRequest } from "fastify";
import type { RecordedCall } from "../../server/call-record.ts";
import type { OracleCall, OracleCallKind } from "../site/simulator.ts";

/** Paths of the operations. */
export const GATEWAY_PATHS = {
  search: "/api/rest/v1/customers/search",
  cases: "/api/rest/v1/cases",
} as const;

/** One request to the simulated gateway. */
export interface GatewayCall extends OracleCall {
  /** The values of a search. */
  readonly values?: readonly string[];
  /** The customer whose cases were requested. */
  readonly customerId?: string;
}

/** Describes a request on its arrival by its route. */
export function describeGatewayCall(request: FastifyRequest, arrival: RecordedCall): GatewayCall {
  const route = `${request.method} ${request.routeOptions.url ?? ""}`;
  return { ...arrival, kind: KIND_OF_ROUTE.get(route) ?? "other" };
}

const KIND_OF_ROUTE: ReadonlyMap<string, OracleCallKind> = new Map([
  ["POST /oauth/token", "token"],
  [`POST ${GATEWAY_PATHS.search}`, "search"],
  [`GET ${GATEWAY_PATHS.cases}`, "cases"],
]);
