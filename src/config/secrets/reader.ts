import type { SecretReference } from "./reference.ts";

/** Reads secrets where they are kept. */
export interface SecretReader {
  /**
   * The value now.
   * @throws {SecretUnread} where there is none.
   */
  read(reference: SecretReference): Promise<string>;
}

/** A secret could not be read. The message says why and what to do, and holds nothing of its value. */
export class SecretUnread extends Error {
  override readonly name = "SecretUnread";
}
