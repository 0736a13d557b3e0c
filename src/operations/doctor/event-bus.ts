import { isDeepStrictEqual } from "node:util";
import {
  type Rule as DeployedRule,
  DescribeEventSourceCommand,
  type EventBridgeClient,
  ListEventBusesCommand,
  ListEventSourcesCommand,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  type Target,
} from "@aws-sdk/client-eventbridge";
import { GENESYS_SOURCES } from "../../domain/event/event-source-name.ts";
import { REFERENCE_RULE, type Rule, rulesFor } from "../../domain/event/rules.ts";
import { about, type Finding, type Problem } from "./finding.ts";

interface BusOptions {
  readonly bridge: EventBridgeClient;
  /** Undefined: the bus of Genesys Cloud's event source. */
  readonly busName: string | undefined;
  readonly attributePrefix: string;
  readonly referenceAttribute: string | undefined;
  /** Undefined if the queue could not be checked. */
  readonly queueArn: string | undefined;
}

const DEPLOY = "Deploy the stack again (docs/how-to/deploy.md).";

interface BusCheck {
  readonly findings: readonly Finding[];
  /** The checked bus; undefined if there is none. */
  readonly name: string | undefined;
}

/** Checks the event source, its bus, and for each topic a rule with the queue as its target. */
export async function checkBus(options: BusOptions): Promise<BusCheck> {
  const report = about("event bus");
  const { bridge } = options;
  let name = options.busName;
  try {
    const buses = name === undefined ? await partnerBuses(bridge) : [name];
    [name] = buses;
    if (name === undefined) return { findings: [report.broken(await noBus(bridge))], name };
    const others = buses.slice(1).map((other) => report.warning(severalBuses(name, other)));
    const source = await checkSource(bridge, name);
    return { findings: [...others, ...source, ...(await checkRules(options, name))], name };
  } catch (error) {
    const reason = error instanceof Error ? error.name : "unknown error";
    const what = `EventBridge cannot be queried (${reason})`;
    const why = "It is unknown whether events can arrive.";
    const cure =
      "Allow events:ListEventBuses, ListEventSources, DescribeEventSource, ListRules and ListTargetsByRule to the AWS identity that runs the doctor. Check AWS_REGION and the name of the bus.";
    return { findings: [report.broken({ what, why, cure })], name };
  }
}

/** The problem without a bus: there is a pending event source, or none. */
async function noBus(bridge: EventBridgeClient): Promise<Problem> {
  const why = "Genesys Cloud's events do not arrive.";
  const { EventSources = [] } = await bridge.send(
    new ListEventSourcesCommand({ NamePrefix: GENESYS_SOURCES }),
  );
  const [pending] = EventSources.filter(({ State }) => State === "PENDING");
  if (pending === undefined) {
    return {
      what: `this account and region have neither an event source nor a bus of ${GENESYS_SOURCES}`,
      why,
      cure: "Activate the Amazon EventBridge integration with `ringahead setup` or by hand (docs/how-to/genesys.md), and check that AWS_REGION is its region.",
    };
  }
  const expiry =
    pending.ExpirationTime && ` and expires at ${pending.ExpirationTime.toISOString()}`;
  return {
    what: `the event source ${pending.Name} is PENDING: it has no bus yet${expiry ?? ""}`,
    why,
    cure: `Deploy with -c eventSourceName=${pending.Name} (docs/how-to/deploy.md).`,
  };
}

async function partnerBuses(bridge: EventBridgeClient): Promise<readonly string[]> {
  const { EventBuses = [] } = await bridge.send(
    new ListEventBusesCommand({ NamePrefix: GENESYS_SOURCES }),
  );
  return EventBuses.flatMap(({ Name }) => Name ?? []);
}

function severalBuses(checked = "", other: string): Problem {
  return {
    what: `${checked} was checked; ${other} exists too`,
    why: "The events may arrive on the other one.",
    cure: "Name the right one with --bus.",
  };
}

async function checkSource(bridge: EventBridgeClient, name: string): Promise<readonly Finding[]> {
  const report = about("event source");
  if (!name.startsWith("aws.partner/"))
    return [report.skipped("the bus is not a partner event bus")];
  const { State } = await bridge.send(new DescribeEventSourceCommand({ Name: name }));
  if (State === "ACTIVE") return [report.ok("ACTIVE")];
  const why = "Genesys Cloud sends events, and none arrive.";
  const cure =
    State === "DELETED"
      ? "The integration was deleted in Genesys Cloud: create it again, and deploy with its new name."
      : "Its bus is missing, or was created without it: deploy with -c eventSourceName=….";
  return [report.broken({ what: `it is ${State ?? "unknown"}`, why, cure })];
}

async function checkRules(options: BusOptions, busName: string): Promise<readonly Finding[]> {
  const { bridge, attributePrefix, referenceAttribute } = options;
  const deployed: DeployedRule[] = [];
  let NextToken: string | undefined;
  do {
    const page = await bridge.send(new ListRulesCommand({ EventBusName: busName, NextToken }));
    deployed.push(...(page.Rules ?? []));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  const rules = rulesFor({ attributePrefix, referenceAttribute });
  const findings = await Promise.all(
    rules.map((rule) => checkRule(rule, deployedOf(rule, rules, deployed), options, busName)),
  );
  return findings.flat();
}

/** The rules of one topic that could be this one. */
interface Candidates {
  /** Undefined if no rule of the topic could be it. */
  readonly found: DeployedRule | undefined;
  /** A rule for Genesys Cloud's events with another topic. */
  readonly similar: DeployedRule | undefined;
}

/**
 * CloudFormation chooses the names of rules, so topic and pattern identify a rule. A topic may have several:
 * one that has the pattern of another rule of ours is that one.
 */
function deployedOf(
  rule: Rule,
  rules: readonly Rule[],
  deployed: readonly DeployedRule[],
): Candidates {
  const [topic = ""] = rule.pattern["detail-type"];
  const ofTopic = deployed.filter(({ EventPattern }) => topicsOf(EventPattern).includes(topic));
  const isOther = (one: DeployedRule) =>
    rules.some((other) => other !== rule && hasPattern(one, other));
  return {
    found: ofTopic.find((one) => hasPattern(one, rule)) ?? ofTopic.find((one) => !isOther(one)),
    similar: deployed.find(({ EventPattern }) => /v2\.detail|v2\.users/.test(EventPattern ?? "")),
  };
}

function hasPattern({ EventPattern }: DeployedRule, { pattern }: Rule): boolean {
  return isDeepStrictEqual(JSON.parse(EventPattern ?? "null"), pattern);
}

async function checkRule(
  rule: Rule,
  { found, similar }: Candidates,
  { bridge, queueArn }: BusOptions,
  busName: string,
): Promise<readonly Finding[]> {
  const [topic = ""] = rule.pattern["detail-type"];
  const report = about(`rule ${rule.name}`);
  const why = `Events of ${topic} may not arrive.`;
  if (found === undefined) return [report.broken({ ...missing(rule, topic, similar), why })];
  const findings: Finding[] = [];
  if (found.State === "DISABLED") {
    findings.push(report.broken({ what: `${found.Name} is disabled`, why, cure: "Enable it." }));
  }
  if (!hasPattern(found, rule)) {
    const what = `${found.Name} has a different pattern than this version`;
    findings.push(report.warning({ what, why, cure: DEPLOY }));
  }
  const name = found.Name ?? "";
  const { Targets = [] } = await bridge.send(
    new ListTargetsByRuleCommand({ EventBusName: busName, Rule: name }),
  );
  findings.push(...checkTargets(Targets, queueArn, report, why));
  return findings.length > 0 ? findings : [report.ok(name)];
}

/** @param similar a rule for Genesys Cloud's events with another topic */
function missing(
  { name }: Rule,
  topic: string,
  similar: DeployedRule | undefined,
): Pick<Problem, "what" | "cure"> {
  const what = `no rule matches ${topic}`;
  if (name === REFERENCE_RULE) {
    const cure = "Deploy with -c referenceAttribute=… (docs/how-to/references.md).";
    return { what: `${what} with the attribute of REFERENCE_ATTRIBUTE`, cure };
  }
  if (similar === undefined) return { what, cure: DEPLOY };
  const other = `${similar.Name} names another topic: "detail-type" holds the template, with a literal {id}.`;
  return { what, cure: `${DEPLOY} (${other})` };
}

/** [pure] @param why the consequence if events do not reach the queue */
function checkTargets(
  targets: readonly Target[],
  queueArn: string | undefined,
  report: ReturnType<typeof about>,
  why: string,
): readonly Finding[] {
  const target = targets.find(({ Arn }) => Arn === queueArn);
  if (queueArn !== undefined && target === undefined) {
    const others = targets.map(({ Arn }) => Arn).join(", ") || "none";
    const what = `its target is not QUEUE_URL's queue (${others})`;
    return [report.broken({ what, why, cure: DEPLOY })];
  }
  if (target === undefined || target.DeadLetterConfig?.Arn !== undefined) return [];
  return [
    report.warning({
      what: "its target has no dead-letter queue",
      why: "Events that EventBridge cannot deliver within a day are lost without notice.",
      cure: DEPLOY,
    }),
  ];
}

function topicsOf(pattern: string | undefined): readonly unknown[] {
  const read: unknown = JSON.parse(pattern ?? "{}");
  const topics = read instanceof Object && "detail-type" in read ? read["detail-type"] : [];
  return Array.isArray(topics) ? topics : [];
}
