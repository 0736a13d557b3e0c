import type { CurrentState } from "./current-state.ts";
import type { DesiredState } from "./desired-state.ts";
import { clientNeeds, covers, permissionsOf, policiesOf } from "./permissions.ts";
import { left, type Step } from "./step.ts";

const ROLE_DESCRIPTION = "What Ringahead's worker may do. Made by `ringahead setup`.";

/** [pure] The role, with exactly the permissions that the worker's client needs, of those that the org has. */
export function planRole({ role, permissions }: CurrentState, { name }: DesiredState): Step {
  const thing = `role ${name}`;
  const needs = clientNeeds.filter(({ permission }) => permissions?.includes(permission) ?? true);
  const wanted = needs.map(({ permission }) => permission);
  const unknown = clientNeeds
    .filter((need) => !needs.includes(need))
    .map(({ permission, why }) => `without ${permission}, which this org does not have: ${why}`);
  const policies = policiesOf(wanted);
  const told = [
    ...needs.flatMap(({ permission, why, wide }) => [
      `${permission}: ${why}`,
      ...(wide === undefined ? [] : [`  wide: ${wide}`]),
    ]),
    ...unknown,
  ];
  const content = { name, description: ROLE_DESCRIPTION, policies };
  if (role === undefined) {
    return { thing, does: "create", told, deeds: [{ kind: "createRole", ...content }] };
  }
  const has = permissionsOf(role.policies);
  const missing = wanted.filter((permission) => !covers(has, permission));
  const more = has.filter((permission) => !wanted.includes(permission));
  if (missing.length === 0 && more.length === 0) return left(thing, wanted.join(", "), ...unknown);
  return {
    thing,
    does: "change",
    told: [
      ...missing.map((permission) => `gets ${permission}`),
      ...more.map((permission) => `loses ${permission}: the worker does not need it`),
      ...unknown,
    ],
    deeds: [{ kind: "updateRole", id: role.id, ...content }],
  };
}

/**
 * [pure] The role's grant to whoever sets it up, for nobody may give a client a role that they do not
 * have (Resource Center, "Create an OAuth client"). Needed only where the client is going to change.
 */
export function planGrant(
  picture: CurrentState,
  wish: DesiredState,
  client: Step,
): readonly Step[] {
  const { administrator, role } = picture;
  const thing = `role ${wish.name}, granted to you`;
  const held = administrator.grants.filter(({ roleId }) => roleId === role?.id);
  const divisionId = divisionOf(picture, wish);
  const holds = held.some((grant) => isOf(grant.divisionId, divisionId));
  const changes = client.deeds.length > 0;
  if (changes && !holds) {
    return [
      {
        thing,
        does: "create",
        told: [
          `${administrator.name}: Genesys Cloud lets nobody give a client a role that they do not have`,
          ...(wish.returnRole ? [] : ["take it back afterwards with --return-role"]),
        ],
        deeds: [{ kind: "grantRole", userId: administrator.id, divisionId }],
      },
    ];
  }
  return holds && !wish.returnRole ? [left(thing, "take it back with --return-role")] : [];
}

/** [pure] Last of all: the role is taken back from whoever set it up, where that is wished for. */
export function planReturn(
  picture: CurrentState,
  wish: DesiredState,
  granted: boolean,
): readonly Step[] {
  const { administrator, role } = picture;
  if (!wish.returnRole) return [];
  const there = administrator.grants.filter(({ roleId }) => roleId === role?.id);
  const divisions = granted ? [divisionOf(picture, wish)] : there.map((grant) => grant.divisionId);
  if (divisions.length === 0) return [];
  return [
    {
      thing: `role ${wish.name}, taken back from you`,
      does: "change",
      told: [`${administrator.name} loses it; changing the client will want it again`],
      deeds: divisions.map((divisionId) => ({
        kind: "takeRoleBack" as const,
        userId: administrator.id,
        divisionId,
      })),
    },
  ];
}

const EVERY_DIVISION = "*";

/** [pure] Where the client's role holds. */
export function divisionOf(
  { homeDivision }: CurrentState,
  { everyDivision }: DesiredState,
): string {
  return everyDivision ? EVERY_DIVISION : homeDivision.id;
}

/** [pure] A grant in every division holds in each. */
export function isOf(granted: string, wanted: string): boolean {
  return granted === wanted || granted === EVERY_DIVISION;
}
