import type {
  CreateEventBusResponse,
  DescribeEventBusResponse,
  DescribeRuleResponse,
  ListEventBusesResponse,
  ListRulesResponse,
  ListTargetsByRuleResponse,
  PutRuleResponse,
  PutTargetsResponse,
  RemoveTargetsResponse,
  Target,
} from "@aws-sdk/client-eventbridge";
import { z } from "zod";
import {
  ACCOUNT,
  type Bus,
  type Buses,
  type BusRule,
  putRule,
  ruleOf,
  setTargets,
} from "./buses.ts";
import { EventBridgeRefusal, readInput } from "./refusal.ts";
import type { EventSources } from "./sources.ts";

/** Executes one operation. @throws {EventBridgeRefusal} */
export type Operation = (input: unknown) => object | Promise<object>;

/** "EventBridge quotas": the maximum number of targets of a rule. */
const MAX_TARGETS = 5;

const busName = z.string().min(1).max(1_600).optional();
const ruleName = z.string().regex(/^[.\-_A-Za-z0-9]{1,64}$/);
const queueArn = z
  .string()
  .regex(/^arn:[\w-]+:sqs:[\w-]*:\d{12}:[\w-]{1,80}$/, "Only queues are simulated as targets");
const paging = {
  Limit: z.int().min(1).max(100).optional(),
  NextToken: z.string().regex(/^\d+$/).optional(),
};

const busInput = z.strictObject({
  Name: z.string().min(1),
  EventSourceName: z.string().optional(),
});
const describeBusInput = z.strictObject({ Name: busName });
const describeSourceInput = z.strictObject({ Name: z.string().min(1).max(256) });
const listBusesInput = z.strictObject({ NamePrefix: z.string().optional(), ...paging });
const listSourcesInput = z.strictObject({
  NamePrefix: z.string().min(1).max(256).optional(),
  ...paging,
});
const ruleInput = z.strictObject({ Name: ruleName, EventBusName: busName });
const putRuleInput = z.strictObject({
  ...ruleInput.shape,
  EventPattern: z.string().max(4_096),
  State: z.enum(["ENABLED", "DISABLED"]).default("ENABLED"),
  Description: z.string().max(512).optional(),
});
const listRulesInput = z.strictObject({ ...listBusesInput.shape, EventBusName: busName });
const targetsInput = z.strictObject({ Rule: ruleName, EventBusName: busName });
const putTargetsInput = z.strictObject({
  ...targetsInput.shape,
  Targets: z
    .array(
      z.strictObject({
        Id: ruleName,
        Arn: queueArn,
        DeadLetterConfig: z.strictObject({ Arn: queueArn.optional() }).optional(),
      }),
    )
    .min(1),
});
const listTargetsInput = z.strictObject({ ...targetsInput.shape, ...paging });
const removeTargetsInput = z.strictObject({ ...targetsInput.shape, Ids: z.array(ruleName).min(1) });

/** The operations on partner event sources, buses, rules and targets, by name. */
export function busOperations(buses: Buses, sources: EventSources): ReadonlyMap<string, Operation> {
  return new Map<string, Operation>([
    ["CreateEventBus", (input) => createBus(buses, sources, readInput(busInput, input))],
    [
      "DescribeEventBus",
      (input) => describeBus(buses.get(readInput(describeBusInput, input).Name)),
    ],
    ["DescribeEventSource", (input) => sources.get(readInput(describeSourceInput, input).Name)],
    ["ListEventSources", (input) => listSources(sources, readInput(listSourcesInput, input))],
    ["ListEventBuses", (input) => listBuses(buses, readInput(listBusesInput, input))],
    ["PutRule", (input) => putRuleOn(buses, readInput(putRuleInput, input))],
    ["DescribeRule", (input) => describeRule(buses, readInput(ruleInput, input))],
    ["DeleteRule", (input) => deleteRule(buses, readInput(ruleInput, input))],
    ["ListRules", (input) => listRules(buses, readInput(listRulesInput, input))],
    ["PutTargets", (input) => putTargets(buses, readInput(putTargetsInput, input))],
    ["RemoveTargets", (input) => removeTargets(buses, readInput(removeTargetsInput, input))],
    ["ListTargetsByRule", (input) => listTargets(buses, readInput(listTargetsInput, input))],
  ]);
}

/** The bus of a partner event source has the name of the source, which must exist. */
function createBus(buses: Buses, sources: EventSources, input: z.infer<typeof busInput>) {
  const { Name, EventSourceName } = input;
  const valid = EventSourceName === undefined ? /^[.\-_A-Za-z0-9]{1,256}$/.test(Name) : true;
  if (!valid || (EventSourceName ?? Name) !== Name) {
    const message =
      "A partner event bus must have the name of its event source. Other names must not have a slash.";
    throw new EventBridgeRefusal("ValidationException", message);
  }
  if (EventSourceName !== undefined) sources.get(EventSourceName);
  return { EventBusArn: buses.create(Name).arn } satisfies CreateEventBusResponse;
}

function describeBus(bus: Bus) {
  return { Name: bus.name, Arn: bus.arn } satisfies DescribeEventBusResponse;
}

function listSources(sources: EventSources, input: z.infer<typeof listSourcesInput>) {
  const named = sources.all.filter(({ Name }) => Name.startsWith(input.NamePrefix ?? ""));
  const { items, ...next } = page(named, input);
  return { EventSources: items, ...next };
}

function listBuses(buses: Buses, input: z.infer<typeof listBusesInput>) {
  const named = buses.all.filter(({ name }) => name.startsWith(input.NamePrefix ?? ""));
  const { items, ...next } = page(named.map(describeBus), input);
  return { EventBuses: items, ...next } satisfies ListEventBusesResponse;
}

function putRuleOn(buses: Buses, input: z.infer<typeof putRuleInput>) {
  const rule = putRule(buses.get(input.EventBusName), {
    name: input.Name,
    description: input.Description,
    state: input.State,
    pattern: input.EventPattern,
  });
  return { RuleArn: rule.arn } satisfies PutRuleResponse;
}

function describeRule(buses: Buses, input: z.infer<typeof ruleInput>) {
  const bus = buses.get(input.EventBusName);
  const rule = describe(bus, ruleOf(bus, input.Name));
  return { ...rule, CreatedBy: ACCOUNT } satisfies DescribeRuleResponse;
}

/** Succeeds also if the rule does not exist, as in AWS. */
function deleteRule(buses: Buses, input: z.infer<typeof ruleInput>) {
  const { rules } = buses.get(input.EventBusName);
  if ((rules.get(input.Name)?.targets.size ?? 0) > 0) {
    throw new EventBridgeRefusal(
      "ValidationException",
      "Rule can't be deleted since it has targets.",
    );
  }
  rules.delete(input.Name);
  return {};
}

function listRules(buses: Buses, input: z.infer<typeof listRulesInput>) {
  const bus = buses.get(input.EventBusName);
  const rules = [...bus.rules.values()].filter(({ name }) =>
    name.startsWith(input.NamePrefix ?? ""),
  );
  const { items, ...next } = page(rules, input);
  return {
    Rules: items.map((rule) => describe(bus, rule)),
    ...next,
  } satisfies ListRulesResponse;
}

function describe(bus: Bus, rule: BusRule) {
  return {
    Name: rule.name,
    Arn: rule.arn,
    EventPattern: rule.pattern,
    State: rule.state,
    Description: rule.description,
    EventBusName: bus.name,
  };
}

function putTargets(buses: Buses, input: z.infer<typeof putTargetsInput>) {
  const bus = buses.get(input.EventBusName);
  const rule = ruleOf(bus, input.Rule);
  const added = input.Targets.map((target): [string, Target] => [target.Id, target]);
  const targets = new Map([...rule.targets, ...added]);
  if (targets.size > MAX_TARGETS) {
    const message = `The requested resource exceeds the maximum number allowed: ${MAX_TARGETS} targets.`;
    throw new EventBridgeRefusal("LimitExceededException", message);
  }
  setTargets(bus, rule, targets);
  return { FailedEntryCount: 0, FailedEntries: [] } satisfies PutTargetsResponse;
}

function removeTargets(buses: Buses, input: z.infer<typeof removeTargetsInput>) {
  const bus = buses.get(input.EventBusName);
  const rule = ruleOf(bus, input.Rule);
  const unknown = input.Ids.filter((id) => !rule.targets.has(id));
  setTargets(bus, rule, new Map([...rule.targets].filter(([id]) => !input.Ids.includes(id))));
  return {
    FailedEntryCount: unknown.length,
    FailedEntries: unknown.map((id) => ({
      TargetId: id,
      ErrorCode: "ResourceNotFoundException",
      ErrorMessage: `Target ${id} does not exist on rule ${rule.name}.`,
    })),
  } satisfies RemoveTargetsResponse;
}

function listTargets(buses: Buses, input: z.infer<typeof listTargetsInput>) {
  const rule = ruleOf(buses.get(input.EventBusName), input.Rule);
  const { items, ...next } = page([...rule.targets.values()], input);
  return { Targets: items, ...next } satisfies ListTargetsByRuleResponse;
}

function page<T>(
  all: readonly T[],
  { Limit = 100, NextToken = "0" }: { Limit?: number | undefined; NextToken?: string | undefined },
): { items: T[]; NextToken?: string } {
  const start = Number(NextToken);
  const end = start + Limit;
  return { items: all.slice(start, end), ...(end < all.length ? { NextToken: `${end}` } : {}) };
}
