import { isDeepStrictEqual } from "node:util";
import { Failure } from "../../domain/failure.ts";
import type { ActionDefinition } from "./definitions.ts";
import type { ActionIntegration, ActionRegistry, Draft } from "./registry.ts";

/** What a registration did, or with `dryRun` would do. */
export interface Registered {
  readonly action: string;
  readonly integration: string;
  readonly did: "created" | "changed" | "nothing";
}

export interface RegisterOptions {
  /** Name or id of the integration; needed where there are several of its type. */
  readonly integration: string | undefined;
  /** Looks, and changes nothing. */
  readonly dryRun: boolean;
}

/**
 * Registers one data action: draft, contract and configuration, validation, publication. Where a published
 * action is already as defined, nothing is changed; a draft that an earlier run has left is taken up.
 * @throws {Failure}
 */
export async function register(
  registry: ActionRegistry,
  definition: ActionDefinition,
  options: RegisterOptions,
): Promise<Registered> {
  const { name } = definition;
  const integration = await choose(registry, definition, options.integration);
  const published = await registry.published(name, integration.id);
  const told = { action: name, integration: integration.name };
  if (published !== undefined && holds(published.content, contentOf(definition))) {
    return { ...told, did: "nothing" };
  }
  const did = published === undefined ? "created" : "changed";
  if (options.dryRun) return { ...told, did };
  const draft = await draftOf(registry, definition, integration, published?.id);
  const faults = await registry.faultsOf(draft);
  if (faults.length > 0) throw invalidDraft(name, faults);
  await registry.publish(draft);
  return { ...told, did };
}

async function draftOf(
  registry: ActionRegistry,
  definition: ActionDefinition,
  integration: ActionIntegration,
  publishedId: string | undefined,
): Promise<Draft> {
  const { name } = definition;
  const left = await registry.draft(name, integration.id);
  if (left !== undefined) return registry.updateDraft(left, definition);
  if (publishedId === undefined) return registry.createDraft(definition, integration.id);
  return registry.updateDraft(await registry.openDraft(publishedId), definition);
}

async function choose(
  registry: ActionRegistry,
  { integrationType }: ActionDefinition,
  wanted: string | undefined,
): Promise<ActionIntegration> {
  const all = await registry.integrations(integrationType);
  const found = all.filter(
    ({ id, name }) => wanted === undefined || wanted === id || wanted === name,
  );
  const [one, another] = found;
  if (one === undefined || another !== undefined) {
    const names = all.map(({ name }) => JSON.stringify(name)).join(", ") || "none";
    throw new Failure({
      kind: "misconfigured",
      code: "bad_request",
      source: "genesys",
      message: `the integration of type ${integrationType} cannot be told: there are ${names}`,
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

function invalidDraft(name: string, faults: readonly string[]): Failure {
  return new Failure({
    kind: "permanent",
    code: "bad_request",
    source: "genesys",
    message: `Genesys Cloud finds the draft of ${JSON.stringify(name)} wrong: ${faults.join("; ")}`,
    cure: "The draft is left for you to look at in Admin > Actions; the published action is as it was.",
  });
}

/** What an update sets. */
export function contentOf({ name, category, secure, config, contract }: ActionDefinition) {
  return { name, category, secure, config, contract };
}

/** [pure] Whether `there` has all of `wanted`; Genesys Cloud adds members of its own. */
export function holds(there: unknown, wanted: unknown): boolean {
  if (typeof wanted !== "object" || wanted === null || Array.isArray(wanted)) {
    return isDeepStrictEqual(there, wanted);
  }
  if (typeof there !== "object" || there === null) return false;
  const members = new Map<string, unknown>(Object.entries(there));
  return Object.entries(wanted).every(([name, value]) => holds(members.get(name), value));
}
