import { onlyTexts } from "../event/only-texts.ts";
import {
  customerOf,
  type OutsideSession,
  originOf,
  type Part,
  partOfParticipant,
} from "./parties.ts";

/** One communication of a participant. */
interface MediaSession {
  /** As events name it: `VOICE`, `CALLBACK`, `EMAIL`, `MESSAGE` or `CHAT`. */
  readonly mediaType: string;
  readonly direction: string | undefined;
  /** `WHATSAPP`, `SMS`, … */
  readonly messageType: string | undefined;
  readonly fromAddress: string | undefined;
  readonly toAddress: string | undefined;
  readonly callbackNumbers: readonly string[];
}

/** A participant of a conversation, as the Platform API has it. */
export interface ConversationParticipant {
  /** Its place in the list if Genesys gives no id. */
  readonly id: string;
  readonly direction: string | undefined;
  readonly ani: string | undefined;
  readonly dnis: string | undefined;
  readonly address: string | undefined;
  /** Its own external contact. */
  readonly externalContactId: string | undefined;
  readonly hasLeft: boolean;
  readonly attributes: Readonly<Record<string, string>>;
  readonly media: readonly MediaSession[];
  /** Empty for agents, flows and queues, and for anyone who monitors, coaches, barges in or consults. */
  readonly sessions: readonly OutsideSession[];
}

/** A conversation, as the Platform API has it. */
export interface ConversationAnswer {
  readonly hasEnded: boolean;
  readonly participants: readonly ConversationParticipant[];
}

/**
 * [pure] Reads the body of `GET /api/v2/conversations/{id}`. A field of another type costs only itself.
 * Undefined if the body is not an object. It uses no library: the panel's page imports it.
 */
export function readConversationAnswer(body: unknown): ConversationAnswer | undefined {
  if (!isRecord(body)) return undefined;
  const end = text(body.endTime);
  return {
    hasEnded: end !== undefined,
    participants: records(body.participants).map((one, index) => readParticipant(one, index, end)),
  };
}

/** [pure] The customer of a conversation (see {@link customerOf}); undefined if it has none. */
export function customerIn(answer: ConversationAnswer): ConversationParticipant | undefined {
  const id = customerOf(outsideSessions(answer));
  return answer.participants.find((one) => one.id === id && one.sessions.length > 0);
}

/** [pure] The part of a participant; undefined if it is no party outside the org. */
export function partIn(
  answer: ConversationAnswer,
  { id, sessions }: ConversationParticipant,
): Part | undefined {
  return sessions.length === 0 ? undefined : partOfParticipant(id, outsideSessions(answer));
}

function outsideSessions({ participants }: ConversationAnswer): readonly OutsideSession[] {
  return participants.flatMap(({ sessions }) => sessions);
}

type Fields = Readonly<Record<string, unknown>>;

/** The lists of a participant's communications, and the media types that events have for them. */
const mediaLists = [
  ["calls", "VOICE"],
  ["callbacks", "CALLBACK"],
  ["emails", "EMAIL"],
  ["messages", "MESSAGE"],
  ["chats", "CHAT"],
] as const;

/** Each names the participant that this one listens to or talks with. */
const joins = [
  "monitoredParticipantId",
  "coachedParticipantId",
  "bargedParticipantId",
  "consultParticipantId",
] as const;

function readParticipant(
  fields: Fields,
  index: number,
  conversationEnd: string | undefined,
): ConversationParticipant {
  const id = text(fields.id) ?? `#${index}`;
  const communications = mediaLists.flatMap(([list, mediaType]) =>
    records(fields[list]).map((one) => ({ one, mediaType })),
  );
  return {
    id,
    direction: text(fields.direction),
    ani: text(fields.ani),
    dnis: text(fields.dnis),
    address: text(fields.address),
    externalContactId: text(fields.externalContactId),
    hasLeft: text(fields.endTime) !== undefined,
    attributes: isRecord(fields.attributes) ? onlyTexts(fields.attributes) : {},
    media: communications.map(({ one, mediaType }) => readMedia(one, mediaType)),
    sessions: isOutside(fields, id)
      ? sessionsOf(id, { ...fields, conversationEnd }, communications)
      : [],
  };
}

/** One session for each communication; one for the participant itself if it has none. */
function sessionsOf(
  participantId: string,
  participant: Fields,
  communications: readonly { readonly one: Fields; readonly mediaType: string }[],
): readonly OutsideSession[] {
  const { startTime, connectedTime, endTime, conversationEnd } = participant;
  const alone = [{ one: {} as Fields, mediaType: undefined }];
  return (communications.length === 0 ? alone : communications).map(({ one, mediaType }) => ({
    participantId,
    origin: originOf({
      mediaType,
      direction: text(one.direction) ?? text(participant.direction),
      ani: text(participant.ani),
    }),
    startedAt: startOf(one) ?? timeOf(startTime) ?? timeOf(connectedTime),
    endedAt: endOf(one, [endTime, conversationEnd]),
  }));
}

function isOutside(fields: Fields, id: string): boolean {
  const purpose = text(fields.purpose)?.toLowerCase();
  if (purpose !== "customer" && purpose !== "external") return false;
  return joins.every((name) => (text(fields[name]) ?? id) === id);
}

function readMedia(fields: Fields, mediaType: string): MediaSession {
  const numbers = Array.isArray(fields.callbackNumbers) ? fields.callbackNumbers : [];
  return {
    mediaType,
    direction: text(fields.direction),
    messageType: text(fields.type),
    fromAddress: addressIn(fields.fromAddress),
    toAddress: addressIn(fields.toAddress),
    callbackNumbers: numbers.filter((number) => text(number) !== undefined),
  };
}

function addressIn(value: unknown): string | undefined {
  if (!isRecord(value)) return undefined;
  return text(value.addressNormalized) ?? text(value.addressRaw);
}

/** The first time that a communication has; undefined if it has none. */
function startOf(fields: Fields): number | undefined {
  const segments = records(fields.segments).map(({ startTime }) => startTime);
  const times = [...segments, fields.startAlertingTime, fields.connectedTime].flatMap(
    (value) => timeOf(value) ?? [],
  );
  return times.length === 0 ? undefined : Math.min(...times);
}

/** `Infinity` if it has ended, and Genesys does not say when. Undefined if it goes on. */
function endOf(fields: Fields, others: readonly unknown[]): number | undefined {
  const ends = [fields.disconnectedTime, ...others];
  const known = ends.map(timeOf).find((time) => time !== undefined);
  if (known !== undefined) return known;
  const hasEnded = [...ends, fields.disconnectType].some((value) => text(value) !== undefined);
  return hasEnded ? Number.POSITIVE_INFINITY : undefined;
}

function timeOf(value: unknown): number | undefined {
  const time = Date.parse(text(value) ?? "");
  return Number.isNaN(time) ? undefined : time;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The objects of a list; a list of another type is empty. */
function records(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
