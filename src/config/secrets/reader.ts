import type { SecretReference } from "./reference.ts";

/** Reads secrets from a store. */
export interface SecretReader {
  /**
   * The present value.
   * @throws {SecretReadError}
   */
  read(reference: SecretReference): Promise<string>;
}

/** A secret could not be read. The message says why and what to do, and holds nothing of its value. */
export class SecretReadError extends Error {
  override readonly name = "SecretReadError";
}
