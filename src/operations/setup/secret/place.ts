import { Failure } from "../../../domain/failure.ts";

/** Where the secret of the worker's OAuth client is stored. No message contains its value. */
export interface SecretPlace {
  /** For people: the file's path, or the secret's name or ARN. */
  readonly description: string;
  /**
   * @returns undefined if nothing is stored
   * @throws {Failure} if it cannot be read, or does not hold a secret of this kind
   */
  read(): Promise<string | undefined>;
  /**
   * Proves that a secret can be stored, as far as possible without one. Call it before anything is created
   * in Genesys Cloud: a secret that cannot be stored is lost.
   * @throws {Failure}
   */
  prepare(): Promise<void>;
  /**
   * Replaces the stored secret.
   * @throws {Failure}
   */
  store(secret: string): Promise<void>;
  /**
   * The value for `GENESYS_CLIENT_SECRET`: a reference, never the secret.
   * @throws {Failure}
   */
  reference(): Promise<string>;
}

export function invalidPlace(message: string, cure: string): Failure {
  return new Failure({
    kind: "misconfigured",
    code: "bad_request",
    source: "worker",
    message,
    cure,
  });
}
