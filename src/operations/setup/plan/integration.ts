import { isDeepStrictEqual } from "node:util";
import type { CurrentState, Integration, IntegrationType } from "./current-state.ts";
import {
  blocked,
  type Change,
  type CreatedIds,
  type CredentialContent,
  type IntegrationContent,
  left,
  type Step,
} from "./step.ts";

/** An integration that is wished for. */
export interface DesiredIntegration {
  readonly type: string;
  readonly name: string;
  /** What a person would want to know of it. */
  readonly told: readonly string[];
  /** Those of an integration that is there are given, so that what others set is kept. */
  readonly properties: (made: CreatedIds, there: Readonly<Record<string, unknown>>) => Properties;
  readonly credential: Omit<CredentialContent, "key"> | undefined;
}

/** As Genesys Cloud keeps them, by the type of the integration. */
export type Properties = Readonly<Record<string, unknown>>;

const NOTES = "Made by `ringahead setup`.";

/** [pure] An integration that is made, configured and active. What an earlier run has left is taken up. */
export function planIntegration(
  picture: CurrentState,
  made: CreatedIds,
  existing: Integration | undefined,
  wanted: DesiredIntegration,
): Step {
  const thing = `integration ${wanted.name}`;
  const type = picture.types.find(({ id }) => id === wanted.type);
  if (type === undefined) {
    return blocked(
      thing,
      `the org has no integrations of the type ${wanted.type}`,
      "It may not be part of its subscription or region: ask Genesys' support.",
    );
  }
  const key = wanted.credential && credentialKey(type.credentials, wanted.credential.type);
  if (wanted.credential !== undefined && key === undefined) {
    return blocked(
      thing,
      `${wanted.type} takes no credential of the type ${wanted.credential.type} here`,
      "Add the integration by hand (docs/reference/lookup.md) and register the action with `ringahead actions`.",
    );
  }
  const strange = strangeSettings(wanted, type, existing, made);
  if (strange.length > 0) {
    return blocked(
      thing,
      `${wanted.type} has no setting ${strange.join(", ")} any more`,
      "Genesys Cloud has changed it: set it up by hand (docs/how-to/genesys.md), and report this.",
    );
  }
  const credential =
    wanted.credential === undefined || key === undefined
      ? undefined
      : { ...wanted.credential, key };
  return existing === undefined
    ? newIntegration(thing, wanted, credential)
    : changedIntegration(thing, wanted, credential, existing, made);
}

function newIntegration(
  thing: string,
  wanted: DesiredIntegration,
  credential: CredentialContent | undefined,
): Step {
  const { type, name, told } = wanted;
  const content: IntegrationContent = {
    ...{ name, notes: NOTES, advanced: {}, credentials: {}, credential },
    properties: (made) => wanted.properties(made, {}),
  };
  return {
    ...{ thing, does: "create", told },
    deeds: [
      { kind: "createIntegration", type, name },
      { kind: "configureIntegration", id: undefined, version: undefined, content },
      { kind: "enableIntegration", id: undefined },
    ],
  };
}

function changedIntegration(
  thing: string,
  wanted: DesiredIntegration,
  credential: CredentialContent | undefined,
  { id, enabled, reported, config }: Integration,
  made: CreatedIds,
): Step {
  const { version, properties: before, credentials, advanced, notes } = config;
  const changed = differences(before, wanted.properties(made, before));
  const missing =
    credential !== undefined && credentials[credential.key] === undefined ? credential : undefined;
  const unfinished = Object.keys(before).length === 0 && changed.length > 0;
  const told = [
    ...(unfinished ? ["is there without settings: an earlier run did not finish it"] : []),
    ...changed,
    ...(missing === undefined ? [] : [`gets a credential of the type ${missing.type}`]),
    ...(enabled ? [] : ["is not active, becomes active"]),
    ...(reported === "ERROR" ? ["Genesys Cloud reports an ERROR: see its details"] : []),
  ];
  const content: IntegrationContent = {
    ...{ name: wanted.name, notes: notes || NOTES, advanced, credentials, credential: missing },
    properties: (later) => wanted.properties(later, before),
  };
  const reconfigure = changed.length > 0 || missing !== undefined;
  const deeds: readonly Change[] = [
    ...(reconfigure ? [{ kind: "configureIntegration", id, version, content } as const] : []),
    ...(enabled ? [] : [{ kind: "enableIntegration", id } as const]),
  ];
  if (deeds.length === 0) return left(thing, ...wanted.told, ...told);
  return { thing, does: "change", told, deeds };
}

/** What would be set, and is not among the settings that the type has. */
function strangeSettings(
  wanted: DesiredIntegration,
  { settings }: IntegrationType,
  existing: Integration | undefined,
  made: CreatedIds,
): readonly string[] {
  if (settings === undefined) return [];
  const before = existing?.config.properties ?? {};
  const names = Object.keys(wanted.properties(made, before));
  return names.filter((name) => !settings.includes(name) && !Object.hasOwn(before, name));
}

/** Genesys Cloud's own key for a kind of credential, as the type of the integration tells it. */
function credentialKey(
  credentials: Readonly<Record<string, readonly string[]>>,
  type: string,
): string | undefined {
  return Object.entries(credentials).find(([, types]) => types.includes(type))?.[0];
}

function differences(before: Properties, after: Properties): readonly string[] {
  return Object.entries(after).flatMap(([name, value]) => {
    const was = before[name];
    if (isDeepStrictEqual(was, value)) return [];
    if (Array.isArray(value)) {
      const had: readonly unknown[] = Array.isArray(was) ? was : [];
      return value.filter((one) => !had.includes(one)).map((one) => `${name} gets ${String(one)}`);
    }
    return [`${name} becomes ${String(value)}${was === undefined ? "" : `, was ${String(was)}`}`];
  });
}
