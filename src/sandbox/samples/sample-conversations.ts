import type { HistoryStatus } from "../../domain/summary/summarise.ts";

/** How a sample conversation is to end: a status written, or nothing written at all. */
export type SampleEnding = HistoryStatus | "ended" | "dead_letter";

/** What a further event of a scene is, and how long after the start it happens, in ms. */
export interface Later {
  readonly afterMs: number;
  readonly topic: "customerEnd" | "contact" | "userStart" | "customerStart";
  /** Fields of the event's body beside the ids. */
  readonly body?: Readonly<Record<string, unknown>>;
}

/** One sample conversation. */
export interface SampleConversation {
  readonly title: string;
  readonly channel: string;
  readonly expected: SampleEnding;
  /** Fields of the start event's body beside the ids; none where the message is no event at all. */
  readonly start: Readonly<Record<string, unknown>> | undefined;
  readonly later?: readonly Later[];
  /** When the agent connects, in ms after the start; never where it is missing. */
  readonly agentAfterMs?: number;
  /** Oracle refuses this many searches before it answers. */
  readonly oracleRefuses?: number;
}

/** The contact whom Genesys knows from a web page; Oracle knows the number. */
export const sampleContact = {
  id: "c4770c78-9fb0-5760-9c44-aeb6debdd8ae",
  cellPhone: { e164: "+15550100007" },
} as const;

const ringing = 6_000;
const inbound = { mediaType: "VOICE", provider: "Edge", direction: "INBOUND" };
const message = { mediaType: "MESSAGE", provider: "PureCloud Messaging", direction: "INBOUND" };
const dnis = "tel:+18005550123";

/** The sample conversations: every channel, every status, and what goes wrong in the field. */
export const sampleConversations: readonly SampleConversation[] = [
  {
    title: "Tim, while Oracle is down",
    channel: "voice in",
    expected: "found",
    start: { ...inbound, ani: "tel:+15550100008", dnis },
    agentAfterMs: 3 * ringing,
    oracleRefuses: 3,
  },
  {
    title: "Ada calls",
    channel: "voice in",
    expected: "found",
    start: { ...inbound, ani: "tel:+15550199999", dnis },
    agentAfterMs: ringing,
    // Genesys and SQS both deliver at least once.
    later: [{ afterMs: 300, topic: "customerStart" }],
  },
  {
    title: "Grace calls through a carrier of her own",
    channel: "voice in",
    expected: "found",
    start: { ...inbound, ani: "sip:+442071838750@10.20.30.40;user=phone", dnis },
    agentAfterMs: ringing,
  },
  {
    title: "Hedy or George is called",
    channel: "voice out",
    expected: "ambiguous",
    start: { ...inbound, direction: "OUTBOUND", ani: dnis, dnis: "tel:+4930901820" },
    agentAfterMs: ringing,
  },
  {
    title: "a withheld number",
    channel: "voice in",
    expected: "anonymous",
    start: { ...inbound, ani: "sip:anonymous@anonymous.invalid", dnis },
    agentAfterMs: ringing,
  },
  {
    title: "an extension of the house",
    channel: "voice in",
    expected: "anonymous",
    start: { ...inbound, ani: "sip:5c1f0a9b8e7d6c5b4a392817+acme.orgspan.com@localhost", dnis },
    agentAfterMs: ringing,
  },
  {
    title: "somebody new",
    channel: "voice in",
    expected: "not_found",
    start: { ...inbound, ani: "tel:+15550100042", dnis },
    agentAfterMs: ringing,
  },
  {
    title: "gives up at once",
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
    title: "a visitor whom Genesys knows",
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
    title: "a visitor who signs in later",
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
    title: "a visitor nobody knows",
    channel: "chat",
    expected: "anonymous",
    start: { mediaType: "CHAT", provider: "PureCloud Webchat v2", direction: "INBOUND" },
  },
  {
    title: "a medium of the future",
    channel: "hologram",
    expected: "found",
    start: { mediaType: "HOLOGRAM", direction: "INBOUND", addressFrom: "tel:+15550100006" },
  },
  {
    title: "Ada wants to be called back",
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
    title: "no event at all",
    channel: "stray message",
    expected: "dead_letter",
    start: undefined,
  },
];
