import type { HistoryStatus } from "../../domain/summary/summarise.ts";

/** The result of a sample conversation: the status that is written, or why nothing is written. */
export type SampleEnding = HistoryStatus | "ended" | "dead_letter";

/** A further event of a sample conversation. */
export interface SampleEvent {
  /** After the start. */
  readonly afterMs: number;
  readonly topic: "customerEnd" | "contact" | "userStart" | "customerStart";
  /** Fields of the event's body besides the ids. */
  readonly body?: Readonly<Record<string, unknown>>;
}

/** One sample conversation. */
export interface SampleConversation {
  readonly title: string;
  readonly channel: string;
  readonly expected: SampleEnding;
  /** Fields of the start event's body besides the ids. Undefined if the message is not an event. */
  readonly start: Readonly<Record<string, unknown>> | undefined;
  readonly later?: readonly SampleEvent[];
  /** When the agent connects, after the start. Undefined if no agent connects. */
  readonly agentAfterMs?: number;
  /** How many searches Oracle refuses before it answers. Default: 0. */
  readonly oracleRefuses?: number;
}

/** An external contact in Genesys. Oracle has a customer with its number. */
export const sampleContact = {
  id: "c4770c78-9fb0-5760-9c44-aeb6debdd8ae",
  cellPhone: { e164: "+15550100007" },
} as const;

const RINGING_MS = 6_000;
const inbound = { mediaType: "VOICE", provider: "Edge", direction: "INBOUND" };
const message = { mediaType: "MESSAGE", provider: "PureCloud Messaging", direction: "INBOUND" };
const dnis = "tel:+18005550123";

/** Her agent dials somebody else while she is there. That leg is left alone: nothing is asked or written. */
const consult: SampleEvent = {
  afterMs: 2 * RINGING_MS,
  topic: "customerStart",
  body: {
    participantId: "5a0c1a52-52c5-5f5f-a3b8-0e0f6a9b8c01",
    sessionId: "5a0c1a52-52c5-5f5f-a3b8-0e0f6a9b8c02",
    direction: "OUTBOUND",
    ani: "sip:642c404d6bdd551ab7a27c54+acme.orgspan.com@localhost",
    dnis: "tel:+442071838750",
  },
};

/** The sample conversations: every channel, every status, and typical problems. */
export const sampleConversations: readonly SampleConversation[] = [
  {
    title: "Tim, while Oracle is down",
    channel: "voice in",
    expected: "found",
    start: { ...inbound, ani: "tel:+15550100008", dnis },
    agentAfterMs: 3 * RINGING_MS,
    oracleRefuses: 3,
  },
  {
    title: "Ada calls",
    channel: "voice in",
    expected: "found",
    start: { ...inbound, ani: "tel:+15550199999", dnis },
    agentAfterMs: RINGING_MS,
    later: [
      // Genesys and SQS both deliver at least once.
      { afterMs: 300, topic: "customerStart" },
      consult,
    ],
  },
  {
    title: "Grace calls through her own SIP carrier",
    channel: "voice in",
    expected: "found",
    start: { ...inbound, ani: "sip:+442071838750@10.20.30.40;user=phone", dnis },
    agentAfterMs: RINGING_MS,
  },
  {
    title: "call to Hedy or George",
    channel: "voice out",
    expected: "ambiguous",
    start: { ...inbound, direction: "OUTBOUND", ani: dnis, dnis: "tel:+4930901820" },
    agentAfterMs: RINGING_MS,
  },
  {
    title: "withheld number",
    channel: "voice in",
    expected: "anonymous",
    start: { ...inbound, ani: "sip:anonymous@anonymous.invalid", dnis },
    agentAfterMs: RINGING_MS,
  },
  {
    title: "internal extension",
    channel: "voice in",
    expected: "anonymous",
    start: { ...inbound, ani: "sip:5c1f0a9b8e7d6c5b4a392817+acme.orgspan.com@localhost", dnis },
    agentAfterMs: RINGING_MS,
  },
  {
    title: "unknown caller",
    channel: "voice in",
    expected: "not_found",
    start: { ...inbound, ani: "tel:+15550100042", dnis },
    agentAfterMs: RINGING_MS,
  },
  {
    title: "caller hangs up at once",
    channel: "voice in",
    expected: "ended",
    start: { ...inbound, ani: "tel:+15550100043", dnis },
    later: [{ afterMs: 400, topic: "customerEnd", body: { disconnectType: "PEER" } }],
  },
  {
    title: "Ada writes",
    channel: "email",
    expected: "found",
    start: {
      mediaType: "EMAIL",
      provider: "PureCloud Email",
      direction: "INBOUND",
      addressFrom: "Ada.Example@Example.com",
      addressTo: "support@acme.example",
      subject: "My printer is on fire",
    },
  },
  {
    title: "Konrad, stored as 0170…",
    channel: "whatsapp",
    expected: "found",
    start: { ...message, messageType: "WHATSAPP", addressFrom: "491701234567" },
  },
  {
    title: "Mary",
    channel: "sms",
    expected: "found",
    start: { ...message, messageType: "SMS", addressFrom: "+15550100006" },
  },
  {
    title: "visitor known to Genesys",
    channel: "web messaging",
    expected: "found",
    start: {
      ...message,
      messageType: "WEBMESSAGING",
      addressFrom: "5f50dce9-65a1-5bd9-9544-81ccb33d738e",
      externalContactId: sampleContact.id,
    },
  },
  {
    title: "visitor who signs in later",
    channel: "web messaging",
    expected: "found",
    start: {
      ...message,
      messageType: "WEBMESSAGING",
      addressFrom: "e2f7bb1c-3c3a-5d33-8d59-0f8d2d6d7c11",
    },
    later: [{ afterMs: 2_500, topic: "contact", body: { externalContactId: sampleContact.id } }],
  },
  {
    title: "unknown visitor",
    channel: "chat",
    expected: "anonymous",
    start: { mediaType: "CHAT", provider: "PureCloud Webchat v2", direction: "INBOUND" },
  },
  {
    title: "unknown channel",
    channel: "hologram",
    expected: "found",
    start: { mediaType: "HOLOGRAM", direction: "INBOUND", addressFrom: "tel:+15550100006" },
  },
  {
    title: "Ada asks for a callback",
    channel: "callback",
    expected: "found",
    start: {
      mediaType: "CALLBACK",
      provider: "PureCloud Callback",
      direction: "INBOUND",
      callbackNumbers: ["+1 (555) 019-9999"],
    },
  },
  {
    title: "not an event",
    channel: "stray message",
    expected: "dead_letter",
    start: undefined,
  },
];
