import { isDeepStrictEqual } from "node:util";
import { Failure } from "../../domain/failure.ts";
import type { ActionDefinition } from "./definitions.ts";
import type { ActionIntegration, ActionRegistry, Draft } from "./registry.ts";

/** What a registration did, or would do with `dryRun`. `ringahead actions --json` prints it. */
export interface Registered {
  readonly action: string;
  readonly integration: string;
  readonly did: "created" | "changed" | "nothing";
}

export interface RegisterOptions {
  /** Name or id; needed if the org has several integrations of the type. */
  readonly integration: string | undefined;
  /** Changes nothing. */
  readonly dryRun: boolean;
}

/**
 * Registers one data action: creates or updates its draft, validates and publishes it. If the published
 * action equals the definition, nothing is changed. A draft of an earlier run is reused.
 * @throws {Failure}
 */
export async function register(
  registry: ActionRegistry,
  definition: ActionDefinition,
  options: RegisterOptions,
): Promise<Registered> {
  const { name } = definition;
  const integration = await chooseIntegration(registry, definition, options.integration);
  const published = await registry.published(name, integration.id);
  const subject = { action: name, integration: integration.name };
  if (published !== undefined && contains(published.content, contentOf(definition))) {
    return { ...subject, did: "nothing" };
  }
  const did = published === undefined ? "created" : "changed";
  if (options.dryRun) return { ...subject, did };
  const draft = await prepareDraft(registry, definition, integration, published?.id);
  const errors = await registry.draftErrors(draft);
  if (errors.length > 0) throw invalidDraft(name, errors);
  await registry.publish(draft);
  return { ...subject, did };
}

async function prepareDraft(
  registry: ActionRegistry,
  definition: ActionDefinition,
  integration: ActionIntegration,
  publishedId: string | undefined,
): Promise<Draft> {
  const { name } = definition;
  const existing = await registry.draft(name, integration.id);
  if (existing !== undefined) return registry.updateDraft(existing, definition);
  if (publishedId === undefined) return registry.createDraft(definition, integration.id);
  return registry.updateDraft(await registry.openDraft(publishedId), definition);
}

async function chooseIntegration(
  registry: ActionRegistry,
  { integrationType }: ActionDefinition,
  nameOrId: string | undefined,
): Promise<ActionIntegration> {
  const all = await registry.integrations(integrationType);
  const matching = all.filter(
    ({ id, name }) => nameOrId === undefined || nameOrId === id || nameOrId === name,
  );
  const [one, another] = matching;
  if (one === undefined || another !== undefined) {
    const names = all.map(({ name }) => JSON.stringify(name)).join(", ") || "none";
    throw new Failure({
      kind: "misconfigured",
      code: "bad_request",
      source: "genesys",
      message: `${one === undefined ? "no" : "more than one"} integration of the type ${integrationType} matches: the org has ${names}`,
      cure:
        one === undefined
          ? "Add it in Admin > Integrations, with its credentials (docs/reference/lookup.md)."
          : "Name it with --integration.",
    });
  }
  if (!one.enabled) {
    throw new Failure({
      kind: "misconfigured",
      code: "bad_request",
      source: "genesys",
      message: `the integration ${JSON.stringify(one.name)} is not active`,
      cure: "Activate it in Admin > Integrations.",
    });
  }
  return one;
}

function invalidDraft(name: string, errors: readonly string[]): Failure {
  return new Failure({
    kind: "permanent",
    code: "bad_request",
    source: "genesys",
    message: `Genesys Cloud rejected the draft of ${JSON.stringify(name)}: ${errors.join("; ")}`,
    cure: "The draft stays in Admin > Actions, where you can inspect it. The published action is unchanged.",
  });
}

/** [pure] The members that an update sets. */
export function contentOf({ name, category, secure, config, contract }: ActionDefinition) {
  return { name, category, secure, config, contract };
}

/** [pure] Whether `actual` has all members of `expected`. Genesys Cloud adds its own. */
export function contains(actual: unknown, expected: unknown): boolean {
  if (typeof expected !== "object" || expected === null || Array.isArray(expected)) {
    return isDeepStrictEqual(actual, expected);
  }
  if (typeof actual !== "object" || actual === null) return false;
  const members = new Map<string, unknown>(Object.entries(actual));
  return Object.entries(expected).every(([name, value]) => contains(members.get(name), value));
}
