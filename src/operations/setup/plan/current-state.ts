import type { Registered } from "../../data-actions/register.ts";
import type { PlannedPolicy } from "./permissions.ts";

/** An org as it stands, as far as setting up Ringahead has to do with it. */
export interface CurrentState {
  readonly organization: { readonly id: string; readonly name: string };
  readonly administrator: Administrator;
  readonly homeDivision: { readonly id: string; readonly name: string };
  /** By its name. */
  readonly role: Role | undefined;
  /** By their names. */
  readonly clients: readonly Client[];
  /** Of the types that are wished for. */
  readonly integrations: readonly Integration[];
  /** Those of the wished types that the org may have. */
  readonly types: readonly IntegrationType[];
  /** Genesys Cloud's own list, as far as the org has it; undefined where it told none. */
  readonly permissions: readonly string[] | undefined;
  /** Topics that the org offers to EventBridge. */
  readonly topics: ReadonlySet<string>;
  /** What would be done about each data action, by its name; none where its integration is missing. */
  readonly actions: readonly Registered[];
  /** What is at the place where the worker's client has its secret. */
  readonly secret: SecretState;
}

export interface Administrator {
  readonly id: string;
  readonly name: string;
  /** Undefined where Genesys Cloud did not tell. */
  readonly permissions: readonly string[] | undefined;
  readonly grants: readonly RoleGrant[];
}

/** A role in a division; `*` for all of them. */
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
  /** How long its tokens live, in s. */
  readonly tokenLifeSeconds: number;
  /** `CLIENT-CREDENTIALS`, `CODE`… */
  readonly grantType: string;
  /** `active`, `inactive` by an administrator, `disabled` by Genesys. */
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
  /** `ACTIVE`, `ERROR`…, as Genesys Cloud sees it; undefined where it says nothing. */
  readonly reported: string | undefined;
  readonly config: IntegrationConfig;
}

/** The members that a change has to give back as they were. */
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
  /** Kinds of credentials that each key takes. */
  readonly credentials: Readonly<Record<string, readonly string[]>>;
  /** The settings that it has; undefined where Genesys Cloud does not tell. */
  readonly settings: readonly string[] | undefined;
}

/**
 * - `works`: what is kept gets a token
 * - `refused`: something is kept, and it is not this client's secret
 * - `absent`: nothing is kept
 * - `foreign`: something is kept, and the client is not there
 * - `untried`: nothing was kept or tried
 */
export type SecretState = "works" | "refused" | "absent" | "foreign" | "untried";
