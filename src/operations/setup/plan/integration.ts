import { isDeepStrictEqual } from "node:util";
import type { CurrentState, Integration, IntegrationType } from "./current-state.ts";
import {
  blocked,
  type Change,
  type CreatedIds,
  type CredentialContent,
  type IntegrationContent,
  type Step,
  unchanged,
} from "./step.ts";

export interface DesiredIntegration {
  readonly type: string;
  readonly name: string;
  /** Its settings, for people. */
  readonly details: readonly string[];
  /** @param existing the current properties, so that settings of others are kept */
  readonly properties: (ids: CreatedIds, existing: Properties) => Properties;
  readonly credential: Omit<CredentialContent, "key"> | undefined;
}

/** By Genesys Cloud's own names, which depend on the type of the integration. */
export type Properties = Readonly<Record<string, unknown>>;

const NOTES = "Made by `ringahead setup`.";

/** [pure] Creates, configures and activates an integration. Completes what an earlier run left. */
export function planIntegration(
  current: CurrentState,
  ids: CreatedIds,
  existing: Integration | undefined,
  desired: DesiredIntegration,
): Step {
  const thing = `integration ${desired.name}`;
  const type = current.types.find(({ id }) => id === desired.type);
  if (type === undefined) {
    return blocked(
      thing,
      `the org does not have the integration type ${desired.type}`,
      "It may not be part of the org's subscription or region: ask Genesys support.",
    );
  }
  const key = desired.credential && credentialKey(type.credentials, desired.credential.type);
  if (desired.credential !== undefined && key === undefined) {
    return blocked(
      thing,
      `${desired.type} accepts no credential of the type ${desired.credential.type} in this org`,
      "Add the integration by hand (docs/reference/lookup.md) and register the action with `ringahead actions`.",
    );
  }
  const unknown = unknownSettings(desired, type, existing, ids);
  if (unknown.length > 0) {
    return blocked(
      thing,
      `${desired.type} has no setting ${unknown.join(", ")} any more`,
      "Genesys Cloud has changed it: configure it by hand (docs/how-to/genesys.md), and report this.",
    );
  }
  const credential =
    desired.credential === undefined || key === undefined
      ? undefined
      : { ...desired.credential, key };
  return existing === undefined
    ? newIntegration(thing, desired, credential)
    : changedIntegration(thing, desired, credential, existing, ids);
}

function newIntegration(
  thing: string,
  desired: DesiredIntegration,
  credential: CredentialContent | undefined,
): Step {
  const { type, name, details } = desired;
  const content: IntegrationContent = {
    ...{ name, notes: NOTES, advanced: {}, credentials: {}, credential },
    properties: (ids) => desired.properties(ids, {}),
  };
  return {
    ...{ thing, action: "create", details },
    changes: [
      { kind: "createIntegration", type, name },
      { kind: "configureIntegration", id: undefined, version: undefined, content },
      { kind: "enableIntegration", id: undefined },
    ],
  };
}

function changedIntegration(
  thing: string,
  desired: DesiredIntegration,
  credential: CredentialContent | undefined,
  { id, enabled, reported, config }: Integration,
  ids: CreatedIds,
): Step {
  const { version, properties, credentials, advanced, notes } = config;
  const changed = differences(properties, desired.properties(ids, properties));
  const missing =
    credential !== undefined && credentials[credential.key] === undefined ? credential : undefined;
  const isUnconfigured = Object.keys(properties).length === 0 && changed.length > 0;
  const details = [
    ...(isUnconfigured ? ["exists without settings: an earlier run did not finish it"] : []),
    ...changed,
    ...(missing === undefined ? [] : [`gets a credential of the type ${missing.type}`]),
    ...(enabled ? [] : ["is not active, becomes active"]),
    ...(reported === "ERROR" ? ["Genesys Cloud reports an ERROR: see its details"] : []),
  ];
  const content: IntegrationContent = {
    ...{ name: desired.name, notes: notes || NOTES, advanced, credentials, credential: missing },
    properties: (laterIds) => desired.properties(laterIds, properties),
  };
  const needsConfiguration = changed.length > 0 || missing !== undefined;
  const changes: readonly Change[] = [
    ...(needsConfiguration
      ? [{ kind: "configureIntegration", id, version, content } as const]
      : []),
    ...(enabled ? [] : [{ kind: "enableIntegration", id } as const]),
  ];
  if (changes.length === 0) return unchanged(thing, ...desired.details, ...details);
  return { thing, action: "change", details, changes };
}

/** Settings that the plan would write and that the type does not have. */
function unknownSettings(
  desired: DesiredIntegration,
  { settings }: IntegrationType,
  existing: Integration | undefined,
  ids: CreatedIds,
): readonly string[] {
  if (settings === undefined) return [];
  const properties = existing?.config.properties ?? {};
  const names = Object.keys(desired.properties(ids, properties));
  return names.filter((name) => !settings.includes(name) && !Object.hasOwn(properties, name));
}

/** The integration type's own key for a type of credential. */
function credentialKey(
  credentials: Readonly<Record<string, readonly string[]>>,
  type: string,
): string | undefined {
  return Object.entries(credentials).find(([, types]) => types.includes(type))?.[0];
}

function differences(before: Properties, after: Properties): readonly string[] {
  return Object.entries(after).flatMap(([name, value]) => {
    const old = before[name];
    if (isDeepStrictEqual(old, value)) return [];
    if (Array.isArray(value)) {
      const oldItems: readonly unknown[] = Array.isArray(old) ? old : [];
      return value
        .filter((item) => !oldItems.includes(item))
        .map((item) => `${name} gets ${String(item)}`);
    }
    return [`${name} becomes ${String(value)}${old === undefined ? "" : `, was ${String(old)}`}`];
  });
}
