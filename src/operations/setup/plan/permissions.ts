/** A permission by Genesys Cloud's own name, `domain:entity:action`, and what it is wanted for. */
export interface Need {
  readonly permission: string;
  readonly why: string;
  /** What else it opens, where that is much. */
  readonly wide?: string;
}

/**
 * What the worker's OAuth client is given, and nothing else (`purecloud-platform-client-v2`, "Requires ANY
 * permissions" of each operation). The PATCH of attributes, tokens and the organization need none.
 */
export const clientNeeds: readonly Need[] = [
  {
    permission: "conversation:communication:view",
    why: "`dlq replay` asks whether a conversation has ended, and lookups can name one",
    wide: "it opens every conversation of the division; of what it shows, only the end and the customer's address are read",
  },
  {
    permission: "externalContacts:contact:view",
    why: "web-messaging visitors whom Genesys Cloud knows are found by their contact's number or address",
    wide: "it opens every external contact of the division; numbers and addresses alone are read",
  },
];

/** What the administrator who sets it up needs, each for what. */
export const adminNeeds = {
  seeRoles: need("authorization:role:view", "to see whether the role is there"),
  addRole: need("authorization:role:add", "to make the role"),
  editRole: need("authorization:role:edit", "to give the role its permissions"),
  grant: need("authorization:grant:add", "to grant the role to you, before the client gets it"),
  takeBack: need("authorization:grant:delete", "to take the role back from you"),
  seeClients: need("oauth:client:view", "to see whether the OAuth client is there"),
  addClient: need("oauth:client:add", "to make the OAuth client"),
  editClient: need("oauth:client:edit", "to change the OAuth client, or make it a new secret"),
  seeIntegrations: need("integrations:integration:view", "to see which integrations are there"),
  addIntegration: need("integrations:integration:add", "to add an integration"),
  editIntegration: need("integrations:integration:edit", "to configure and activate it"),
  seeActions: need("integrations:action:view", "to see whether the data action is there"),
  addAction: need("integrations:action:add", "to add the data action"),
  editAction: need("integrations:action:edit", "to publish the data action"),
} satisfies Record<string, Need>;

export type AdminNeed = keyof typeof adminNeeds;

function need(permission: string, why: string): Need {
  return { permission, why };
}

/**
 * [pure] Whether one of the permissions that somebody has covers this one. Genesys Cloud writes `*` for
 * all entities or actions.
 */
export function covers(granted: readonly string[], permission: string): boolean {
  const wanted = permission.split(":");
  return granted.some((one) => {
    const parts = one.split(":");
    return (
      parts.length === wanted.length &&
      parts.every((part, at) => part === "*" || part === wanted[at])
    );
  });
}

/** Part of a role's permissions: what may be done with one kind of thing. */
export interface PlannedPolicy {
  readonly domain: string;
  readonly entityName: string;
  readonly actionSet: readonly string[];
}

/** [pure] Permissions as policies, one for each kind of thing. */
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
