import type { RuleState, Target } from "@aws-sdk/client-eventbridge";
import { parseExactJson } from "./exact-json.ts";
import { compilePattern } from "./pattern/event-pattern.ts";
import { InvalidPattern } from "./pattern/invalid-pattern.ts";
import { EventBridgeRefusal } from "./refusal.ts";

/** The account id in every ARN. */
export const ACCOUNT = "000000000000";
/** The region in every ARN. */
export const REGION = "us-east-1";

/** A rule and its targets. */
export interface BusRule {
  readonly name: string;
  readonly arn: string;
  readonly description: string | undefined;
  readonly state: RuleState;
  readonly pattern: string;
  readonly matches: (event: unknown) => boolean;
  /** By id. */
  readonly targets: ReadonlyMap<string, Target>;
}

/** An event bus and its rules. */
export interface Bus {
  readonly name: string;
  readonly arn: string;
  /** By name. */
  readonly rules: Map<string, BusRule>;
}

/** The input of `putRule`. */
export type RuleDefinition = Pick<BusRule, "name" | "description" | "state" | "pattern">;

/** The account's event buses. */
export interface Buses {
  readonly all: readonly Bus[];
  /** Finds a bus by name or ARN. Without either it is the default bus. Undefined if there is no such bus. */
  find(nameOrArn: string | undefined): Bus | undefined;
  /** @throws {EventBridgeRefusal} `ResourceNotFoundException` */
  get(nameOrArn: string | undefined): Bus;
  /** @throws {EventBridgeRefusal} `ResourceAlreadyExistsException` */
  create(name: string): Bus;
}

/** Starts with the default bus. */
export function createBuses(): Buses {
  const buses = new Map<string, Bus>();

  function create(name: string): Bus {
    if (buses.has(name)) {
      throw new EventBridgeRefusal(
        "ResourceAlreadyExistsException",
        `Event bus ${name} already exists.`,
      );
    }
    const bus = { name, arn: arnOf(`event-bus/${name}`), rules: new Map() };
    buses.set(name, bus);
    return bus;
  }

  function find(nameOrArn = "default"): Bus | undefined {
    return buses.get(nameOrArn.replace(arnOf("event-bus/"), ""));
  }

  create("default");
  return {
    get all() {
      return [...buses.values()];
    },
    find,
    get(nameOrArn) {
      const bus = find(nameOrArn);
      if (bus !== undefined) return bus;
      throw new EventBridgeRefusal(
        "ResourceNotFoundException",
        `Event bus ${nameOrArn} does not exist.`,
      );
    },
    create,
  };
}

/** @throws {EventBridgeRefusal} `ResourceNotFoundException` */
export function ruleOf(bus: Bus, name: string): BusRule {
  const rule = bus.rules.get(name);
  if (rule !== undefined) return rule;
  throw new EventBridgeRefusal(
    "ResourceNotFoundException",
    `Rule ${name} does not exist on EventBus ${bus.name}.`,
  );
}

/**
 * Creates or replaces a rule. A replaced rule keeps its targets.
 * @throws {EventBridgeRefusal} `InvalidEventPatternException`
 */
export function putRule(bus: Bus, definition: RuleDefinition): BusRule {
  const { name, pattern } = definition;
  const path = bus.name === "default" ? name : `${bus.name}/${name}`;
  const rule: BusRule = {
    ...definition,
    arn: arnOf(`rule/${path}`),
    matches: compile(pattern),
    targets: bus.rules.get(name)?.targets ?? new Map(),
  };
  bus.rules.set(name, rule);
  return rule;
}

/** Replaces the targets of a rule. */
export function setTargets(bus: Bus, rule: BusRule, targets: BusRule["targets"]): void {
  bus.rules.set(rule.name, { ...rule, targets });
}

function compile(pattern: string): (event: unknown) => boolean {
  try {
    return compilePattern(parseExactJson(pattern));
  } catch (error) {
    if (error instanceof InvalidPattern) {
      throw new EventBridgeRefusal("InvalidEventPatternException", error.message);
    }
    if (!(error instanceof SyntaxError)) throw error;
    const message = `Event pattern is not valid. Reason: it is not JSON: ${error.message}`;
    throw new EventBridgeRefusal("InvalidEventPatternException", message);
  }
}

function arnOf(resource: string): string {
  return `arn:aws:events:${REGION}:${ACCOUNT}:${resource}`;
}
