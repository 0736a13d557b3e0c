/**
 * Genesys Cloud publishes no limit for participant attributes set through its API, only 512,000 bytes
 * a request. These limits are narrower, and ours: a bot flow reads values of at most 256 characters
 * (Genesys Cloud Resource Center, "Set Participant Data action"), attributes stay with a conversation
 * and travel in each of its `attributes` events, and an agent reads one line.
 */

/** UTF-16 units of any value but the history. */
export const MAX_VALUE_LENGTH = 256;

/** UTF-16 units of the history, which no bot flow reads. */
export const MAX_HISTORY_LENGTH = 1000;

/** Cases in the history, where the limits above leave room for so many. */
export const MAX_HISTORY_CASES = 10;

/** Bytes of everything that is written to one conversation, as JSON in UTF-8. */
export const MAX_TOTAL_BYTES = 4096;

/**
 * UTF-16 units of the parts of a line. With these the longest line stays below
 * {@link MAX_VALUE_LENGTH} in every language, so that none loses its end.
 */
export const MAX_PART_LENGTH = {
  name: 30,
  account: 80,
  reference: 32,
  subject: 50,
  status: 30,
} as const;
