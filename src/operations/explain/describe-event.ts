import { topics } from "../../domain/event/rules.ts";
import { duration } from "../../observability/facts/duration.ts";
import type { Facts } from "../../observability/facts/facts.ts";
import type { LogLine } from "../../observability/facts/line.ts";
import { describeReason } from "./acknowledged.ts";

/** What Genesys tells with each topic. */
const happenings: Readonly<Record<string, string>> = {
  [topics.customerStart]: "the customer's session started",
  [topics.customerEnd]: "the customer left",
  [topics.contact]: "an external contact was found for the customer",
  [topics.attributes]: "attributes of the participant were set",
  [topics.userStart]: "an agent connected",
};

/** [pure] What happened at Genesys, in words. */
export function describeEvent(topic: string | undefined): string {
  return happenings[topic ?? ""] ?? `an event of ${topic ?? "an unnamed topic"}`;
}

const names = {
  oracle: "Oracle",
  genesys: "Genesys",
  queue: "the queue",
  event: "the event",
  worker: "the worker",
} as const;

const whyUnusable: Readonly<Record<string, string>> = {
  withheld: "the caller withholds the number",
  internal: "the call comes from inside",
  short_number: "the number is too short to be anybody's",
  opaque: "the address is an id of the channel",
  invalid_number: "no country has such a number",
  no_address: "the event names no address",
};

const outcomes = {
  found: "knows the customer",
  not_found: "knows nobody by it",
  ambiguous: "knows more than one customer by it",
  anonymous: "was not asked",
  unavailable: "could not be asked",
} as const;

/** [pure] One fact as a sentence; undefined for what is of no interest in a story. */
export function sentence(line: LogLine): string | undefined {
  switch (line.fact) {
    case "event.received":
      return received(line);
    case "event.acknowledged":
      return line.because === "recorded"
        ? undefined
        : `nothing to do: ${describeReason(line.because)}`;
    case "event.dead_lettered":
      return `put into the dead-letter queue: ${failed(line)}`;
    case "write.confirmed":
      return `Genesys confirmed what was written, ${after(line.sinceWriteMs)}`;
    case "headstart.measured":
      return headStart(line.headStartMs);
    default:
      return ofEnrichment(line) ?? ofOutage(line);
  }
}

function ofEnrichment(line: LogLine): string | undefined {
  switch (line.fact) {
    case "backlog.joined":
      return line.waiting === 1
        ? "waits in the backlog, alone"
        : `waits in the backlog, one of ${line.waiting}`;
    case "enrichment.begun":
      return line.attempt === 1
        ? `try 1 began, after ${duration(line.waitedMs)} in the backlog`
        : `try ${line.attempt} began, ${duration(line.waitedMs)} after the message was admitted`;
    case "identity.tried":
      return identity(line);
    case "api.called":
      return called(line);
    case "customer.looked_up":
      return `Oracle ${outcomes[line.match]} (${answerFrom(line.cached, line.oracleMs)})`;
    case "enrichment.written":
      return `wrote the status "${line.status}", ${took(line)}`;
    case "enrichment.shadowed":
      return `SHADOW is on: the status "${line.status}" would have been written, ${took(line)}`;
    case "unavailable.failed":
      return `"unavailable" could not be written either: ${failed(line)}`;
    case "enrichment.delayed":
      return `try ${line.attempt} failed, the next is due in ${duration(line.delayMs)}: ${failed(line)}`;
    case "enrichment.yielded":
      return "its agent had come, and others waited who had none: they went first";
    case "enrichment.elsewhere":
      return `another worker carries it by a message of its own: looked at again in ${duration(line.delayMs)}`;
    case "backlog.made_room":
      return `the backlog was full: back to the queue for ${duration(line.delayMs)}`;
    case "backlog.given_back":
      return "back to the queue at once: the worker stops, another one takes over";
    case "enrichment.expired":
      return `dropped: ${line.reason}`;
    case "attributes.emptied":
      return "what was written about the customer was emptied";
    case "attributes.not_emptied":
      return `what was written about the customer could not be emptied: ${failed(line)}`;
    default:
      return undefined;
  }
}

/** What concerns everybody, and explains what became of one. */
function ofOutage(line: LogLine): string | undefined {
  switch (line.fact) {
    case "breaker.opened":
      return `(everybody) ${names[line.source]} was not asked any more for ${duration(line.forMs)}: ${line.reason}`;
    case "breaker.closed":
      return `(everybody) ${names[line.source]} answered again, after ${duration(line.afterMs)}`;
    case "limiter.paused":
      return `(everybody) ${names[line.source]} asked for a rest of ${duration(line.forMs)}`;
    case "token.failed":
      return `(everybody) no token of ${names[line.source]}: ${line.reason}`;
    case "redis.lost":
      return `(everybody) Redis could not be reached: ${line.reason}`;
    case "redis.back":
      return "(everybody) Redis could be reached again";
    case "fleet.apart":
      return `(everybody) a worker kept to its share of ${possessive(line.source)} budget: ${line.reason}`;
    case "queue.failed":
      return `(everybody) ${line.reason}`;
    case "secret.changed":
      return `(everybody) a new ${line.variable} was taken over`;
    case "operations.noted":
      return `(everybody) Genesys Cloud reported trouble of its own${trouble(line)}`;
    case "worker.draining":
      return `(everybody) a worker began to stop: ${line.because}`;
    case "worker.started":
      return "(everybody) a worker started";
    default:
      return undefined;
  }
}

function trouble({ errorCode, currentValue, slowed }: Facts["operations.noted"]): string {
  const what = [errorCode, currentValue].filter((word) => word !== undefined).join(", ");
  const named = what === "" ? "" : `: ${what}`;
  return slowed ? `${named}; half of its budget was taken as spent` : named;
}

/** Genesys tells the time by a clock of its own, which may be a little behind ours. */
function after(ms: number): string {
  return ms > 0 ? `${duration(ms)} after it` : "at once";
}

function possessive(source: keyof typeof names): string {
  return `${names[source]}${names[source].endsWith("s") ? "'" : "'s"}`;
}

function received(line: Facts["event.received"] & { readonly time: string }): string {
  const late = line.happenedAt > 0 ? Date.parse(line.time) - line.happenedAt : undefined;
  const delay = late === undefined ? "" : `, ${duration(late)} after it happened`;
  const again = line.receiveCount > 1 ? `; delivery ${line.receiveCount} of its message` : "";
  return `received: ${describeEvent(line.topic)}${delay}${again}`;
}

function identity({ by, identifiedBy, masked, form }: Facts["identity.tried"]): string {
  if (masked === undefined) {
    return `nothing to look up by: ${whyUnusable[identifiedBy] ?? identifiedBy}`;
  }
  const what = identifiedBy === "phone" ? "the number" : "the email address";
  const where = by === "contact" ? ", from the external contact" : "";
  const written = form === undefined ? "" : `, written in ${form} form`;
  return `looked up by ${what} ${masked}${where}${written}`;
}

function called(line: Facts["api.called"]): string {
  const waited = line.waitedMs >= 50 ? `, after ${duration(line.waitedMs)} for budget` : "";
  const how =
    line.status === undefined
      ? `ended with ${line.code ?? "no answer"}`
      : `answered ${line.status}`;
  const request = `${line.method} ${line.route}`;
  return `${names[line.source]} ${how} in ${duration(line.tookMs)}${waited} (${request})`;
}

function answerFrom(cached: boolean, oracleMs: number): string {
  return cached ? "at hand, no request" : duration(oracleMs);
}

function took(line: Facts["enrichment.written"]): string {
  const { sinceEventMs, waitedMs, oracleMs, genesysMs } = line;
  const parts = [
    `${duration(waitedMs)} waiting`,
    `${duration(oracleMs)} Oracle`,
    `${duration(genesysMs)} Genesys`,
  ];
  return `${duration(sinceEventMs)} after the event (${parts.join(", ")})`;
}

/** [pure] How the history and the agent met. */
export function headStart(ms: number): string {
  return ms >= 0
    ? `the history was there ${duration(ms)} before the agent`
    : `the agent was there ${duration(-ms)} before the history`;
}

function failed({ reason, source, code }: Facts["unavailable.failed"]): string {
  return `${reason} [${source}: ${code}]`;
}
