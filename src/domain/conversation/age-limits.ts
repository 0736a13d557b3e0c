import type { EpochMs } from "../time.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const CALL_MS = 30 * MINUTE_MS;
const RETRIES_MS = 10 * HOUR_MS;
const WRITTEN_MS = 10 * HOUR_MS;
/** Longer than Genesys Cloud holds events back: an email may wait in its queue over a weekend. */
const EMAIL_MS = 5 * 24 * HOUR_MS;

/** An event that names no medium counts as a call. */
function isCall(mediaType: string | undefined): boolean {
  return mediaType === "VOICE" || mediaType === undefined;
}

/**
 * [pure] How long after its message was sent a conversation is retried, in ms. Calls end sooner than
 * emails are answered, and SQS hides no message for more than 12 h.
 */
export function retryWindowMs(mediaType: string | undefined): number {
  return isCall(mediaType) ? CALL_MS : RETRIES_MS;
}

/**
 * [pure] Whether a conversation is too old for its history to help: calls after minutes, emails after
 * days. A start in the future means that clocks differ; it is not too old.
 */
export function isExpired(
  startedAt: EpochMs,
  mediaType: string | undefined,
  now: EpochMs,
): boolean {
  return now - startedAt > ageLimitMs(mediaType);
}

function ageLimitMs(mediaType: string | undefined): number {
  if (isCall(mediaType)) return CALL_MS;
  return mediaType === "EMAIL" ? EMAIL_MS : WRITTEN_MS;
}
