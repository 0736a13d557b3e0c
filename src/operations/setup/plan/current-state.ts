import type { Registered } from "../../data-actions/register.ts";
import type { PlannedPolicy } from "./permissions.ts";

/** The part of an org that setup reads and changes. */
export interface CurrentState {
  readonly organization: { readonly id: string; readonly name: string };
  readonly administrator: Administrator;
  readonly homeDivision: { readonly id: string; readonly name: string };
  /** The role with the desired name. */
  readonly role: Role | undefined;
  /** The clients with the desired names. */
  readonly clients: readonly Client[];
  /** All of the desired types. */
  readonly integrations: readonly Integration[];
  /** Those of the desired types that the org can use. */
  readonly types: readonly IntegrationType[];
  /** All permissions that exist in the org; undefined if Genesys Cloud returned none. */
  readonly permissions: readonly string[] | undefined;
  /** Topics that the org offers to EventBridge. */
  readonly topics: ReadonlySet<string>;
  /** What a registration of each data action would do; none if its integration is missing. */
  readonly actions: readonly Registered[];
  /** The secret of the worker's client at its configured place. */
  readonly secret: SecretState;
}

export interface Administrator {
  readonly id: string;
  readonly name: string;
  /** Undefined if Genesys Cloud returned none. */
  readonly permissions: readonly string[] | undefined;
  readonly grants: readonly RoleGrant[];
}

/** A role in a division; `*` for all divisions. */
export interface RoleGrant {
  readonly roleId: string;
  readonly divisionId: string;
}

export interface Role {
  readonly id: string;
  readonly policies: readonly PlannedPolicy[];
}

export interface Client {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** How long its tokens are valid, in s. */
  readonly tokenLifeSeconds: number;
  /** `CLIENT-CREDENTIALS`, `CODE`… */
  readonly grantType: string;
  /** `active`; `inactive`: set by an administrator; `disabled`: set by Genesys. */
  readonly state: string;
  readonly roles: readonly RoleGrant[];
  readonly redirectUris: readonly string[];
  readonly scopes: readonly string[];
}

export interface Integration {
  readonly id: string;
  readonly name: string;
  readonly type: string;
  readonly enabled: boolean;
  /** Genesys Cloud's own check, as `ACTIVE` or `ERROR`; undefined if it reports nothing. */
  readonly reported: string | undefined;
  readonly config: IntegrationConfig;
}

/** The members that an update has to send back unchanged. */
export interface IntegrationConfig {
  readonly version: number;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly advanced: Readonly<Record<string, unknown>>;
  readonly notes: string;
  /** Ids of credentials, by the type's own keys. */
  readonly credentials: Readonly<Record<string, string>>;
}

export interface IntegrationType {
  readonly id: string;
  /** The types of credentials that each key accepts. */
  readonly credentials: Readonly<Record<string, readonly string[]>>;
  /** Names of its settings; undefined if Genesys Cloud does not list them. */
  readonly settings: readonly string[] | undefined;
}

/**
 * - `works`: the stored secret gets a token
 * - `refused`: the stored value is not this client's secret
 * - `absent`: the client exists, and no secret is stored
 * - `foreign`: a secret is stored, and the client does not exist
 * - `untried`: nothing is stored, or the secret could not be tried
 */
export type SecretState = "works" | "refused" | "absent" | "foreign" | "untried";
