import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import type { Models } from "purecloud-platform-client-v2";
import { z } from "zod";
import { GenesysRefusal } from "./error-body.ts";
import { named, pageOf } from "./paging.ts";
import { type RolePolicy, unknownOf } from "./permissions.ts";
import { found, invalid, readBody } from "./reading.ts";

const ROLES = "/api/v2/authorization/roles";

export interface OrgRole {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly policies: readonly RolePolicy[];
}

type RoleContent = Omit<OrgRole, "id">;

/** The roles of an org. */
export interface Roles {
  readonly all: readonly OrgRole[];
  find(id: string): OrgRole | undefined;
  /** @throws {GenesysRefusal} `conflict` if another role has the name */
  add(content: RoleContent): OrgRole;
  /** @throws {GenesysRefusal} `not.found`, `conflict` */
  change(id: string, content: RoleContent): OrgRole;
}

export function createRoles(): Roles {
  const known = new Map<string, OrgRole>();

  function put(id: string, content: RoleContent): OrgRole {
    const name = content.name.toLowerCase();
    const isTaken = [...known.values()].some(
      (other) => other.id !== id && other.name.toLowerCase() === name,
    );
    if (isTaken) {
      throw new GenesysRefusal("conflict", {
        message: `A role named ${content.name} already exists.`,
      });
    }
    const role = { ...content, id };
    known.set(id, role);
    return role;
  }

  return {
    get all() {
      return [...known.values()];
    },
    find: (id) => known.get(id),
    add: (content) => put(randomUUID(), content),
    change: (id, content) => put(found(known.get(id)).id, content),
  };
}

const policy = z.strictObject({
  domain: z.string().min(1),
  entityName: z.string().min(1),
  actionSet: z.array(z.string().min(1)).min(1),
  policyName: z.string().optional(),
  policyDescription: z.string().optional(),
  allowConditions: z.literal(false).optional(),
});
/** The writable fields of `DomainOrganizationRoleCreate`. Permissions of the old kind are refused. */
const newRole = z.strictObject({
  name: z.string().trim().min(1),
  description: z.string().default(""),
  permissions: z.tuple([]).optional(),
  permissionPolicies: z.array(policy).default([]),
});
const roleUpdate = newRole.extend({ id: z.string().optional(), selfUri: z.string().optional() });

function contentOf(body: z.infer<typeof newRole>): RoleContent {
  const { name, description, permissionPolicies } = body;
  const unknown = unknownOf(permissionPolicies);
  if (unknown !== undefined) {
    throw invalid("permissionPolicies", `the permission ${unknown} does not exist`);
  }
  const policies = permissionPolicies.map(({ domain, entityName, actionSet }) => {
    return { domain, entityName, actionSet };
  });
  return { name, description, policies };
}

/** Adds the operations of roles ("Authorization" of the Platform API). */
export function addRoleOperations(api: FastifyInstance, roles: Roles): void {
  api.get(ROLES, (request, reply) => {
    const page = pageOf(named(roles.all, request), request);
    reply.send({
      ...page,
      entities: page.entities.map(described),
    } satisfies Models.OrganizationRoleEntityListing);
  });

  api.post(ROLES, (request, reply) => {
    reply.send(described(roles.add(contentOf(readBody(newRole, request)))));
  });

  api.get<{ Params: { roleId: string } }>(`${ROLES}/:roleId`, (request, reply) => {
    reply.send(described(found(roles.find(request.params.roleId))));
  });

  api.put<{ Params: { roleId: string } }>(`${ROLES}/:roleId`, (request, reply) => {
    const { roleId } = request.params;
    found(roles.find(roleId));
    reply.send(described(roles.change(roleId, contentOf(readBody(roleUpdate, request)))));
  });
}

/** A role in the form of the API. Policies and actions are sets, so they are sorted. */
function described({ id, name, description, policies }: OrgRole): Models.DomainOrganizationRole {
  const key = ({ domain, entityName }: RolePolicy) => `${domain}:${entityName}`;
  return {
    id,
    name,
    description,
    permissions: [],
    permissionPolicies: policies
      .toSorted((a, b) => key(a).localeCompare(key(b)))
      .map(({ actionSet, ...rest }) => ({
        ...rest,
        policyName: "",
        policyDescription: "",
        actionSet: actionSet.toSorted(),
        allowConditions: false,
      })),
    default: false,
    base: false,
    selfUri: `${ROLES}/${id}`,
  };
}
