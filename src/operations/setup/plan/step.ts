import type { ActionDefinition } from "../../data-actions/definitions.ts";
import type { RoleGrant } from "./current-state.ts";
import type { AdminNeed, PlannedPolicy } from "./permissions.ts";

/** What is done about one thing. `blocked`: it cannot be done, and nothing is. */
export type StepAction = "create" | "change" | "leave" | "blocked";

/** One line of the plan. */
export interface Step {
  /** `role Ringahead`, `integration Ringahead events`… */
  readonly thing: string;
  readonly does: StepAction;
  /** What it is, or what is different, a line each. Never a secret. */
  readonly told: readonly string[];
  /** What a person has to do, where it is blocked. */
  readonly cure?: string;
  /** Carried out one after the other; none where it is left or blocked. */
  readonly deeds: readonly Change[];
}

/** What a client is made of; a role's id may not be known before the role is made. */
export interface ClientContent {
  readonly name: string;
  readonly description: string;
  readonly grantType: "CLIENT-CREDENTIALS" | "CODE";
  readonly tokenLifeSeconds: number;
  readonly divisionId: string | undefined;
  /** Beside ours, which was granted by somebody else. */
  readonly otherRoles: readonly RoleGrant[];
  readonly scopes: readonly string[];
  readonly redirectUris: readonly string[];
}

/** Genesys Cloud's own default, in s. */
export const TOKEN_LIFE_S = 86_400;

export type ClientKey = "worker" | "panel";

export interface IntegrationContent {
  readonly name: string;
  readonly notes: string;
  readonly properties: (made: CreatedIds) => Readonly<Record<string, unknown>>;
  readonly advanced: Readonly<Record<string, unknown>>;
  readonly credentials: Readonly<Record<string, string>>;
  /** A credential that has to be made first, and the key that it is given under. */
  readonly credential: CredentialContent | undefined;
}

export interface CredentialContent {
  readonly key: string;
  readonly name: string;
  readonly type: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** One change, that some permission of the administrator is needed for. */
export type Change =
  | {
      readonly kind: "createRole";
      readonly name: string;
      readonly description: string;
      readonly policies: readonly PlannedPolicy[];
    }
  | {
      readonly kind: "updateRole";
      readonly id: string;
      readonly name: string;
      readonly description: string;
      readonly policies: readonly PlannedPolicy[];
    }
  | { readonly kind: "grantRole"; readonly userId: string; readonly divisionId: string }
  | { readonly kind: "takeRoleBack"; readonly userId: string; readonly divisionId: string }
  | {
      readonly kind: "createClient";
      readonly key: ClientKey;
      readonly content: ClientContent;
    }
  | {
      readonly kind: "updateClient";
      readonly id: string;
      readonly content: ClientContent;
    }
  | { readonly kind: "renewSecret"; readonly clientId: string }
  | { readonly kind: "createIntegration"; readonly type: string; readonly name: string }
  | {
      readonly kind: "configureIntegration";
      /** Undefined: the one that was made just now. */
      readonly id: string | undefined;
      readonly version: number | undefined;
      readonly content: IntegrationContent;
    }
  | { readonly kind: "enableIntegration"; readonly id: string | undefined }
  | {
      readonly kind: "registerAction";
      readonly definition: ActionDefinition;
      readonly integration: string;
    };

/** Ids of what is there, or has been made by the deeds so far. */
export interface CreatedIds {
  readonly roleId: string | undefined;
  readonly clientIds: Readonly<Partial<Record<ClientKey, string>>>;
}

/** What each kind of deed needs of the administrator. */
export const needsOf: Readonly<Record<Change["kind"], readonly AdminNeed[]>> = {
  createRole: ["addRole"],
  updateRole: ["editRole"],
  grantRole: ["grant"],
  takeRoleBack: ["takeBack"],
  createClient: ["addClient"],
  updateClient: ["editClient"],
  renewSecret: ["editClient"],
  createIntegration: ["addIntegration"],
  configureIntegration: ["addIntegration", "editIntegration"],
  enableIntegration: ["editIntegration"],
  registerAction: ["addAction", "editAction"],
};

/** A thing that is as it should be. */
export function left(thing: string, ...told: readonly string[]): Step {
  return { thing, does: "leave", told, deeds: [] };
}

/** A thing that a person has to decide about. */
export function blocked(thing: string, told: string, cure: string): Step {
  return { thing, does: "blocked", told: [told], cure, deeds: [] };
}
