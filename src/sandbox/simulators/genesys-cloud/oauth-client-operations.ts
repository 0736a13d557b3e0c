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

/** `OAuthClientRequest`; `roleIds`, which it replaces by `roleDivisions`, and `dateToDelete` are not taken. */
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

export interface OAuthClientOperationsOptions {
  readonly clients: OAuthClients;
  readonly roles: Roles;
  readonly grants: Grants;
  readonly homeDivisionId: string;
  readonly callerOf: CallerOf;
}

/** OAuth clients ("OAuth" of the Platform API): listed, made, changed, and given a new secret. */
export function addOAuthClientOperations(
  api: FastifyInstance,
  options: OAuthClientOperationsOptions,
): void {
  const { clients, roles, grants, homeDivisionId, callerOf } = options;

  api.get(CLIENTS, (_, reply) => {
    const entities = clients.all.map((client) => describeClient(client, grants));
    const total = entities.length;
    const page = { pageSize: total, pageNumber: 1, pageCount: 1, total };
    reply.send({ ...page, entities } satisfies Models.OAuthClientEntityListing);
  });

  api.post(CLIENTS, (request, reply) => {
    const { content, roleDivisions } = wanted(request);
    const madeBy = callerOf(request).subjectId;
    const client = clients.add(content, { madeBy });
    for (const given of roleDivisions) grants.give(client.id, given);
    reply.send({ ...describeClient(client, grants), secret: client.secret });
  });

  api.get<{ Params: { clientId: string } }>(CLIENT, (request, reply) => {
    reply.send(describeClient(found(clients.find(request.params.clientId)), grants));
  });

  api.put<{ Params: { clientId: string } }>(CLIENT, (request, reply) => {
    const { clientId } = request.params;
    found(clients.find(clientId));
    const { content, roleDivisions } = wanted(request);
    const client = clients.change(clientId, content);
    grants.takeAll(clientId);
    for (const given of roleDivisions) grants.give(clientId, given);
    reply.send(describeClient(client, grants));
  });

  api.post<{ Params: { clientId: string } }>(`${CLIENT}/secret`, (request, reply) => {
    const client = clients.renewSecret(request.params.clientId);
    reply.send({ ...describeClient(client, grants), secret: client.secret });
  });

  /** What is asked for, where whoever asks may give it. */
  function wanted(request: FastifyRequest): {
    content: SimulatedClientContent;
    roleDivisions: readonly RoleDivision[];
  } {
    const { roleDivisions, ...content } = readBody(clientRequest, request);
    checkGrantType(content, roleDivisions);
    for (const { roleId, divisionId } of roleDivisions) {
      if (roles.find(roleId) === undefined) throw invalid("roleDivisions", `no role ${roleId}`);
      if (divisionId !== homeDivisionId && divisionId !== EVERY_DIVISION) {
        throw invalid("roleDivisions", `no division ${divisionId}`);
      }
    }
    if (!grants.holdsAll(callerOf(request).subjectId, roleDivisions)) {
      // [unverified] The status is known, the message is ours.
      throw new GenesysRefusal("not.authorized", {
        message: "You must have a role yourself to give it to an OAuth client.",
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
  const isOwnMaster = authorizedGrantType === "CLIENT-CREDENTIALS";
  if (isOwnMaster && roleDivisions.length === 0) {
    throw invalid("roleDivisions", "a client of client credentials needs a role");
  }
  if (!isOwnMaster && scope.length === 0) {
    throw invalid("scope", "a client that users sign in to needs a scope");
  }
  if (authorizedGrantType === "CODE" && registeredRedirectUri.length === 0) {
    throw invalid("registeredRedirectUri", "a client of codes needs a place to come back to");
  }
}
