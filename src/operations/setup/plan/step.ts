import type { ActionDefinition } from "../../data-actions/definitions.ts";
import type { RoleGrant } from "./current-state.ts";
import type { AdminNeed, PlannedPolicy } from "./permissions.ts";

/** What happens to one object. `blocked`: a person has to act first, and nothing is changed. */
export type StepAction = "create" | "change" | "leave" | "blocked";

/** One entry of the plan. */
export interface Step {
  /** The object, as `role Ringahead` or `integration Ringahead events`. */
  readonly thing: string;
  readonly action: StepAction;
  /** Its settings, or the differences, one a line. Never a secret. */
  readonly details: readonly string[];
  /** What a person has to do if the step is blocked. */
  readonly cure?: string;
  /** In the order in which they are applied; empty if the object is left or blocked. */
  readonly changes: readonly Change[];
}

/** An OAuth client as it is created or updated. The role's id may not be known yet. */
export interface ClientContent {
  readonly name: string;
  readonly description: string;
  readonly grantType: "CLIENT-CREDENTIALS" | "CODE";
  readonly tokenLifeSeconds: number;
  /** Where the client gets our role; undefined: it gets none. */
  readonly divisionId: string | undefined;
  /** Roles that the client has and keeps. */
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
  readonly properties: (ids: CreatedIds) => Readonly<Record<string, unknown>>;
  readonly advanced: Readonly<Record<string, unknown>>;
  readonly credentials: Readonly<Record<string, string>>;
  /** A credential to create first; undefined: none. */
  readonly credential: CredentialContent | undefined;
}

export interface CredentialContent {
  /** The integration type's own name for this credential. */
  readonly key: string;
  readonly name: string;
  readonly type: string;
  readonly fields: Readonly<Record<string, string>>;
}

/** One change in Genesys Cloud. */
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
  | { readonly kind: "revokeRole"; readonly userId: string; readonly divisionId: string }
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
      /** Undefined: the integration that the change before this one created. */
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

/** Ids of objects that exist, or that earlier changes created. */
export interface CreatedIds {
  readonly roleId: string | undefined;
  readonly clientIds: Readonly<Partial<Record<ClientKey, string>>>;
}

/** The permissions that the administrator needs for each kind of change. */
export const needsOf: Readonly<Record<Change["kind"], readonly AdminNeed[]>> = {
  createRole: ["addRole"],
  updateRole: ["editRole"],
  grantRole: ["grant"],
  revokeRole: ["revoke"],
  createClient: ["addClient"],
  updateClient: ["editClient"],
  renewSecret: ["editClient"],
  createIntegration: ["addIntegration"],
  configureIntegration: ["addIntegration", "editIntegration"],
  enableIntegration: ["editIntegration"],
  registerAction: ["addAction", "editAction"],
};

export function unchanged(thing: string, ...details: readonly string[]): Step {
  return { thing, action: "leave", details, changes: [] };
}

export function blocked(thing: string, problem: string, cure: string): Step {
  return { thing, action: "blocked", details: [problem], cure, changes: [] };
}
