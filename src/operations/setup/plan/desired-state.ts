import type { ActionDefinition } from "../../data-actions/definitions.ts";

/** What an installation is to have in Genesys Cloud. */
export interface DesiredState {
  /** Begins the name of everything that is made, so that a second installation is one of its own. */
  readonly name: string;
  /** Where the events go. */
  readonly aws: { readonly account: string; readonly region: string; readonly suffix: string };
  /** Whether the client's role holds in every division, or in the home division alone. */
  readonly everyDivision: boolean;
  /** Whether the client's secret is made anew: the one that is in use stops. */
  readonly newSecret: boolean;
  /** Whether the administrator gives the role back in the end. */
  readonly returnRole: boolean;
  /** Data actions, each with what proves to its integration who is asking. */
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
  /** The page, to the letter. */
  readonly url: string;
  /** Ids of the groups that see the widget. */
  readonly groups: readonly string[];
  readonly attributePrefix: string;
}
