const MINUTE_MS = 60_000;
const VOICE_MS = 30 * MINUTE_MS;
const OTHER_MS = 10 * 60 * MINUTE_MS;

/**
 * [pure] How long after its start a conversation's history is still worth writing, in ms: a call is
 * over sooner than an email is answered. What names no medium is taken for a call.
 */
export function worthForMs(mediaType: string | undefined): number {
  return mediaType === "VOICE" || mediaType === undefined ? VOICE_MS : OTHER_MS;
}
