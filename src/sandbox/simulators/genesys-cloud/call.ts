import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { RecordedCall } from "../server/call-record.ts";
import type { SimulatedAttributes } from "./conversations.ts";

/** Paths of the simulated operations on conversations and contacts. */
export const GENESYS_PATHS = {
  attributes: "/api/v2/conversations/:conversationId/participants/:participantId/attributes",
  conversation: "/api/v2/conversations/:conversationId",
  contact: "/api/v2/externalcontacts/contacts/:contactId",
} as const;

export type GenesysCallKind = "token" | "patch" | "contact" | "conversation" | "other";

/** One request to the Genesys simulator. */
export interface GenesysCall extends RecordedCall {
  readonly kind: GenesysCallKind;
  readonly conversationId?: string | undefined;
  readonly participantId?: string | undefined;
  readonly contactId?: string | undefined;
  /** The attributes that a PATCH wrote. Undefined if it was refused. */
  readonly written?: SimulatedAttributes;
}

/** Describes a request on its arrival by its route and path. */
export function describeCall(request: FastifyRequest, arrival: RecordedCall): GenesysCall {
  const route = `${request.method} ${request.routeOptions.url ?? ""}`;
  const kind = KIND_OF_ROUTE.get(route) ?? "other";
  return { ...arrival, kind, ...pathParameters.catch({}).parse(request.params) };
}

const pathParameters = z.object({
  conversationId: z.string().optional(),
  participantId: z.string().optional(),
  contactId: z.string().optional(),
});

const KIND_OF_ROUTE: ReadonlyMap<string, GenesysCallKind> = new Map([
  ["POST /oauth/token", "token"],
  [`PATCH ${GENESYS_PATHS.attributes}`, "patch"],
  [`GET ${GENESYS_PATHS.contact}`, "contact"],
  [`GET ${GENESYS_PATHS.conversation}`, "conversation"],
]);
