import { compilePattern } from "./event-pattern.ts";

/** Where a rule sends what it lets through. */
export interface Target {
  readonly id: string;
  readonly arn: string;
  /** The queue for events that could not be delivered. */
  readonly deadLetterArn: string | undefined;
}

/** A rule on an event bus. */
export interface BusRule {
  readonly name: string;
  readonly description: string | undefined;
  readonly pattern: string;
  readonly enabled: boolean;
  readonly matches: (event: unknown) => boolean;
  readonly targets: Map<string, Target>;
}

/** An error that the real SDK turns into its exception of this name. */
export class EventBridgeError extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The event buses of one account, and the rules on them. */
export interface Buses {
  readonly names: readonly string[];
  create(name: string): void;
  /** @throws {EventBridgeError} where there is no such bus; `default` is always there. */
  rules(bus: string): ReadonlyMap<string, BusRule>;
  /** @throws {EventBridgeError} */
  rule(bus: string, name: string): BusRule;
  /** @throws {InvalidPattern} */
  putRule(bus: string, rule: Pick<BusRule, "name" | "description" | "pattern" | "enabled">): void;
  /** @throws {EventBridgeError} where it still has targets. */
  deleteRule(bus: string, name: string): void;
}

export function createBuses(): Buses {
  const buses = new Map<string, Map<string, BusRule>>([["default", new Map()]]);

  function rules(bus: string): Map<string, BusRule> {
    const found = buses.get(bus);
    if (found !== undefined) return found;
    throw new EventBridgeError("ResourceNotFoundException", `Event bus ${bus} does not exist.`);
  }

  function rule(bus: string, name: string): BusRule {
    const found = rules(bus).get(name);
    if (found !== undefined) return found;
    throw new EventBridgeError(
      "ResourceNotFoundException",
      `Rule ${name} does not exist on EventBus ${bus}.`,
    );
  }

  return {
    get names() {
      return [...buses.keys()];
    },
    create(name) {
      if (buses.has(name)) {
        throw new EventBridgeError("ResourceAlreadyExistsException", `Event bus ${name} exists.`);
      }
      buses.set(name, new Map());
    },
    rules,
    rule,
    putRule(bus, { name, description, pattern, enabled }) {
      const matches = compilePattern(parsed(pattern));
      const targets = rules(bus).get(name)?.targets ?? new Map();
      rules(bus).set(name, { name, description, pattern, enabled, matches, targets });
    },
    deleteRule(bus, name) {
      if ((rules(bus).get(name)?.targets.size ?? 0) > 0) {
        throw new EventBridgeError(
          "ValidationException",
          "Rule can't be deleted since it has targets.",
        );
      }
      rules(bus).delete(name);
    },
  };
}

function parsed(pattern: string): unknown {
  try {
    return JSON.parse(pattern);
  } catch {
    throw new EventBridgeError("InvalidEventPatternException", "Event pattern is not valid JSON.");
  }
}
