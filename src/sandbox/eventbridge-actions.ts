import { z } from "zod";
import { type Buses, type BusRule, EventBridgeError, type Target } from "./eventbridge-state.ts";

/** What the actions need of the world around them. */
export interface ActionTools {
  readonly buses: Buses;
  /** Delivers an event that was put to the targets of the rules that it matches. */
  readonly route: (bus: string, event: Envelope) => void;
  readonly now: () => number;
  readonly newId: () => string;
}

/** An event as a target gets it. */
export type Envelope = Readonly<Record<string, unknown>> & { readonly id: string };

/** One action: reads its request, answers with its response. */
export type Action = (request: unknown, tools: ActionTools) => object;

const ACCOUNT = "111122223333";
const REGION = "us-east-1";
const busName = z.string().min(1).default("default");
const onBus = z.object({ EventBusName: busName });
const onRule = onBus.extend({ Rule: z.string().min(1) });
const namedRule = onBus.extend({ Name: z.string().min(1) });

/** ARN of a rule, as failed deliveries name it. */
export function ruleArn(bus: string, rule: string): string {
  const place = bus === "default" ? rule : `${bus}/${rule}`;
  return `arn:aws:events:${REGION}:${ACCOUNT}:rule/${place}`;
}

const busArn = (name: string) => `arn:aws:events:${REGION}:${ACCOUNT}:event-bus/${name}`;

const described = (bus: string, rule: BusRule) => ({
  Name: rule.name,
  Arn: ruleArn(bus, rule.name),
  Description: rule.description,
  EventBusName: bus,
  EventPattern: rule.pattern,
  State: rule.enabled ? "ENABLED" : "DISABLED",
});

const putRule = namedRule.extend({
  EventPattern: z.string(),
  Description: z.string().optional(),
  State: z.enum(["ENABLED", "DISABLED"]).default("ENABLED"),
});
const putTargets = onRule.extend({
  Targets: z
    .array(
      z.object({
        Id: z.string().min(1),
        Arn: z.string().startsWith("arn:"),
        DeadLetterConfig: z.object({ Arn: z.string().startsWith("arn:") }).optional(),
      }),
    )
    .min(1),
});
const removeTargets = onRule.extend({ Ids: z.array(z.string()).min(1) });
const createBus = z.object({ Name: z.string().min(1), EventSourceName: z.string().optional() });
const putEvents = z.object({ Entries: z.array(z.unknown()).min(1).max(10) });

/** The actions that the sandbox's EventBridge knows, by the name in `X-Amz-Target`. */
export const actions: Readonly<Record<string, Action>> = {
  CreateEventBus(request, { buses }) {
    const { Name, EventSourceName } = read(createBus, request);
    if (EventSourceName !== undefined && EventSourceName !== Name) {
      throw new EventBridgeError(
        "ValidationException",
        "A partner event bus is named as its source.",
      );
    }
    buses.create(Name);
    return { EventBusArn: busArn(Name) };
  },
  ListEventBuses: (_, { buses }) => ({
    EventBuses: buses.names.map((Name) => ({ Name, Arn: busArn(Name) })),
  }),
  PutRule(request, { buses }) {
    const { EventBusName, Name, EventPattern, Description, State } = read(putRule, request);
    buses.putRule(EventBusName, {
      name: Name,
      description: Description,
      pattern: EventPattern,
      enabled: State === "ENABLED",
    });
    return { RuleArn: ruleArn(EventBusName, Name) };
  },
  DescribeRule(request, { buses }) {
    const { EventBusName, Name } = read(namedRule, request);
    return described(EventBusName, buses.rule(EventBusName, Name));
  },
  ListRules(request, { buses }) {
    const { EventBusName } = read(onBus, request);
    const rules = [...buses.rules(EventBusName).values()];
    return { Rules: rules.map((rule) => described(EventBusName, rule)) };
  },
  DeleteRule(request, { buses }) {
    const { EventBusName, Name } = read(namedRule, request);
    buses.deleteRule(EventBusName, Name);
    return {};
  },
  PutTargets(request, { buses }) {
    const { EventBusName, Rule, Targets } = read(putTargets, request);
    const { targets } = buses.rule(EventBusName, Rule);
    for (const { Id, Arn, DeadLetterConfig } of Targets) {
      targets.set(Id, { id: Id, arn: Arn, deadLetterArn: DeadLetterConfig?.Arn } satisfies Target);
    }
    return { FailedEntryCount: 0, FailedEntries: [] };
  },
  ListTargetsByRule(request, { buses }) {
    const { EventBusName, Rule } = read(onRule, request);
    const targets = [...buses.rule(EventBusName, Rule).targets.values()];
    return {
      Targets: targets.map(({ id, arn, deadLetterArn }) => ({
        Id: id,
        Arn: arn,
        ...(deadLetterArn === undefined ? {} : { DeadLetterConfig: { Arn: deadLetterArn } }),
      })),
    };
  },
  RemoveTargets(request, { buses }) {
    const { EventBusName, Rule, Ids } = read(removeTargets, request);
    for (const id of Ids) buses.rule(EventBusName, Rule).targets.delete(id);
    return { FailedEntryCount: 0, FailedEntries: [] };
  },
  PutEvents(request, tools) {
    const results = read(putEvents, request).Entries.map((entry) => putEvent(entry, tools));
    const failed = results.filter((result) => "ErrorCode" in result).length;
    return { FailedEntryCount: failed, Entries: results };
  },
};

const entrySchema = z.object({
  EventBusName: busName,
  Source: z.string().min(1),
  DetailType: z.string().min(1).max(128),
  Detail: z.string(),
  Time: z.number().optional(),
  Resources: z.array(z.string()).default([]),
});
/** Amazon EventBridge, "PutEvents": an entry is smaller than this. */
const ENTRY_BYTES = 262_144;

/** An entry that is refused fails alone. The real PutEvents also refuses sources of `aws.`. */
function putEvent(entry: unknown, { buses, route, now, newId }: ActionTools): object {
  const given = entrySchema.safeParse(entry);
  if (!given.success)
    return refused("InvalidArgument", "Source, DetailType and Detail are required.");
  const { EventBusName, Source, DetailType, Detail, Time, Resources } = given.data;
  if (Buffer.byteLength(Detail + DetailType + Source) + 14 >= ENTRY_BYTES) {
    return refused(
      "InvalidArgument",
      "Total size of the entries in the request is over the limit.",
    );
  }
  const detail = jsonObject(Detail);
  if (detail === undefined) return refused("MalformedDetail", "Detail is malformed.");
  // A bus that does not exist swallows its events, as AWS' does.
  const id = newId();
  if (buses.names.includes(EventBusName)) {
    const seconds = Math.floor(Time ?? now() / 1000);
    route(EventBusName, {
      version: "0",
      id,
      "detail-type": DetailType,
      source: Source,
      account: ACCOUNT,
      time: new Date(seconds * 1000).toISOString().replace(".000Z", "Z"),
      region: REGION,
      resources: Resources,
      detail,
    });
  }
  return { EventId: id };
}

function refused(ErrorCode: string, ErrorMessage: string): object {
  return { ErrorCode, ErrorMessage };
}

function jsonObject(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function read<T>(schema: z.ZodType<T>, request: unknown): T {
  const given = schema.safeParse(request);
  if (given.success) return given.data;
  const issue = given.error.issues[0];
  throw new EventBridgeError("ValidationException", `${issue?.path.join(".")}: ${issue?.message}`);
}
