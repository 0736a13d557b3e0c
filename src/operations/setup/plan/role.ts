import type { CurrentState } from "./current-state.ts";
import type { DesiredState } from "./desired-state.ts";
import { clientNeeds, covers, permissionsOf, policiesOf } from "./permissions.ts";
import { type Step, unchanged } from "./step.ts";

const ROLE_DESCRIPTION = "What Ringahead's worker may do. Made by `ringahead setup`.";

/** [pure] The role, with exactly those permissions of the worker's client that the org has. */
export function planRole({ role, permissions }: CurrentState, { name }: DesiredState): Step {
  const thing = `role ${name}`;
  const needs = clientNeeds.filter(({ permission }) => permissions?.includes(permission) ?? true);
  const desired = needs.map(({ permission }) => permission);
  const unavailable = clientNeeds
    .filter((need) => !needs.includes(need))
    .map(({ permission, why }) => `without ${permission}, which this org does not have: ${why}`);
  const content = { name, description: ROLE_DESCRIPTION, policies: policiesOf(desired) };
  if (role === undefined) {
    return {
      thing,
      action: "create",
      details: [
        ...needs.flatMap(({ permission, why, wide }) => [
          `${permission}: ${why}`,
          ...(wide === undefined ? [] : [`  wide: ${wide}`]),
        ]),
        ...unavailable,
      ],
      changes: [{ kind: "createRole", ...content }],
    };
  }
  const existing = permissionsOf(role.policies);
  const missing = desired.filter((permission) => !covers(existing, permission));
  const extra = existing.filter((permission) => !desired.includes(permission));
  if (missing.length === 0 && extra.length === 0) {
    return unchanged(thing, desired.join(", "), ...unavailable);
  }
  return {
    thing,
    action: "change",
    details: [
      ...missing.map((permission) => `gets ${permission}`),
      ...extra.map((permission) => `loses ${permission}: the worker does not need it`),
      ...unavailable,
    ],
    changes: [{ kind: "updateRole", id: role.id, ...content }],
  };
}

/**
 * [pure] The role's grant to the administrator, who must hold a role to assign it to a client (Resource
 * Center, "Create an OAuth client"). Empty if the client does not change.
 */
export function planGrant(
  current: CurrentState,
  desired: DesiredState,
  client: Step,
): readonly Step[] {
  const { administrator, role } = current;
  const thing = `role ${desired.name}, granted to you`;
  const divisionId = divisionOf(current, desired);
  const holdsRole = administrator.grants.some(
    (grant) => grant.roleId === role?.id && coversDivision(grant.divisionId, divisionId),
  );
  if (client.changes.length > 0 && !holdsRole) {
    return [
      {
        thing,
        action: "create",
        details: [
          `${administrator.name}: Genesys Cloud requires that you hold a role before you assign it to a client`,
          ...(desired.returnRole ? [] : ["revoke it afterwards with --return-role"]),
        ],
        changes: [{ kind: "grantRole", userId: administrator.id, divisionId }],
      },
    ];
  }
  return holdsRole && !desired.returnRole ? [unchanged(thing, "revoke it with --return-role")] : [];
}

/**
 * [pure] The last step, if desired: revokes the role from the administrator.
 * @param isGranted whether this plan grants the role
 */
export function planRevocation(
  current: CurrentState,
  desired: DesiredState,
  isGranted: boolean,
): readonly Step[] {
  const { administrator, role } = current;
  if (!desired.returnRole) return [];
  const existing = administrator.grants.filter(({ roleId }) => roleId === role?.id);
  const divisions = isGranted
    ? [divisionOf(current, desired)]
    : existing.map((grant) => grant.divisionId);
  if (divisions.length === 0) return [];
  return [
    {
      thing: `role ${desired.name}, revoked from you`,
      action: "change",
      details: [`${administrator.name} loses it; a later change of the client needs it again`],
      changes: divisions.map((divisionId) => ({
        kind: "revokeRole" as const,
        userId: administrator.id,
        divisionId,
      })),
    },
  ];
}

const EVERY_DIVISION = "*";

/** [pure] The division in which the client gets the role. */
export function divisionOf(
  { homeDivision }: CurrentState,
  { everyDivision }: DesiredState,
): string {
  return everyDivision ? EVERY_DIVISION : homeDivision.id;
}

/** [pure] A grant in every division covers each one. */
export function coversDivision(granted: string, divisionId: string): boolean {
  return granted === divisionId || granted === EVERY_DIVISION;
}
