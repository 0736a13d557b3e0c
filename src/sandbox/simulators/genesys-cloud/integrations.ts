import { randomUUID } from "node:crypto";
import type { z } from "zod";
import { GenesysRefusal } from "./error-body.ts";
import {
  EVENT_BRIDGE,
  eventBridgeProperties,
  type IntegrationTypes,
  type SimulatedIntegrationType,
} from "./integration-types.ts";
import { found, invalid } from "./reading.ts";

/** A configuration, as it is written over the one of the version before. */
interface SimulatedIntegrationConfig {
  readonly name: string;
  readonly version: number;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly notes: string;
  /** Ids of credentials, by the keys of the type. */
  readonly credentials: Readonly<Record<string, string>>;
}

/** `ACTIVE` and `INACTIVE` follow the intended state; `ERROR` is an integration that does not work. */
export interface ReportedState {
  readonly code: "ACTIVE" | "INACTIVE" | "ERROR";
  readonly message: string | undefined;
}

export interface OrgIntegration {
  readonly id: string;
  readonly type: string;
  readonly config: SimulatedIntegrationConfig;
  readonly intendedState: "ENABLED" | "DISABLED";
  readonly reportedState: ReportedState;
}

export type EventBridgeProperties = z.infer<typeof eventBridgeProperties>;

export interface IntegrationsOptions {
  readonly organizationId: string;
  readonly types: IntegrationTypes;
  /** The topics that an EventBridge integration can have. */
  readonly offeredTopics: () => readonly string[];
  /** An event source of that name is asked for in the customer's AWS account. */
  readonly onEventSource: (name: string, config: EventBridgeProperties) => void;
}

/** The integrations of an org. */
export interface Integrations {
  readonly all: readonly OrgIntegration[];
  find(id: string): OrgIntegration | undefined;
  typeOf(integration: OrgIntegration): SimulatedIntegrationType;
  /** Disabled, with nothing configured. @throws {GenesysRefusal} `not.found` for a type that the org does not have */
  add(type: string, name?: string): OrgIntegration;
  /** As an admin has set it up by hand, whatever its type would ask for. */
  addAs(type: string, name: string, intendedState: "ENABLED" | "DISABLED"): OrgIntegration;
  /** @throws {GenesysRefusal} `conflict` for another version than the current one; `invalid.value` */
  configure(id: string, config: SimulatedIntegrationConfig): OrgIntegration;
  /** @throws {GenesysRefusal} `invalid.value` where it is enabled before it is complete */
  intend(id: string, state: "ENABLED" | "DISABLED"): OrgIntegration;
  report(id: string, state: ReportedState): void;
}

/** Genesys Cloud, "About the Amazon EventBridge integration": how its event sources are named. */
export function eventSourceOf(organizationId: string, suffix: string): string {
  return `aws.partner/genesys.com/cloud/${organizationId}/${suffix}`;
}

export function createIntegrations(options: IntegrationsOptions): Integrations {
  const { organizationId, types, offeredTopics, onEventSource } = options;
  const known = new Map<string, OrgIntegration>();
  /** What was asked for last, by integration. */
  const sources = new Map<string, string>();

  function typeOf({ type }: OrgIntegration): SimulatedIntegrationType {
    return found(types.find(type));
  }

  function put(integration: OrgIntegration): OrgIntegration {
    known.set(integration.id, integration);
    return integration;
  }

  function make(type: string, name: string): OrgIntegration {
    return put({
      id: randomUUID(),
      type,
      config: { name, version: 1, properties: {}, notes: "", credentials: {} },
      intendedState: "DISABLED",
      reportedState: { code: "INACTIVE", message: undefined },
    });
  }

  /** @throws {GenesysRefusal} `invalid.value` where something is missing or wrong */
  function checkComplete(integration: OrgIntegration): void {
    const { properties, credentials } = typeOf(integration);
    check(properties, integration.config.properties);
    for (const [key, { required }] of Object.entries(credentials)) {
      // [unverified] That an integration cannot be enabled without a credential that is required.
      if (required && integration.config.credentials[key] === undefined) {
        throw invalid(`credentials.${key}`, "required");
      }
    }
  }

  function checkEventBridge(id: string, given: Readonly<Record<string, unknown>>): void {
    const { eventSourceSuffix, eventFilter = [] } = eventBridgeProperties.partial().parse(given);
    const missing = eventFilter.find((topic) => !offeredTopics().includes(topic));
    if (missing !== undefined) {
      throw invalid("properties.eventFilter", `${missing} is not available for EventBridge`);
    }
    const taken = [...known.values()].some(
      (other) =>
        other.id !== id &&
        eventSourceSuffix !== undefined &&
        other.config.properties.eventSourceSuffix === eventSourceSuffix,
    );
    if (taken) {
      const message = `The event source suffix ${eventSourceSuffix} is in use already.`;
      throw new GenesysRefusal("conflict", { message });
    }
  }

  function announce({ id, type, intendedState, config }: OrgIntegration): void {
    if (type !== EVENT_BRIDGE || intendedState !== "ENABLED") return;
    const properties = eventBridgeProperties.parse(config.properties);
    const { awsAccountId, awsAccountRegion, eventSourceSuffix } = properties;
    const place = [awsAccountId, awsAccountRegion, eventSourceSuffix].join("/");
    if (sources.get(id) === place) return;
    sources.set(id, place);
    onEventSource(eventSourceOf(organizationId, eventSourceSuffix), properties);
  }

  return {
    get all() {
      return [...known.values()];
    },
    find: (id) => known.get(id),
    typeOf,
    add(type, name) {
      const { name: unnamed } = found(types.find(type));
      return make(type, name ?? unnamed);
    },
    addAs: (type, name, state) => put(inState(make(type, name), state)),
    configure(id, config) {
      const before = found(known.get(id));
      if (config.version !== before.config.version) {
        const message = `The current version is ${before.config.version}, not ${config.version}.`;
        throw new GenesysRefusal("conflict", { message });
      }
      const { properties } = typeOf(before);
      check(properties.partial(), config.properties);
      if (before.type === EVENT_BRIDGE) checkEventBridge(id, config.properties);
      const next = { ...before, config: { ...config, version: config.version + 1 } };
      if (next.intendedState === "ENABLED") checkComplete(next);
      announce(put(next));
      return next;
    },
    intend(id, state) {
      const before = found(known.get(id));
      if (state === "ENABLED") checkComplete(before);
      const next = put(inState(before, state));
      announce(next);
      return next;
    },
    report: (id, reportedState) => void put({ ...found(known.get(id)), reportedState }),
  };
}

function inState(integration: OrgIntegration, state: "ENABLED" | "DISABLED"): OrgIntegration {
  const code = state === "ENABLED" ? "ACTIVE" : "INACTIVE";
  return {
    ...integration,
    intendedState: state,
    reportedState: { code, message: undefined },
  };
}

function check(schema: z.ZodObject, properties: Readonly<Record<string, unknown>>): void {
  const read = schema.safeParse(properties);
  if (read.success) return;
  const [issue] = read.error.issues;
  throw invalid(["properties", ...(issue?.path ?? [])].join("."), issue?.message ?? "invalid");
}
