import { isDeepStrictEqual } from "node:util";
import {
  type Rule as DeployedRule,
  DescribeEventSourceCommand,
  type EventBridgeClient,
  ListEventBusesCommand,
  ListEventSourcesCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
} from "@aws-sdk/client-eventbridge";
import { GENESYS_SOURCES } from "../../domain/event/event-source-name.ts";
import { type Rule, rulesFor } from "../../domain/event/rules.ts";
import { about, type Finding, type Trouble } from "./finding.ts";

export interface BusOptions {
  readonly bridge: EventBridgeClient;
  /** Undefined: the one that Genesys Cloud's event source has. */
  readonly busName: string | undefined;
  readonly attributePrefix: string;
  /** Undefined where the queue could not be looked at. */
  readonly queueArn: string | undefined;
}

const DEPLOY = "Deploy the stack again (docs/how-to/deploy.md).";

/** What the other checks need to know of the bus. */
export interface BusSeen {
  readonly findings: readonly Finding[];
  /** Undefined where there is none. */
  readonly name: string | undefined;
}

/** The event source, its bus, and on it a rule for each topic with the queue as its target. */
export async function checkBus(options: BusOptions): Promise<BusSeen> {
  const tell = about("event bus");
  const { bridge } = options;
  let name = options.busName;
  try {
    const buses = name === undefined ? await partnerBuses(bridge) : [name];
    [name] = buses;
    if (name === undefined) return { findings: [tell.broken(await noBus(bridge))], name };
    const others = buses.slice(1).map((other) => tell.warning(severalBuses(name, other)));
    const source = await checkSource(bridge, name);
    return { findings: [...others, ...source, ...(await checkRules(options, name))], name };
  } catch (error) {
    const reason = error instanceof Error ? error.name : "unknown error";
    const what = `EventBridge cannot be asked (${reason})`;
    const why = "Whether events can arrive is not known.";
    const cure =
      "Allow events:ListEventBuses, ListEventSources, DescribeEventSource, ListRules and ListTargetsByRule to whoever runs the doctor; check AWS_REGION and the bus' name.";
    return { findings: [tell.broken({ what, why, cure })], name };
  }
}

/** Without a bus: whether there is an event source that waits for one. */
async function noBus(bridge: EventBridgeClient): Promise<Trouble> {
  const why = "Genesys Cloud's events arrive nowhere.";
  const { EventSources = [] } = await bridge.send(
    new ListEventSourcesCommand({ NamePrefix: GENESYS_SOURCES }),
  );
  const [waiting] = EventSources.filter(({ State }) => State === "PENDING");
  if (waiting === undefined) {
    return {
      what: `neither an event source nor a bus of ${GENESYS_SOURCES} is in this account and region`,
      why,
      cure: "Switch on the Amazon EventBridge integration: `ringahead setup`, or by hand (docs/how-to/genesys.md). Is AWS_REGION the integration's region?",
    };
  }
  const until = waiting.ExpirationTime && `, until ${waiting.ExpirationTime.toISOString()}`;
  return {
    what: `the event source ${waiting.Name} is PENDING: it waits for its bus${until ?? ""}`,
    why,
    cure: `Deploy with -c eventSourceName=${waiting.Name} (docs/how-to/deploy.md).`,
  };
}

async function partnerBuses(bridge: EventBridgeClient): Promise<readonly string[]> {
  const { EventBuses = [] } = await bridge.send(
    new ListEventBusesCommand({ NamePrefix: GENESYS_SOURCES }),
  );
  return EventBuses.flatMap(({ Name }) => Name ?? []);
}

function severalBuses(looked = "", other: string): Trouble {
  return {
    what: `${looked} was looked at; there is ${other}, too`,
    why: "It may be the one that matters.",
    cure: "Name it with --bus.",
  };
}

async function checkSource(bridge: EventBridgeClient, name: string): Promise<readonly Finding[]> {
  const tell = about("event source");
  if (!name.startsWith("aws.partner/")) return [tell.skipped("the bus is no partner's")];
  const { State } = await bridge.send(new DescribeEventSourceCommand({ Name: name }));
  if (State === "ACTIVE") return [tell.ok("ACTIVE")];
  const why = "Genesys Cloud sends, and nothing arrives.";
  const cure =
    State === "DELETED"
      ? "The integration was deleted in Genesys Cloud: make it anew, and deploy with its new name."
      : "Its bus is missing, or was made without it: deploy with -c eventSourceName=….";
  return [tell.broken({ what: `it is ${State ?? "unknown"}`, why, cure })];
}

async function checkRules(options: BusOptions, busName: string): Promise<readonly Finding[]> {
  const { bridge, attributePrefix } = options;
  const deployed: DeployedRule[] = [];
  let NextToken: string | undefined;
  do {
    const page = await bridge.send(new ListRulesCommand({ EventBusName: busName, NextToken }));
    deployed.push(...(page.Rules ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  const wanted = rulesFor({ attributePrefix });
  const findings = await Promise.all(
    wanted.map((rule) => checkRule(rule, deployed, options, busName)),
  );
  return findings.flat();
}

async function checkRule(
  rule: Rule,
  deployed: readonly DeployedRule[],
  { bridge, queueArn }: BusOptions,
  busName: string,
): Promise<readonly Finding[]> {
  const [topic = ""] = rule.pattern["detail-type"];
  const tell = about(`rule ${rule.name}`);
  const why = `Events of ${topic} do not arrive as they should.`;
  // CloudFormation gives names of its own: a rule is known by its topic.
  const found = deployed.find(({ EventPattern }) => topicsOf(EventPattern).includes(topic));
  if (found === undefined) {
    const like = deployed.find(({ EventPattern }) =>
      /v2\.detail|v2\.users/.test(EventPattern ?? ""),
    );
    const cure = like
      ? `${DEPLOY} (${like.Name} names another topic: "detail-type" holds the template, with a literal {id}.)`
      : DEPLOY;
    return [tell.broken({ what: `no rule lets ${topic} through`, why, cure })];
  }
  const findings: Finding[] = [];
  if (found.State === "DISABLED") {
    findings.push(tell.broken({ what: `${found.Name} is disabled`, why, cure: "Enable it." }));
  }
  if (!isDeepStrictEqual(JSON.parse(found.EventPattern ?? "null"), rule.pattern)) {
    const what = `${found.Name} has another pattern than this version`;
    findings.push(tell.warning({ what, why, cure: DEPLOY }));
  }
  findings.push(...(await checkTargets(bridge, busName, found.Name ?? "", queueArn)));
  return findings.length > 0 ? findings : [tell.ok(found.Name ?? "")];

  async function checkTargets(
    client: EventBridgeClient,
    bus: string,
    name: string,
    arn: string | undefined,
  ): Promise<readonly Finding[]> {
    const { Targets = [] } = await client.send(
      new ListTargetsByRuleCommand({ EventBusName: bus, Rule: name }),
    );
    const target = Targets.find(({ Arn }) => Arn === arn);
    if (arn !== undefined && target === undefined) {
      const others = Targets.map(({ Arn }) => Arn).join(", ") || "none";
      const what = `its target is not QUEUE_URL's queue (${others})`;
      return [tell.broken({ what, why, cure: DEPLOY })];
    }
    if (target === undefined || target.DeadLetterConfig?.Arn !== undefined) return [];
    const what = "its target has no dead-letter queue";
    const lost = "What EventBridge cannot deliver for a day is lost, and nobody is told.";
    return [tell.warning({ what, why: lost, cure: DEPLOY })];
  }
}

function topicsOf(pattern: string | undefined): readonly unknown[] {
  const read: unknown = JSON.parse(pattern ?? "{}");
  const topics = read instanceof Object && "detail-type" in read ? read["detail-type"] : [];
  return Array.isArray(topics) ? topics : [];
}
