import type { Models } from "purecloud-platform-client-v2";
import { allows } from "./permissions.ts";
import type { Roles } from "./roles.ts";

/** All divisions of the org, including future ones. */
export const EVERY_DIVISION = "*";

/** A role in a division. */
export interface RoleDivision {
  readonly roleId: string;
  readonly divisionId: string;
}

/** A role that a subject (a user or an OAuth client) has in a division. */
export interface SimulatedGrant extends RoleDivision {
  readonly subjectId: string;
  /** Epoch ms. */
  readonly grantedAt: number;
}

/** The roles of users and clients. */
export interface Grants {
  readonly all: readonly SimulatedGrant[];
  of(subjectId: string): readonly SimulatedGrant[];
  /** Adds a grant that takes effect everywhere at once. */
  addSettled(subjectId: string, role: RoleDivision): void;
  /** Adds a grant through the API. Until it is settled, `holdsAll` may not see it. */
  add(subjectId: string, role: RoleDivision): void;
  /** @returns whether there was such a grant */
  remove(subjectId: string, role: RoleDivision): boolean;
  removeAll(subjectId: string): void;
  permits(subjectId: string, permission: string): boolean;
  /** Whether a subject has all of these roles. Grants that are not settled may be missed. */
  holdsAll(subjectId: string, wanted: readonly RoleDivision[]): boolean;
  /** The next `times` calls of `holdsAll` miss grants through the API. */
  settleAfter(times: number): void;
}

/** @param now epoch ms */
export function createGrants(roles: Roles, now: () => number): Grants {
  let all: readonly Entry[] = [];
  let misses = 0;

  const of = (subjectId: string) => all.filter((grant) => grant.subjectId === subjectId);

  function put(subjectId: string, role: RoleDivision, isSettled: boolean): void {
    if (of(subjectId).some((grant) => isSame(grant, role))) return;
    all = [...all, { ...role, subjectId, grantedAt: now(), isSettled }];
  }

  return {
    get all() {
      return all;
    },
    of,
    addSettled: (subjectId, role) => put(subjectId, role, true),
    add: (subjectId, role) => put(subjectId, role, false),
    remove(subjectId, role) {
      const before = all.length;
      all = all.filter((grant) => grant.subjectId !== subjectId || !isSame(grant, role));
      return all.length < before;
    },
    removeAll(subjectId) {
      all = all.filter((grant) => grant.subjectId !== subjectId);
    },
    permits: (subjectId, permission) =>
      of(subjectId).some(({ roleId }) => allows(roles.find(roleId)?.policies ?? [], permission)),
    holdsAll(subjectId, wanted) {
      const held = wanted.map((one) => of(subjectId).filter((grant) => covers(grant, one)));
      if (held.some((grants) => grants.length === 0)) return false;
      if (held.every((grants) => grants.some(({ isSettled }) => isSettled))) return true;
      if (misses === 0) return true;
      misses -= 1;
      return false;
    },
    settleAfter(times) {
      misses = times;
    },
  };
}

interface Entry extends SimulatedGrant {
  readonly isSettled: boolean;
}

function isSame(one: RoleDivision, other: RoleDivision): boolean {
  return one.roleId === other.roleId && one.divisionId === other.divisionId;
}

function covers(held: RoleDivision, wanted: RoleDivision): boolean {
  const everywhere = held.divisionId === EVERY_DIVISION;
  return held.roleId === wanted.roleId && (everywhere || held.divisionId === wanted.divisionId);
}

/** A grant in the form of the API. */
export function describeGrant(
  { subjectId, roleId, divisionId, grantedAt }: SimulatedGrant,
  roles: Roles,
  homeDivision: Models.AuthzDivision,
): Models.AuthzGrant {
  const { name = "", description = "", policies = [] } = roles.find(roleId) ?? {};
  return {
    subjectId,
    division:
      divisionId === homeDivision.id
        ? homeDivision
        : { id: divisionId, name: "*", description: "", homeDivision: false },
    role: {
      id: roleId,
      name,
      description,
      policies: policies.map(({ actionSet, ...rest }) => ({ ...rest, actions: [...actionSet] })),
      default: false,
      selfUri: `/api/v2/authorization/roles/${roleId}`,
    },
    grantMadeAt: new Date(grantedAt).toISOString(),
  };
}
