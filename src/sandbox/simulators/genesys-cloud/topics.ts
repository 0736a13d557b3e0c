import type { FastifyInstance } from "fastify";
import type { Models } from "purecloud-platform-client-v2";
import { z } from "zod";
import { readQuery } from "./reading.ts";

type Transport = "All" | "Websocket" | "EventBridge" | "ProcessAutomation";

/**
 * Topics of an org with their transports (Platform API, "Notification topics"; `docs/reference/genesys.md`). An
 * org has about 150 topics.
 */
const TOPICS: Readonly<Record<string, readonly Transport[]>> = {
  "v2.users.{id}.conversations": ["Websocket"],
  "v2.users.{id}.conversationsummary": ["Websocket"],
  "v2.routing.queues.{id}.conversations": ["Websocket"],
  "v2.detail.events.conversation.{id}.customer.start": ["All"],
  "v2.detail.events.conversation.{id}.customer.end": ["All"],
  "v2.detail.events.conversation.{id}.contact": ["All"],
  "v2.detail.events.conversation.{id}.attributes": ["All"],
  "v2.detail.events.conversation.{id}.user.start": ["All"],
  "v2.users.{id}.tokens": ["EventBridge"],
  "v2.operations.events.{id}": ["EventBridge", "ProcessAutomation"],
};

/** The notification topics of an org, with their transports. */
export interface Topics {
  /** Topics that an EventBridge integration may use. */
  readonly offered: readonly string[];
  /** Sets the offered topics. */
  offer(ids: readonly string[]): void;
  describe(expanded: readonly string[]): Models.AvailableTopic[];
}

export function createTopics(): Topics {
  const known = new Map(Object.entries(TOPICS));

  const isOffered = (transports: readonly Transport[]) =>
    transports.includes("All") || transports.includes("EventBridge");

  return {
    get offered() {
      return [...known].flatMap(([id, transports]) => (isOffered(transports) ? [id] : []));
    },
    offer(ids) {
      for (const id of known.keys()) known.set(id, ["Websocket"]);
      for (const id of ids) known.set(id, ["EventBridge", "Websocket"]);
    },
    describe: (expanded) =>
      [...known].map(([id, transports]) => ({
        id,
        ...(expanded.includes("description") ? { description: `Events of ${id}` } : {}),
        ...(expanded.includes("visibility") ? { visibility: "Public" } : {}),
        ...(expanded.includes("transports") ? { transports: [...transports] } : {}),
      })),
  };
}

/** `expand` is repeated for each field, or has a list with commas. */
const expansion = z.looseObject({
  expand: z
    .union([z.string(), z.array(z.string())])
    .transform((values) => [values].flat().flatMap((text) => text.split(",")))
    .default([]),
});

/** Adds the list of topics ("Notifications" of the Platform API). It has only requested fields. */
export function addTopicOperations(api: FastifyInstance, topics: Topics): void {
  api.get("/api/v2/notifications/availabletopics", (request, reply) => {
    const { expand } = readQuery(expansion, request);
    reply.send({
      entities: topics.describe(expand),
    } satisfies Models.AvailableTopicEntityListing);
  });
}
