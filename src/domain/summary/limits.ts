/**
 * Ringahead's own limits. Genesys Cloud only limits a request to 512,000 bytes. But a bot flow reads at
 * most 256 characters of a value (Genesys Cloud Resource Center, "Set Participant Data action"), each
 * `attributes` event contains all attributes, and an agent reads one line.
 */

/** UTF-16 units of every value except the history. */
export const MAX_VALUE_LENGTH = 256;

/** UTF-16 units of the history. No bot flow reads it. */
export const MAX_HISTORY_LENGTH = 1000;

/** Cases in the history, if the other limits allow them. */
export const MAX_HISTORY_CASES = 10;

/** Bytes of one write, as JSON in UTF-8. */
export const MAX_TOTAL_BYTES = 4096;

/**
 * UTF-16 units of the parts of a line. With these limits, the longest line is shorter than
 * {@link MAX_VALUE_LENGTH} in every language.
 */
export const MAX_PART_LENGTH = {
  name: 30,
  account: 80,
  reference: 32,
  subject: 50,
  status: 30,
} as const;
