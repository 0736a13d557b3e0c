import type { ActionDefinition, ActionIntegrationType } from "./definitions.ts";

/** An integration of the org that data actions can belong to. */
export interface ActionIntegration {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
}

/** A version of an action that is not published yet. */
export interface Draft {
  readonly id: string;
  readonly version: number;
}

/** A published action, with the members that a definition has. */
export interface PublishedAction {
  readonly id: string;
  readonly content: unknown;
}

/** The port to Genesys Cloud's data actions. Every method throws a `Failure`. */
export interface ActionRegistry {
  integrations(type: ActionIntegrationType): Promise<readonly ActionIntegration[]>;
  published(name: string, integrationId: string): Promise<PublishedAction | undefined>;
  /** The draft of a published or unpublished action. */
  draft(name: string, integrationId: string): Promise<Draft | undefined>;
  createDraft(definition: ActionDefinition, integrationId: string): Promise<Draft>;
  /** Creates a draft from the published action. */
  openDraft(actionId: string): Promise<Draft>;
  updateDraft(draft: Draft, definition: ActionDefinition): Promise<Draft>;
  /** Genesys Cloud's validation errors; empty if the draft can be published. */
  draftErrors(draft: Draft): Promise<readonly string[]>;
  publish(draft: Draft): Promise<void>;
}
