/** A secret whose stored value may change while the process runs. Its value must not reach a log or an error. */
export interface Secret {
  /** Its environment variable, for messages. */
  readonly variable: string;
  /** The value that was read last. */
  current(): string;
  /**
   * Looks for another value than `refused`, the one that the API has refused. Never rejects: if reading
   * fails, `because` has the reason.
   */
  renewed(refused: string): Promise<Renewal>;
}

/** The result of a look for another value. */
export type Renewal =
  | { readonly changed: true; readonly value: string }
  | {
      readonly changed: false;
      /** Why it could not be read; safe to log. */
      readonly because?: string;
    };

/** A secret that cannot change before a restart. */
export function fixedSecret(variable: string, value: string): Secret {
  return {
    variable,
    current: () => value,
    renewed: () => Promise.resolve({ changed: false }),
  };
}
