import { createHash } from "node:crypto";

/**
 * An order of texts that has nothing to do with what they say: a hash of seed and text, as a whole
 * number below 2^48. The same seed gives the same order.
 */
export function seededOrder(seed: string): (text: string) => number {
  return (text) => createHash("sha256").update(`${seed}\n${text}`).digest().readUIntBE(0, 6);
}
