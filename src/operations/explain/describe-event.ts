import { topics } from "../../domain/event/rules.ts";
import { duration } from "../../observability/facts/duration.ts";
import type { Facts } from "../../observability/facts/facts.ts";
import type { LogLine } from "../../observability/facts/line.ts";
import { describeReason } from "./acknowledged.ts";
import { describeMatch, describeUnusable } from "./match.ts";
import { describeJudged } from "./participants.ts";

const events: Readonly<Record<string, string>> = {
  [topics.customerStart]: "the customer's session started",
  [topics.customerEnd]: "the customer's session ended",
  [topics.contact]: "an external contact was found for the customer",
  [topics.attributes]: "participant attributes were set",
  [topics.userStart]: "an agent connected",
};

/** [pure] What happened at Genesys, as a clause. */
export function describeEvent(topic: string | undefined): string {
  return events[topic ?? ""] ?? (topic === undefined ? "an unknown event" : `event of ${topic}`);
}

const names = {
  oracle: "Oracle",
  genesys: "Genesys",
  queue: "the queue",
  event: "the event",
  worker: "the worker",
} as const;

const outcomes = {
  found: "Oracle found the customer",
  not_found: "Oracle found no customer",
  ambiguous: "Oracle found more than one customer",
  anonymous: "Oracle was not called",
  unavailable: "Oracle was not available",
} as const;

/** [pure] One fact as a clause for the timeline; undefined if the timeline leaves it out. */
export function describeFact(line: LogLine): string | undefined {
  switch (line.fact) {
    case "event.received":
      return received(line);
    case "event.acknowledged":
      return line.because === "recorded"
        ? undefined
        : `nothing to do: ${describeReason(line.because)}`;
    case "event.dead_lettered":
      return `moved to the dead-letter queue: ${failed(line)}`;
    case "write.confirmed":
      return `Genesys confirmed the write ${after(line.sinceWriteMs)}`;
    case "headstart.measured":
      return headStart(line.headStartMs);
    default:
      return ofEnrichment(line) ?? ofOutage(line);
  }
}

function ofEnrichment(line: LogLine): string | undefined {
  switch (line.fact) {
    case "backlog.joined":
      return `queued in the backlog, ${line.waiting} waiting`;
    case "enrichment.begun":
      return line.attempt === 1
        ? `attempt 1 started after ${duration(line.waitedMs)} in the backlog`
        : `attempt ${line.attempt} started ${duration(line.waitedMs)} after the message was admitted`;
    case "participant.judged":
      return describeJudged(line);
    case "identity.tried":
      return identity(line);
    case "api.called":
      return called(line);
    case "customer.looked_up":
      return lookedUp(line);
    case "enrichment.written":
      return `the status "${line.status}" was written ${timing(line)}`;
    case "enrichment.shadowed":
      return `SHADOW is on: the status "${line.status}" would have been written ${timing(line)}`;
    case "unavailable.failed":
      return `the status "unavailable" could not be written either: ${failed(line)}`;
    case "enrichment.delayed":
      return `attempt ${line.attempt} failed, retry in ${duration(line.delayMs)}: ${failed(line)}`;
    case "enrichment.yielded":
      return "deferred: the agent has connected, and conversations without an agent go first";
    case "enrichment.elsewhere":
      return `requeued for ${duration(line.delayMs)}: another worker processes this conversation`;
    case "backlog.made_room":
      return `requeued for ${duration(line.delayMs)}: the backlog is full`;
    case "backlog.given_back":
      return "requeued: the worker stops, and another one takes over";
    case "enrichment.expired":
      return `dropped: ${line.reason}`;
    case "attributes.emptied":
      return "the attributes with personal data were emptied";
    case "attributes.not_emptied":
      return `the attributes with personal data could not be emptied: ${failed(line)}`;
    default:
      return undefined;
  }
}

/** A fact that affects all conversations, and may explain the result of this one. */
function ofOutage(line: LogLine): string | undefined {
  const clause = outage(line);
  return clause === undefined ? undefined : `(all conversations) ${clause}`;
}

function outage(line: LogLine): string | undefined {
  switch (line.fact) {
    case "breaker.opened":
      return `calls to ${names[line.source]} paused for ${duration(line.forMs)} (circuit breaker open): ${line.reason}`;
    case "breaker.closed":
      return `calls to ${names[line.source]} resumed after ${duration(line.afterMs)} (circuit breaker closed)`;
    case "limiter.paused":
      return `${names[line.source]} asked for a pause of ${duration(line.forMs)}`;
    case "token.failed":
      return `no access token for ${names[line.source]}: ${line.reason}`;
    case "redis.lost":
      return `Redis is unreachable: ${line.reason}`;
    case "redis.back":
      return "Redis is reachable again";
    case "fleet.apart":
      return `a worker uses only its own share of the ${names[line.source]} budget: ${line.reason}`;
    case "queue.failed":
      return line.reason;
    case "secret.changed":
      return `a new value of ${line.variable} is in use`;
    case "operations.noted":
      return `Genesys Cloud reported a problem${problem(line)}`;
    case "worker.draining":
      return `a worker is stopping: ${line.because}`;
    case "worker.started":
      return "a worker started";
    default:
      return undefined;
  }
}

function problem({ errorCode, currentValue, slowed }: Facts["operations.noted"]): string {
  const codes = [errorCode, currentValue].filter((code) => code !== undefined).join(", ");
  const text = codes === "" ? "" : `: ${codes}`;
  return slowed ? `${text}; half of its budget counts as used` : text;
}

/** Genesys' clock may be a little behind ours. */
function after(ms: number): string {
  return ms > 0 ? `after ${duration(ms)}` : "at once";
}

function received(line: Facts["event.received"] & { readonly time: string }): string {
  const late = line.happenedAt > 0 ? Date.parse(line.time) - line.happenedAt : undefined;
  const delay = late === undefined ? "" : `, ${duration(late)} after it happened`;
  const again = line.receiveCount > 1 ? `; delivery ${line.receiveCount} of the message` : "";
  return `received: ${describeEvent(line.topic)}${delay}${again}`;
}

function lookedUp({ match, matchedBy, cached, oracleMs }: Facts["customer.looked_up"]): string {
  const how = matchedBy === undefined ? "" : ` ${describeMatch(matchedBy)}`;
  const took = cached ? "cached, no request" : duration(oracleMs);
  const details = matchedBy === undefined ? took : `${matchedBy}, ${took}`;
  return `${outcomes[match]}${how} (${details})`;
}

/** The kinds of identifiers, by the kind of identity. */
const identifiers: Readonly<Record<string, string>> = {
  phone: "number",
  email: "email address",
  reference: "collected reference",
};

function identity({ by, identifiedBy, masked, form }: Facts["identity.tried"]): string {
  if (masked === undefined) {
    return `no lookup possible: ${describeUnusable(identifiedBy)}`;
  }
  const kind = identifiers[identifiedBy] ?? identifiedBy;
  const origin = by === "contact" ? " of the external contact" : "";
  const written = form === undefined ? "" : `, written in ${form} form`;
  return `lookup by the ${kind} ${masked}${origin}${written}`;
}

function called(line: Facts["api.called"]): string {
  const { source, method, route, status, code, tookMs, waitedMs } = line;
  const waited = waitedMs >= 50 ? `, after waiting ${duration(waitedMs)} for budget` : "";
  const took = duration(tookMs);
  const result =
    status === undefined
      ? `the call to ${names[source]} failed with ${code ?? "no response"} after ${took}`
      : `${names[source]} answered ${status} in ${took}`;
  return `${result}${waited} (${method} ${route})`;
}

function timing(line: Facts["enrichment.written"]): string {
  const { sinceEventMs, waitedMs, oracleMs, genesysMs } = line;
  const parts = [
    `${duration(waitedMs)} waiting`,
    `${duration(oracleMs)} Oracle`,
    `${duration(genesysMs)} Genesys`,
  ];
  return `${duration(sinceEventMs)} after the event (${parts.join(", ")})`;
}

/** [pure] The head start of the history, as a clause. */
export function headStart(ms: number): string {
  return ms >= 0
    ? `the history was ready ${duration(ms)} before the agent connected`
    : `the agent connected ${duration(-ms)} before the history was ready`;
}

function failed({ reason, source, code }: Facts["unavailable.failed"]): string {
  return `${reason} [${source}: ${code}]`;
}
