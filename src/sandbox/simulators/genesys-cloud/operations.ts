import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Models } from "purecloud-platform-client-v2";
import { z } from "zod";
import type { Exchanges } from "../server/exchange.ts";
import { GENESYS_PATHS, type GenesysCall } from "./call.ts";
import type { Conversations, SimulatedAttributes } from "./conversations.ts";
import { GenesysRefusal } from "./error-body.ts";

/** An accepted write, with the data of an `.attributes` event. */
export interface AttributesWritten {
  readonly conversationId: string;
  readonly participantId: string;
  /** All attributes of the participant after the write. */
  readonly attributes: SimulatedAttributes;
  readonly sessionId: string | undefined;
  readonly mediaType: string | undefined;
  /** When it was accepted, epoch ms. */
  readonly at: number;
}

export interface OperationsDeps {
  readonly conversations: Conversations;
  readonly contacts: ReadonlyMap<string, Models.ExternalContact>;
  readonly exchanges: Exchanges<GenesysCall>;
  readonly acceptUnknown: boolean;
  readonly onWritten: (written: AttributesWritten) => void;
  /** Epoch ms. */
  readonly now: () => number;
}

const attributesSchema = z.strictObject({ attributes: z.record(z.string(), z.string()) });

/** Adds the operations of conversations and external contacts. */
export function addOperations(api: FastifyInstance, deps: OperationsDeps): void {
  const { conversations, contacts, exchanges, acceptUnknown, onWritten, now } = deps;

  function merge(
    conversationId: string,
    participantId: string,
    written: SimulatedAttributes,
  ): SimulatedAttributes {
    if (acceptUnknown && conversations.find(conversationId, participantId) === undefined) {
      conversations.add({ conversationId, participantId });
    }
    const attributes = conversations.merge(conversationId, participantId, written);
    if (attributes === undefined) throw new GenesysRefusal("not.found");
    return attributes;
  }

  api.patch<{ Params: { conversationId: string; participantId: string } }>(
    GENESYS_PATHS.attributes,
    (request, reply) => {
      const { conversationId, participantId } = request.params;
      const written = readAttributes(request);
      const attributes = merge(conversationId, participantId, written);
      exchanges.note(request, { written });
      const { sessionId, mediaType } = conversations.find(conversationId, participantId) ?? {};
      onWritten({ conversationId, participantId, attributes, sessionId, mediaType, at: now() });
      reply.code(202).send();
    },
  );

  api.get<{ Params: { conversationId: string } }>(GENESYS_PATHS.conversation, (request, reply) => {
    reply.send(known(conversations.describe(request.params.conversationId)));
  });

  api.get<{ Params: { contactId: string } }>(GENESYS_PATHS.contact, (request, reply) => {
    reply.send(known(contacts.get(request.params.contactId)));
  });
}

function readAttributes(request: FastifyRequest): SimulatedAttributes {
  const read = attributesSchema.safeParse(request.body);
  if (read.success) return read.data.attributes;
  const [issue] = read.error.issues;
  throw new GenesysRefusal("invalid.value", {
    message: `${issue?.path.join(".") ?? ""}: ${issue?.message ?? "invalid"}`,
  });
}

function known<Found>(found: Found | undefined): Found {
  if (found === undefined) throw new GenesysRefusal("not.found");
  return found;
}
