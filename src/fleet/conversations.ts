import { z } from "zod";
import type {
  ConversationNews,
  FleetMemory,
  KnownConversation,
  SessionKey,
} from "../domain/conversation/fleet-memory.ts";
import { origins } from "../domain/conversation/parties.ts";
import type { SessionNews } from "../domain/conversation/session.ts";
import { contactId } from "../domain/event/ids.ts";
import { matchedBys } from "../domain/identity/rank.ts";
import { readReference } from "../domain/identity/reference.ts";
import { type EpochMs, epochMs } from "../domain/time.ts";
import { CONVERSATION_SCRIPT } from "./conversation-script.ts";
import type { SharedState } from "./redis.ts";

/** Longer than any message is retried, or any end arrives before its start. */
const TTL_MS = 12 * 3_600_000;

/** An attempt takes half a minute at most. A message that is attempted again renews its claim. */
const CLAIM_MS = 120_000;

const reference = z.string().transform((text) => readReference(text));
const time = z.number().int().transform(epochMs);
/** The Redis JSON of a session. Versions of Ringahead share it, so its names stay. */
const storedSession = z.object({
  /** A later version may know more of them. */
  origin: z.enum(origins).optional().catch(undefined),
  firstAt: time.optional(),
  startedAt: time.optional(),
  endedAt: time.optional(),
  erasedAt: time.optional(),
  /** The generation of the session. */
  stretch: z.number().int().optional(),
  attempts: z.number().int().optional(),
  written: z
    .object({
      status: z.enum(["found", "not_found", "ambiguous", "anonymous", "unavailable"]),
      at: time,
      matchedBy: z.enum(matchedBys).optional().catch(undefined),
      reference: reference.optional(),
      beforeStart: z.boolean().optional(),
    })
    .optional(),
  contactId: contactId.optional(),
  contactAt: time.optional(),
  triedContactId: contactId.optional(),
  reference: reference.optional(),
  referenceAt: time.optional(),
  triedReference: reference.optional(),
  claimedBy: z.string().optional(),
});
type StoredSession = z.output<typeof storedSession>;
const hashReply = z.array(z.string());

/**
 * The memory of a fleet in Redis: ids, times, statuses and counts of conversations; no address, no
 * name and no history. A conversation expires 12 h after its last exchange.
 * @param scope separates the conversations of different organisations
 * @param claimMs how long a claim is valid that is neither renewed nor released
 */
export function sharedConversations(
  shared: SharedState,
  scope: string,
  claimMs = CLAIM_MS,
): FleetMemory {
  return {
    async exchange(id, news) {
      try {
        const key = `ringahead:conversation:{${scope}:${id}}`;
        return readKnown(await shared.run(CONVERSATION_SCRIPT, [key], argumentsOf(news, claimMs)));
      } catch {
        return undefined;
      }
    },
  };
}

function argumentsOf({ agentAt, session }: ConversationNews, claimMs: number): (string | number)[] {
  return [
    TTL_MS,
    agentAt ?? "",
    session?.key ?? "",
    JSON.stringify(session === undefined ? {} : toStored(session.news)),
    session?.claim ?? "",
    session?.release ?? "",
    claimMs,
  ];
}

/** In the Redis JSON the generation of a session keeps its first name, so that every version reads it. */
function toStored({ generation: stretch, ...news }: SessionNews) {
  return { ...news, stretch };
}

function fromStored({ stretch: generation, ...stored }: StoredSession) {
  return { ...stored, ...(generation === undefined ? {} : { generation }) };
}

/** @throws {z.ZodError | SyntaxError} if the reply is not one of our script */
function readKnown(reply: unknown): KnownConversation {
  const entries = hashReply.parse(reply);
  const sessions: [SessionKey, ReturnType<typeof fromStored>][] = [];
  let agentAt: EpochMs | undefined;
  for (let i = 0; i + 1 < entries.length; i += 2) {
    const [field = "", value = ""] = entries.slice(i, i + 2);
    if (field === "agentAt") agentAt = time.parse(Number(value));
    else sessions.push([readKey(field), fromStored(storedSession.parse(JSON.parse(value)))]);
  }
  // The schema's optional fields may be undefined; here that means the same as absent.
  return { agentAt, sessions: new Map(sessions) as KnownConversation["sessions"] };
}

const keySchema = z.templateLiteral([z.string().regex(/^[\w-]{1,64}$/), "/", z.string()]);

function readKey(field: string): SessionKey {
  return keySchema.parse(field.slice("s:".length)) as SessionKey;
}
