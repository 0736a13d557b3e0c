import { z } from "zod";
import { Failure } from "../../../domain/failure.ts";
import { PAGE_SIZE, type PlatformApi } from "../../../genesys/platform-api.ts";
import type { GenesysSdk } from "../../../genesys/sdk.ts";
import type { Administrator, Client, Role } from "../plan/current-state.ts";
import { permissionsOf } from "../plan/permissions.ts";
import { TOKEN_LIFE_S } from "../plan/step.ts";

const named = z.object({ id: z.string(), name: z.string().catch("") });
const subjectSchema = z.object({
  grants: z
    .array(
      z.object({
        role: z.object({
          id: z.string(),
          policies: z
            .array(
              z.object({
                domain: z.string(),
                entityName: z.string(),
                actions: z.array(z.string()).nullish(),
              }),
            )
            .nullish(),
        }),
        division: z.object({ id: z.string() }),
      }),
    )
    .nullish(),
});
const roleSchema = named.extend({
  permissionPolicies: z
    .array(
      z.object({
        domain: z.string(),
        entityName: z.string(),
        actionSet: z.array(z.string()).nullish(),
      }),
    )
    .nullish(),
});
const clientSchema = named.extend({
  authorizedGrantType: z.string(),
  state: z.string().nullish(),
  description: z.string().nullish(),
  accessTokenValiditySeconds: z.number().nullish(),
  roleDivisions: z.array(z.object({ roleId: z.string(), divisionId: z.string() })).nullish(),
  registeredRedirectUri: z.array(z.string()).nullish(),
  scope: z.array(z.string()).nullish(),
});
const permissionsSchema = z.object({
  permissionMap: z
    .record(
      z.string(),
      z.array(z.object({ domain: z.string(), entityType: z.string(), action: z.string() })),
    )
    .nullish(),
});

/** Access to the Platform API. */
export interface Reading {
  readonly sdk: GenesysSdk;
  readonly api: PlatformApi;
}

/** The user of the token. @throws {Failure} if the token belongs to an OAuth client instead of a user. */
export async function readAdministrator({ sdk, api }: Reading): Promise<Administrator> {
  const { id, name } = await api
    .ask("GET /api/v2/users/me", named, () => sdk.users.getUsersMe())
    .catch((error: unknown) => {
      throw error instanceof Failure && error.status === 400 ? notUsersToken(error) : error;
    });
  const subject = await api.ask("GET /api/v2/authorization/subjects/me", subjectSchema, () =>
    sdk.authorization.getAuthorizationSubjectsMe(),
  );
  const grants = subject.grants ?? [];
  const permissions = grants.flatMap(({ role }) =>
    permissionsOf(
      (role.policies ?? []).map(({ actions, ...policy }) => ({
        ...policy,
        actionSet: actions ?? [],
      })),
    ),
  );
  return {
    ...{ id, name },
    // Genesys Cloud may list none. Missing permissions cannot be determined then.
    permissions: permissions.length > 0 ? permissions : undefined,
    grants: grants.map(({ role, division }) => ({ roleId: role.id, divisionId: division.id })),
  };
}

function notUsersToken(error: Failure): Failure {
  return new Failure({
    ...error,
    kind: "misconfigured",
    message: `the token belongs to no user (${error.message})`,
    cure: "Sign in as an administrator, or give an administrator's token: an OAuth client's own token cannot grant a role to a user.",
  });
}

/** By exact name; the API's filter may return others too. Needs `authorization:role:view`. */
export async function readRole({ sdk, api }: Reading, name: string): Promise<Role | undefined> {
  const roles = await api.list("GET /api/v2/authorization/roles", roleSchema, (pageNumber) =>
    sdk.authorization.getAuthorizationRoles({ name, pageSize: PAGE_SIZE, pageNumber }),
  );
  const role = roles.find((one) => one.name === name);
  return role && roleOf(role);
}

/** Undefined if no role has this id. Needs `authorization:role:view`. */
export async function readRoleById({ sdk, api }: Reading, id: string): Promise<Role | undefined> {
  const role = await api.find("GET /api/v2/authorization/roles/{roleId}", roleSchema, () =>
    sdk.authorization.getAuthorizationRole(id),
  );
  return role && roleOf(role);
}

function roleOf({ id, permissionPolicies }: z.infer<typeof roleSchema>): Role {
  return {
    id,
    policies: (permissionPolicies ?? []).map(({ actionSet, ...policy }) => ({
      ...policy,
      actionSet: actionSet ?? [],
    })),
  };
}

/** By exact names, without deleted ones. Needs `oauth:client:view`. */
export async function readClients(
  { sdk, api }: Reading,
  names: readonly string[],
): Promise<readonly Client[]> {
  // This API has no pages.
  const listing = z.object({ entities: z.array(clientSchema).nullish() });
  const { entities } = await api.ask("GET /api/v2/oauth/clients", listing, () =>
    sdk.oauth.getOauthClients(),
  );
  return (entities ?? [])
    .filter(({ name, state }) => names.includes(name) && state !== "deleted")
    .map(clientOf);
}

/** Undefined if no client has this id. Needs `oauth:client:view`. */
export async function readClient({ sdk, api }: Reading, id: string): Promise<Client | undefined> {
  const client = await api.find("GET /api/v2/oauth/clients/{clientId}", clientSchema, () =>
    sdk.oauth.getOauthClient(id),
  );
  return client && clientOf(client);
}

function clientOf(client: z.infer<typeof clientSchema>): Client {
  return {
    ...{ id: client.id, name: client.name, grantType: client.authorizedGrantType },
    state: client.state ?? "active",
    description: client.description ?? "",
    tokenLifeSeconds: client.accessTokenValiditySeconds ?? TOKEN_LIFE_S,
    roles: client.roleDivisions ?? [],
    redirectUris: client.registeredRedirectUri ?? [],
    scopes: client.scope ?? [],
  };
}

/** All permissions that exist in the org; undefined if Genesys Cloud lists none. */
export async function readPermissions({
  sdk,
  api,
}: Reading): Promise<readonly string[] | undefined> {
  const domains = await api.list(
    "GET /api/v2/authorization/permissions",
    permissionsSchema,
    (pageNumber) =>
      sdk.authorization.getAuthorizationPermissions({ pageSize: PAGE_SIZE, pageNumber }),
  );
  const permissions = domains.flatMap(({ permissionMap }) =>
    Object.values(permissionMap ?? {}).flatMap((actions) =>
      actions.map(({ domain, entityType, action }) => `${domain}:${entityType}:${action}`),
    ),
  );
  return permissions.length > 0 ? permissions : undefined;
}
