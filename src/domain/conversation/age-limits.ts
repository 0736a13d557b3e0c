const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const CALL_MS = 30 * MINUTE_MS;
const RETRIES_MS = 10 * HOUR_MS;
const WRITTEN_MS = 10 * HOUR_MS;
/** Longer than Genesys Cloud holds events back: an email may lie in its queue over a weekend. */
const EMAIL_MS = 5 * 24 * HOUR_MS;

/** What names no medium is taken for a call. */
function isCall(mediaType: string | undefined): boolean {
  return mediaType === "VOICE" || mediaType === undefined;
}

/**
 * [pure] For how long after its message came a conversation is tried again, in ms: a call is over
 * sooner than an email is answered, and SQS holds no message back for more than 12 h.
 */
export function retryWindowMs(mediaType: string | undefined): number {
  return isCall(mediaType) ? CALL_MS : RETRIES_MS;
}

/**
 * [pure] Whether a conversation of this kind is too old for its history to help anybody: calls after
 * minutes, emails after days. A start in the future is a matter of clocks, and not too old.
 */
export function isExpired(startedAt: number, mediaType: string | undefined, now: number): boolean {
  return now - startedAt > ageLimitMs(mediaType);
}

function ageLimitMs(mediaType: string | undefined): number {
  if (isCall(mediaType)) return CALL_MS;
  return mediaType === "EMAIL" ? EMAIL_MS : WRITTEN_MS;
}
