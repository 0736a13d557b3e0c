import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Models } from "purecloud-platform-client-v2";
import { z } from "zod";
import type { CallerOf } from "./caller.ts";
import { GenesysRefusal } from "./error-body.ts";
import { EVERY_DIVISION, type Grants, type RoleDivision } from "./grants.ts";
import {
  describeClient,
  GRANT_TYPES,
  type OAuthClients,
  type SimulatedClientContent,
} from "./oauth-clients.ts";
import { found, invalid, readBody } from "./reading.ts";
import type { Roles } from "./roles.ts";

const CLIENTS = "/api/v2/oauth/clients";
const CLIENT = `${CLIENTS}/:clientId`;

/** `OAuthClientRequest`. The obsolete `roleIds` and `dateToDelete` are refused. */
const clientRequest = z.strictObject({
  name: z.string().trim().min(1),
  description: z.string().default(""),
  authorizedGrantType: z.enum(GRANT_TYPES),
  registeredRedirectUri: z.array(z.url()).default([]),
  scope: z.array(z.string().min(1)).default([]),
  // "Validity set on the client": 5 minutes to 2 days.
  accessTokenValiditySeconds: z.int().min(300).max(172_800).default(86_400),
  state: z.enum(["active", "disabled", "inactive"]).default("active"),
  roleDivisions: z
    .array(z.strictObject({ roleId: z.string(), divisionId: z.string() }))
    .default([]),
});

export interface OAuthClientOperationsDeps {
  readonly clients: OAuthClients;
  readonly roles: Roles;
  readonly grants: Grants;
  readonly homeDivisionId: string;
  readonly callerOf: CallerOf;
}

/** Adds the operations of OAuth clients ("OAuth" of the Platform API): list, create, change, new secret. */
export function addOAuthClientOperations(
  api: FastifyInstance,
  deps: OAuthClientOperationsDeps,
): void {
  const { clients, roles, grants, homeDivisionId, callerOf } = deps;

  api.get(CLIENTS, (_, reply) => {
    const entities = clients.all.map((client) => describeClient(client, grants));
    const total = entities.length;
    const page = { pageSize: total, pageNumber: 1, pageCount: 1, total };
    reply.send({ ...page, entities } satisfies Models.OAuthClientEntityListing);
  });

  api.post(CLIENTS, (request, reply) => {
    const { content, roleDivisions } = readClient(request);
    const createdBy = callerOf(request).subjectId;
    const client = clients.add(content, { createdBy });
    for (const role of roleDivisions) grants.add(client.id, role);
    reply.send({ ...describeClient(client, grants), secret: client.secret });
  });

  api.get<{ Params: { clientId: string } }>(CLIENT, (request, reply) => {
    reply.send(describeClient(found(clients.find(request.params.clientId)), grants));
  });

  api.put<{ Params: { clientId: string } }>(CLIENT, (request, reply) => {
    const { clientId } = request.params;
    found(clients.find(clientId));
    const { content, roleDivisions } = readClient(request);
    const client = clients.change(clientId, content);
    grants.removeAll(clientId);
    for (const role of roleDivisions) grants.add(clientId, role);
    reply.send(describeClient(client, grants));
  });

  api.post<{ Params: { clientId: string } }>(`${CLIENT}/secret`, (request, reply) => {
    const client = clients.renewSecret(request.params.clientId);
    reply.send({ ...describeClient(client, grants), secret: client.secret });
  });

  /** @throws {GenesysRefusal} if the request is not valid, or the caller does not have the roles */
  function readClient(request: FastifyRequest): {
    content: SimulatedClientContent;
    roleDivisions: readonly RoleDivision[];
  } {
    const { roleDivisions, ...content } = readBody(clientRequest, request);
    checkGrantType(content, roleDivisions);
    for (const { roleId, divisionId } of roleDivisions) {
      if (roles.find(roleId) === undefined)
        throw invalid("roleDivisions", `unknown role ${roleId}`);
      if (divisionId !== homeDivisionId && divisionId !== EVERY_DIVISION) {
        throw invalid("roleDivisions", `unknown division ${divisionId}`);
      }
    }
    if (!grants.holdsAll(callerOf(request).subjectId, roleDivisions)) {
      // [unverified] The status is known, the message is not.
      throw new GenesysRefusal("not.authorized", {
        message: "You must have a role to assign it to an OAuth client.",
      });
    }
    return { content, roleDivisions };
  }
}

function checkGrantType(
  content: SimulatedClientContent,
  roleDivisions: readonly RoleDivision[],
): void {
  const { authorizedGrantType, registeredRedirectUri, scope } = content;
  const hasCredentials = authorizedGrantType === "CLIENT-CREDENTIALS";
  if (hasCredentials && roleDivisions.length === 0) {
    throw invalid("roleDivisions", "a client with client credentials needs a role");
  }
  if (!hasCredentials && scope.length === 0) {
    throw invalid("scope", "a client for users needs a scope");
  }
  if (authorizedGrantType === "CODE" && registeredRedirectUri.length === 0) {
    throw invalid(
      "registeredRedirectUri",
      "a client with authorization codes needs a redirect URI",
    );
  }
}
