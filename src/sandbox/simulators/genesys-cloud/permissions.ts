import type { Models } from "purecloud-platform-client-v2";

/** Permissions of a role for one entity. `*` means every entity or action. */
export interface RolePolicy {
  readonly domain: string;
  readonly entityName: string;
  readonly actionSet: readonly string[];
}

const EDITING = ["add", "delete", "edit", "view"] as const;

/** The simulated permissions by domain and entity, a small part of those of Genesys Cloud. */
const PERMISSIONS: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  analytics: { conversationDetail: ["view"], conversationAggregate: ["view"] },
  audits: { audit: ["view"] },
  authorization: { division: EDITING, grant: ["add", "delete", "view"], role: EDITING },
  conversation: { communication: ["disconnect", "transfer", "view"] },
  directory: { user: EDITING },
  externalContacts: { contact: EDITING, externalOrganization: EDITING },
  integrations: { action: [...EDITING, "execute"], integration: EDITING },
  oauth: { client: EDITING },
  routing: { queue: EDITING },
};

/** Whether policies include a permission. @param permission as `domain:entity:action` */
export function allows(policies: readonly RolePolicy[], permission: string): boolean {
  const [domain, entity, action] = permission.split(":");
  const covers = (held: string, wanted: string | undefined) => held === "*" || held === wanted;
  return policies.some(
    (policy) =>
      policy.domain === domain &&
      covers(policy.entityName, entity) &&
      policy.actionSet.some((held) => covers(held, action)),
  );
}

/** All simulated permissions. */
export const ALL_PERMISSIONS: readonly RolePolicy[] = Object.keys(PERMISSIONS).map((domain) => ({
  domain,
  entityName: "*",
  actionSet: ["*"],
}));

/** Policies for permissions. @param permissions each as `domain:entity:action` */
export function rolePolicies(permissions: readonly string[]): readonly RolePolicy[] {
  return permissions.map((permission) => {
    const [domain = "", entityName = "", action = ""] = permission.split(":");
    return { domain, entityName, actionSet: [action] };
  });
}

/** The first permission that is not simulated. */
export function unknownOf(policies: readonly RolePolicy[]): string | undefined {
  return policies
    .flatMap(({ domain, entityName, actionSet }) =>
      actionSet.map((action) => [domain, entityName, action] as const),
    )
    .find((permission) => !isKnown(...permission))
    ?.join(":");
}

function isKnown(domain: string, entity: string, action: string): boolean {
  const entities = PERMISSIONS[domain];
  if (entities === undefined) return false;
  const actions = entity === "*" ? Object.values(entities).flat() : entities[entity];
  return actions !== undefined && (action === "*" || actions.includes(action));
}

/** In the form of `GET /api/v2/authorization/permissions`: one entity per domain. */
export function describePermissions(): Models.DomainPermissionCollection[] {
  return Object.entries(PERMISSIONS).map(([domain, entities]) => ({
    id: domain,
    name: domain,
    domain,
    permissionMap: Object.fromEntries(
      Object.entries(entities).map(([entityType, actions]) => [
        entityType,
        actions.map((action) => ({
          domain,
          entityType,
          action,
          label: `${domain} > ${entityType} > ${action}`,
          allowsConditions: false,
          divisionAware: false,
        })),
      ]),
    ),
  }));
}
