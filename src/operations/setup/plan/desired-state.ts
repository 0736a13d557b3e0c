import type { ActionDefinition } from "../../data-actions/definitions.ts";

/** What an installation needs in Genesys Cloud. */
export interface DesiredState {
  /** Prefix of the name of everything that setup creates. A second installation has its own. */
  readonly name: string;
  /** The destination of the events. */
  readonly aws: { readonly account: string; readonly region: string; readonly suffix: string };
  /** Whether the client has its role in every division; otherwise only in the home division. */
  readonly everyDivision: boolean;
  /** Whether the client gets a new secret. The current one then stops working. */
  readonly newSecret: boolean;
  /** Whether the role is revoked from the administrator at the end. */
  readonly returnRole: boolean;
  readonly actions: readonly DesiredAction[];
  readonly panel: DesiredPanel | undefined;
}

export interface DesiredAction {
  readonly definition: ActionDefinition;
  /** Genesys Cloud's name of the credential's type, and its fields: `secret`, or the ARN of a role. */
  readonly credential: {
    readonly type: string;
    readonly fields: Readonly<Record<string, string>>;
  };
}

export interface DesiredPanel {
  /** The page's exact address. */
  readonly url: string;
  /** Ids of the groups that see the widget. */
  readonly groups: readonly string[];
  readonly attributePrefix: string;
}
