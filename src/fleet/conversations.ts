import { z } from "zod";
import type {
  ConversationNews,
  FleetMemory,
  KnownConversation,
  SessionKey,
} from "../domain/conversation/fleet-memory.ts";
import type { SessionNews } from "../domain/conversation/session.ts";
import { contactId } from "../domain/event/ids.ts";
import { type EpochMs, epochMs } from "../domain/time.ts";
import { CONVERSATION_SCRIPT } from "./conversation-script.ts";
import type { SharedState } from "./redis.ts";

/** No message is retried for longer, and an end arrives before its start by minutes, not hours. */
const REMEMBERED_MS = 12 * 3_600_000;

/** A try takes half a minute at most; a message that is worked on again renews its claim. */
const CLAIMED_MS = 120_000;

const time = z.number().int().transform(epochMs);
/** A session in Redis. The field `stretch` holds its generation. */
const sessionSchema = z.object({
  startedAt: time.optional(),
  endedAt: time.optional(),
  stretch: z.number().int().optional(),
  attempts: z.number().int().optional(),
  written: z
    .object({
      status: z.enum(["found", "not_found", "ambiguous", "anonymous", "unavailable"]),
      at: time,
    })
    .optional(),
  contactId: contactId.optional(),
  triedContactId: contactId.optional(),
  claimedBy: z.string().optional(),
});
type KnownSession =
  KnownConversation["sessions"] extends ReadonlyMap<SessionKey, infer S> ? S : never;
const flat = z.array(z.string());

/**
 * What a fleet remembers of conversations, in Redis: ids and times, statuses and counts, no address,
 * no name and no history. Each conversation is forgotten 12 h after it was last spoken of. Where
 * Redis cannot be reached (it tells so itself), every worker remembers by itself.
 * @param scope keeps the conversations of different organisations apart.
 * @param claimedMs how long a claim is good that is neither renewed nor released.
 */
export function sharedConversations(
  shared: SharedState,
  scope: string,
  claimedMs = CLAIMED_MS,
): FleetMemory {
  return {
    async exchange(id, news) {
      try {
        const key = `ringahead:conversation:{${scope}:${id}}`;
        return readKnown(
          await shared.run(CONVERSATION_SCRIPT, [key], argumentsOf(news, claimedMs)),
        );
      } catch {
        return undefined;
      }
    },
  };
}

function argumentsOf(
  { agentAt, session }: ConversationNews,
  claimedMs: number,
): (string | number)[] {
  return [
    REMEMBERED_MS,
    agentAt ?? "",
    session?.key ?? "",
    JSON.stringify(session === undefined ? {} : toRedis(session.news)),
    session?.claim ?? "",
    session?.release ?? "",
    claimedMs,
  ];
}

/** @throws {z.ZodError | SyntaxError} where something else than our script has written there. */
function readKnown(reply: unknown): KnownConversation {
  const entries = flat.parse(reply);
  const sessions: [SessionKey, KnownSession][] = [];
  let agentAt: EpochMs | undefined;
  for (let i = 0; i + 1 < entries.length; i += 2) {
    const [field = "", value = ""] = entries.slice(i, i + 2);
    if (field === "agentAt") agentAt = time.parse(Number(value));
    else sessions.push([readKey(field), fromRedis(sessionSchema.parse(JSON.parse(value)))]);
  }
  return { agentAt, sessions: new Map(sessions) };
}

function toRedis({ generation: stretch, ...news }: SessionNews) {
  return { ...news, ...(stretch === undefined ? {} : { stretch }) };
}

function fromRedis({ stretch, ...known }: z.output<typeof sessionSchema>): KnownSession {
  const session = { ...known, ...(stretch === undefined ? {} : { generation: stretch }) };
  // An absent field and an undefined one mean the same here.
  return session as KnownSession;
}

const keySchema = z.templateLiteral([z.string().regex(/^[\w-]{1,64}$/), "/", z.string()]);

function readKey(field: string): SessionKey {
  return keySchema.parse(field.slice("s:".length)) as SessionKey;
}
