import type { FastifyInstance } from "fastify";
import type { Models } from "purecloud-platform-client-v2";
import { z } from "zod";
import { describeGrant, EVERY_DIVISION, type Grants } from "./grants.ts";
import type { OAuthClients } from "./oauth-clients.ts";
import { pageOf } from "./paging.ts";
import { describePermissions } from "./permissions.ts";
import { found, readQuery } from "./reading.ts";
import type { Roles } from "./roles.ts";
import type { Users } from "./users.ts";

const AUTHORIZATION = "/api/v2/authorization";
const GRANT = `${AUTHORIZATION}/subjects/:subjectId/divisions/:divisionId/roles/:roleId`;

const subjectQuery = z.looseObject({
  subjectType: z.enum(["PC_USER", "PC_GROUP", "PC_OAUTH_CLIENT"]).default("PC_USER"),
});

export interface SubjectsDeps {
  readonly users: Users;
  readonly clients: OAuthClients;
  readonly roles: Roles;
  readonly grants: Grants;
  readonly homeDivision: Models.AuthzDivision & { readonly id: string };
}

/** Users and OAuth clients, which can have roles. */
export interface Subjects {
  /** A subject with its grants. Undefined if the id is unknown. */
  describe(subjectId: string): Models.AuthzSubject | undefined;
}

/** Adds the operations of grants, divisions and permissions ("Authorization" of the Platform API). */
export function addSubjectOperations(api: FastifyInstance, deps: SubjectsDeps): Subjects {
  const { users, clients, roles, grants, homeDivision } = deps;

  function describe(subjectId: string): Models.AuthzSubject | undefined {
    const subject = users.find(subjectId) ?? clients.find(subjectId);
    if (subject === undefined) return undefined;
    return {
      id: subjectId,
      name: subject.name,
      grants: grants.of(subjectId).map((grant) => describeGrant(grant, roles, homeDivision)),
      version: 1,
      selfUri: `${AUTHORIZATION}/subjects/${subjectId}`,
    };
  }

  /** @throws {GenesysRefusal} `not.found` if the role or the division is unknown */
  function read(params: unknown) {
    const { subjectId, divisionId, roleId } = grantPath.parse(params);
    found(roles.find(roleId));
    found([homeDivision.id, EVERY_DIVISION].find((id) => id === divisionId));
    return { subjectId, role: { divisionId, roleId } };
  }

  api.get(`${AUTHORIZATION}/permissions`, (request, reply) => {
    const page = pageOf(describePermissions(), request);
    reply.send(page satisfies Models.PermissionCollectionEntityListing);
  });

  api.get(`${AUTHORIZATION}/divisions/home`, (_, reply) => {
    reply.send(homeDivision);
  });

  api.get<{ Params: { subjectId: string } }>(
    `${AUTHORIZATION}/subjects/:subjectId`,
    (request, reply) => {
      reply.send(found(describe(request.params.subjectId)));
    },
  );

  api.post(GRANT, (request, reply) => {
    const { subjectType } = readQuery(subjectQuery, request);
    const { subjectId, role } = read(request.params);
    // [unverified] A subject is not found under another type.
    if (subjectType !== "PC_OAUTH_CLIENT") found(users.find(subjectId));
    else found(clients.find(subjectId));
    grants.add(subjectId, role);
    reply.code(204).send();
  });

  api.delete(GRANT, (request, reply) => {
    const { subjectId, role } = read(request.params);
    // [unverified] The answer if there is no such grant.
    found(grants.remove(subjectId, role) ? role : undefined);
    reply.code(204).send();
  });

  return { describe };
}

const grantPath = z.object({
  subjectId: z.string(),
  divisionId: z.string(),
  roleId: z.string(),
});
