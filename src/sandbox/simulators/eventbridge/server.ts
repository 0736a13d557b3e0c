import type { PutEventsResponse, PutEventsResultEntry } from "@aws-sdk/client-eventbridge";
import type { FastifyInstance, FastifyReply } from "fastify";
import { type LoopbackServer, startLoopback } from "../server/loopback-server.ts";
import { type Buses, createBuses } from "./buses.ts";
import { type Deliver, deliverTo, type UndeliveredEvent } from "./delivery.ts";
import { type Entry, eventOf, failed, readEntries } from "./entries.ts";
import { busOperations, type Operation } from "./operations.ts";
import { EventBridgeRefusal } from "./refusal.ts";
import { createEventSources } from "./sources.ts";

export interface EventBridgeOptions {
  /** Sends an event to a queue. */
  readonly deliver: Deliver;
  /** Epoch ms. */
  readonly now: () => number;
  /** @returns the id of the next event */
  readonly newId: () => string;
}

/** An EventBridge on this machine. */
export interface EventBridgeSimulator extends LoopbackServer {
  /** Deliveries that failed, oldest first. */
  readonly failures: readonly UndeliveredEvent[];
  /** Adds a partner event source. It is PENDING until a bus of its name is created. */
  addEventSource(name: string): void;
  /** Removes a partner event source. If it has a bus, its state becomes DELETED instead. */
  removeEventSource(name: string): void;
}

const JSON_TYPE = "application/x-amz-json-1.1";
/** Enough for the largest PutEvents request with every character escaped. */
const BODY_LIMIT_BYTES = 2 * 1024 * 1024;

/**
 * Starts a strict simulator of Amazon EventBridge on 127.0.0.1: partner event sources, buses, rules with
 * queues as targets, and PutEvents. It refuses by name what it does not simulate.
 *
 * Differences from AWS:
 * - PutEvents accepts events of `aws.partner/…` sources, which only partners can send to AWS.
 * - PutEvents fails an entry for an unknown bus, which AWS accepts and drops.
 * - PutEvents answers after delivery.
 * - Nothing is retried, authorised, or kept after `close`.
 */
export async function startEventBridge(options: EventBridgeOptions): Promise<EventBridgeSimulator> {
  const buses = createBuses();
  const sources = createEventSources(buses, options.now);
  const failures: UndeliveredEvent[] = [];
  const putEvents = putEventsOn(buses, options, (failure) => failures.push(failure));
  const operations = new Map([...busOperations(buses, sources), ["PutEvents", putEvents]]);
  const server = await startLoopback({ bodyLimitBytes: BODY_LIMIT_BYTES }, (app) =>
    addOperations(app, operations),
  );
  return {
    ...server,
    failures,
    addEventSource: sources.add,
    removeEventSource: sources.remove,
  };
}

function putEventsOn(
  buses: Buses,
  { deliver, now, newId }: EventBridgeOptions,
  onFailed: (failure: UndeliveredEvent) => void,
): Operation {
  async function put(entry: Entry): Promise<PutEventsResultEntry> {
    const bus = buses.find(entry.EventBusName);
    if (bus === undefined) {
      return failed("ResourceNotFoundException", `Event bus ${entry.EventBusName} does not exist.`);
    }
    const event = eventOf(entry, newId(), now());
    if (!("body" in event)) return event;
    const rules = [...bus.rules.values()].filter(
      (rule) => rule.state === "ENABLED" && rule.matches(event.event),
    );
    await Promise.all(rules.map((rule) => deliverTo(rule, event.body, deliver, onFailed)));
    return { EventId: event.id };
  }

  return async (input) => {
    const Entries = await Promise.all(readEntries(input).map(put));
    const FailedEntryCount = Entries.filter(({ ErrorCode }) => ErrorCode !== undefined).length;
    return { FailedEntryCount, Entries } satisfies PutEventsResponse;
  };
}

/** The AWS JSON 1.1 protocol: one path, the operation in a header, errors by name. */
function addOperations(app: FastifyInstance, operations: ReadonlyMap<string, Operation>): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(JSON_TYPE, { parseAs: "string" }, (_request, body, parsed) =>
    parsed(null, body),
  );
  app.setErrorHandler((error, _request, reply) => answerError(reply, error));
  app.post("/", async (request, reply) => {
    const target = String(request.headers["x-amz-target"] ?? "");
    const [service, name = ""] = target.split(".");
    const operation = service === "AWSEvents" ? operations.get(name) : undefined;
    if (operation === undefined) {
      throw new EventBridgeRefusal(
        "UnknownOperationException",
        `The operation "${target}" is not simulated.`,
      );
    }
    const answer = await operation(parseBody(request.body));
    return reply.type(JSON_TYPE).send(JSON.stringify(answer));
  });
}

function parseBody(body: unknown): unknown {
  try {
    return JSON.parse(String(body));
  } catch {
    throw new EventBridgeRefusal("SerializationException", "The request is not JSON.");
  }
}

function answerError(reply: FastifyReply, error: unknown): void {
  const refusal = asRefusal(error);
  const status = refusal.code === "InternalException" ? 500 : 400;
  reply
    .code(status)
    .type(JSON_TYPE)
    .send(JSON.stringify({ __type: refusal.code, message: refusal.message }));
}

function asRefusal(error: unknown): EventBridgeRefusal {
  if (error instanceof EventBridgeRefusal) return error;
  const message = error instanceof Error ? error.message : String(error);
  const status = error instanceof Error && "statusCode" in error ? error.statusCode : 500;
  const code = Number(status) < 500 ? "SerializationException" : "InternalException";
  return new EventBridgeRefusal(code, message);
}
