import { Failure } from "../../../domain/failure.ts";

/** Where the secret of Genesys Cloud's OAuth client is kept. Its value is in no message and no error. */
export interface SecretPlace {
  /** For people: the file's path, or the secret's name or ARN. */
  readonly told: string;
  /**
   * What is kept there.
   * @returns undefined where nothing is
   * @throws {Failure} where it cannot be read, or is no secret of this kind
   */
  read(): Promise<string | undefined>;
  /**
   * Proves that a secret can be kept there, as far as that can be without one. To be called before
   * anything is made in Genesys Cloud: what has no place would be lost.
   * @throws {Failure}
   */
  prepare(): Promise<void>;
  /**
   * Keeps it, in place of what was there.
   * @throws {Failure}
   */
  keep(secret: string): Promise<void>;
  /**
   * What goes into `GENESYS_CLIENT_SECRET`.
   * @throws {Failure}
   */
  reference(): Promise<string>;
}

/** The failure of a place that cannot hold a client's secret. */
export function wrongPlace(message: string, cure: string): Failure {
  return new Failure({
    kind: "misconfigured",
    code: "bad_request",
    source: "worker",
    message,
    cure,
  });
}
