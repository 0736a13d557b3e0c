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

/** A configuration. `version` is the version that it replaces. */
interface SimulatedIntegrationConfig {
  readonly name: string;
  readonly version: number;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly notes: string;
  /** Ids of credentials by key. */
  readonly credentials: Readonly<Record<string, string>>;
}

/** `ACTIVE` and `INACTIVE` follow the intended state. `ERROR`: the integration does not work. */
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
  /** Topics that an EventBridge integration may use. */
  readonly offeredTopics: () => readonly string[];
  /** Called if an event source of this name must appear in the customer's AWS account. */
  readonly onEventSource: (name: string, config: EventBridgeProperties) => void;
}

/** The integrations of an org. */
export interface Integrations {
  readonly all: readonly OrgIntegration[];
  find(id: string): OrgIntegration | undefined;
  typeOf(integration: OrgIntegration): SimulatedIntegrationType;
  /** Adds one, disabled and not configured. @throws {GenesysRefusal} `not.found` if the type is unknown */
  add(type: string, name?: string): OrgIntegration;
  /** Adds one in this state, without any checks. */
  addAs(type: string, name: string, intendedState: "ENABLED" | "DISABLED"): OrgIntegration;
  /** @throws {GenesysRefusal} `conflict` if the version is not the current one; `invalid.value` */
  configure(id: string, config: SimulatedIntegrationConfig): OrgIntegration;
  /** @throws {GenesysRefusal} `invalid.value` if it is enabled before it is complete */
  setState(id: string, state: "ENABLED" | "DISABLED"): OrgIntegration;
  /** Sets the reported state. */
  report(id: string, state: ReportedState): void;
}

/** The name of an event source ("About the Amazon EventBridge integration"). */
export function eventSourceOf(organizationId: string, suffix: string): string {
  return `aws.partner/genesys.com/cloud/${organizationId}/${suffix}`;
}

export function createIntegrations(options: IntegrationsOptions): Integrations {
  const { organizationId, types, offeredTopics, onEventSource } = options;
  const known = new Map<string, OrgIntegration>();
  /** Account, region and suffix of the event source that was last requested, by integration. */
  const requested = new Map<string, string>();

  function typeOf({ type }: OrgIntegration): SimulatedIntegrationType {
    return found(types.find(type));
  }

  function put(integration: OrgIntegration): OrgIntegration {
    known.set(integration.id, integration);
    return integration;
  }

  function create(type: string, name: string): OrgIntegration {
    return put({
      id: randomUUID(),
      type,
      config: { name, version: 1, properties: {}, notes: "", credentials: {} },
      intendedState: "DISABLED",
      reportedState: { code: "INACTIVE", message: undefined },
    });
  }

  /** @throws {GenesysRefusal} `invalid.value` if something is missing or invalid */
  function checkComplete(integration: OrgIntegration): void {
    const { properties, credentials } = typeOf(integration);
    check(properties, integration.config.properties);
    for (const [key, { required }] of Object.entries(credentials)) {
      // [unverified] An integration cannot be enabled without a required credential.
      if (required && integration.config.credentials[key] === undefined) {
        throw invalid(`credentials.${key}`, "required");
      }
    }
  }

  function checkEventBridge(id: string, properties: Readonly<Record<string, unknown>>): void {
    const { eventSourceSuffix, eventFilter = [] } = eventBridgeProperties
      .partial()
      .parse(properties);
    const missing = eventFilter.find((topic) => !offeredTopics().includes(topic));
    if (missing !== undefined) {
      throw invalid("properties.eventFilter", `${missing} is not available for EventBridge`);
    }
    const isTaken = [...known.values()].some(
      (other) =>
        other.id !== id &&
        eventSourceSuffix !== undefined &&
        other.config.properties.eventSourceSuffix === eventSourceSuffix,
    );
    if (isTaken) {
      const message = `The event source suffix ${eventSourceSuffix} is already in use.`;
      throw new GenesysRefusal("conflict", { message });
    }
  }

  function requestEventSource({ id, type, intendedState, config }: OrgIntegration): void {
    if (type !== EVENT_BRIDGE || intendedState !== "ENABLED") return;
    const properties = eventBridgeProperties.parse(config.properties);
    const { awsAccountId, awsAccountRegion, eventSourceSuffix } = properties;
    const place = [awsAccountId, awsAccountRegion, eventSourceSuffix].join("/");
    if (requested.get(id) === place) return;
    requested.set(id, place);
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
      return create(type, name ?? unnamed);
    },
    addAs: (type, name, state) => put(inState(create(type, name), state)),
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
      requestEventSource(put(next));
      return next;
    },
    setState(id, state) {
      const before = found(known.get(id));
      if (state === "ENABLED") checkComplete(before);
      const next = put(inState(before, state));
      requestEventSource(next);
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
