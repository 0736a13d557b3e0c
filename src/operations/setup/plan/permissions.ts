/** A permission by Genesys Cloud's own name, `domain:entity:action`, and its purpose. */
export interface Need {
  readonly permission: string;
  readonly why: string;
  /** What else it gives access to, if that is much. */
  readonly wide?: string;
}

/**
 * All permissions of the worker's OAuth client (`purecloud-platform-client-v2`, "Requires ANY permissions"
 * of each operation). The PATCH of attributes, tokens and the organization need none.
 */
export const clientNeeds: readonly Need[] = [
  {
    permission: "conversation:communication:view",
    why: "`dlq replay` checks whether a conversation has ended; lookups can be made by conversation",
    wide: "it gives access to every conversation of the division; Ringahead reads only the end and the customer's address",
  },
  {
    permission: "externalContacts:contact:view",
    why: "web-messaging visitors whom Genesys Cloud knows are found by their contact's number or address",
    wide: "it gives access to every external contact of the division; Ringahead reads only numbers and addresses",
  },
];

/** All permissions that an administrator may need for setup. */
export const adminNeeds = {
  seeRoles: need("authorization:role:view", "to see whether the role exists"),
  addRole: need("authorization:role:add", "to create the role"),
  editRole: need("authorization:role:edit", "to set the permissions of the role"),
  grant: need("authorization:grant:add", "to grant the role to you before the client gets it"),
  revoke: need("authorization:grant:delete", "to revoke the role from you"),
  seeClients: need("oauth:client:view", "to see whether the OAuth client exists"),
  addClient: need("oauth:client:add", "to create the OAuth client"),
  editClient: need("oauth:client:edit", "to change the OAuth client or create a new secret"),
  seeIntegrations: need("integrations:integration:view", "to see which integrations exist"),
  addIntegration: need("integrations:integration:add", "to add an integration"),
  editIntegration: need("integrations:integration:edit", "to configure and activate it"),
  seeActions: need("integrations:action:view", "to see whether the data action exists"),
  addAction: need("integrations:action:add", "to add the data action"),
  editAction: need("integrations:action:edit", "to publish the data action"),
} satisfies Record<string, Need>;

export type AdminNeed = keyof typeof adminNeeds;

function need(permission: string, why: string): Need {
  return { permission, why };
}

/**
 * [pure] Whether the granted permissions cover this one. Genesys Cloud writes `*` for all entities or all
 * actions.
 */
export function covers(granted: readonly string[], permission: string): boolean {
  const required = permission.split(":");
  return granted.some((one) => {
    const parts = one.split(":");
    return (
      parts.length === required.length &&
      parts.every((part, at) => part === "*" || part === required[at])
    );
  });
}

/** The actions that a role allows on one entity. */
export interface PlannedPolicy {
  readonly domain: string;
  readonly entityName: string;
  readonly actionSet: readonly string[];
}

/** [pure] Permissions as policies, one for each entity. */
export function policiesOf(permissions: readonly string[]): readonly PlannedPolicy[] {
  const policies = new Map<string, { domain: string; entityName: string; actionSet: string[] }>();
  for (const permission of permissions) {
    const [domain = "", entityName = "", action = ""] = permission.split(":");
    const key = `${domain}:${entityName}`;
    const policy = policies.get(key) ?? { domain, entityName, actionSet: [] };
    policy.actionSet.push(action);
    policies.set(key, policy);
  }
  return [...policies.values()];
}

/** [pure] Policies as permissions. */
export function permissionsOf(policies: readonly PlannedPolicy[]): readonly string[] {
  return policies.flatMap(({ domain, entityName, actionSet }) =>
    actionSet.map((action) => `${domain}:${entityName}:${action}`),
  );
}
