import type { FastifyInstance } from "fastify";
import type { Models } from "purecloud-platform-client-v2";
import { z } from "zod";
import { readQuery } from "./reading.ts";

type Transport = "All" | "Websocket" | "EventBridge" | "ProcessAutomation";

/**
 * Topics of an org and the transports that each can have (Platform API, "Notification topics";
 * `docs/how-to/genesys.md`). A short extract: an org has some 150.
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

/** The notification topics of an org, and where each can be sent. */
export interface Topics {
  /** Those that an EventBridge integration can have. */
  readonly offered: readonly string[];
  /** From now on it is these. */
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
        ...(expanded.includes("description") ? { description: `Tells of ${id}` } : {}),
        ...(expanded.includes("visibility") ? { visibility: "Public" } : {}),
        ...(expanded.includes("transports") ? { transports: [...transports] } : {}),
      })),
  };
}

/** Said again for each field, or once with commas. */
const expansion = z.looseObject({
  expand: z
    .union([z.string(), z.array(z.string())])
    .transform((given) => [given].flat().flatMap((text) => text.split(",")))
    .default([]),
});

/** What topics there are ("Notifications" of the Platform API): fields only where they are asked for. */
export function addTopicOperations(api: FastifyInstance, topics: Topics): void {
  api.get("/api/v2/notifications/availabletopics", (request, reply) => {
    const { expand } = readQuery(expansion, request);
    reply.send({
      entities: topics.describe(expand),
    } satisfies Models.AvailableTopicEntityListing);
  });
}
