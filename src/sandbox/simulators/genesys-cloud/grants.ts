import type { Models } from "purecloud-platform-client-v2";
import { allows } from "./permissions.ts";
import type { Roles } from "./roles.ts";

/** Every division of the org, those to come among them. */
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
  readonly madeAt: number;
}

/** Who has which role. */
export interface Grants {
  readonly all: readonly SimulatedGrant[];
  of(subjectId: string): readonly SimulatedGrant[];
  /** A role of which the whole of Genesys Cloud knows at once. */
  giveSettled(subjectId: string, given: RoleDivision): void;
  /** A role given through the API, which takes its time to be known everywhere. */
  give(subjectId: string, given: RoleDivision): void;
  /** @returns whether there was one */
  take(subjectId: string, taken: RoleDivision): boolean;
  takeAll(subjectId: string): void;
  permits(subjectId: string, permission: string): boolean;
  /** Whether a subject has all of these, as far as it is known where clients are made. */
  holdsAll(subjectId: string, wanted: readonly RoleDivision[]): boolean;
  /** The next `times` looks of `holdsAll` at a role given through the API do not see it yet. */
  settleAfter(times: number): void;
}

/** @param now epoch ms */
export function createGrants(roles: Roles, now: () => number): Grants {
  let all: readonly Entry[] = [];
  let looksUnseen = 0;

  const of = (subjectId: string) => all.filter((grant) => grant.subjectId === subjectId);

  function put(subjectId: string, given: RoleDivision, isSettled: boolean): void {
    if (of(subjectId).some((grant) => isSame(grant, given))) return;
    all = [...all, { ...given, subjectId, madeAt: now(), isSettled }];
  }

  return {
    get all() {
      return all;
    },
    of,
    giveSettled: (subjectId, given) => put(subjectId, given, true),
    give: (subjectId, given) => put(subjectId, given, false),
    take(subjectId, taken) {
      const before = all.length;
      all = all.filter((grant) => grant.subjectId !== subjectId || !isSame(grant, taken));
      return all.length < before;
    },
    takeAll(subjectId) {
      all = all.filter((grant) => grant.subjectId !== subjectId);
    },
    permits: (subjectId, permission) =>
      of(subjectId).some(({ roleId }) => allows(roles.find(roleId)?.policies ?? [], permission)),
    holdsAll(subjectId, wanted) {
      const held = wanted.map((one) => of(subjectId).filter((grant) => covers(grant, one)));
      if (held.some((grants) => grants.length === 0)) return false;
      if (held.every((grants) => grants.some(({ isSettled }) => isSettled))) return true;
      if (looksUnseen === 0) return true;
      looksUnseen -= 1;
      return false;
    },
    settleAfter(times) {
      looksUnseen = times;
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

/** As a subject's grants are listed. */
export function describeGrant(
  { subjectId, roleId, divisionId, madeAt }: SimulatedGrant,
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
    grantMadeAt: new Date(madeAt).toISOString(),
  };
}
