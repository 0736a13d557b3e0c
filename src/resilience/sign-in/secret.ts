/** A secret that may be changed where it is kept while we run. Its value belongs in no log and no error. */
export interface Secret {
  /** The environment variable that it was given in, for messages. */
  readonly variable: string;
  /** The value as it is known now. */
  current(): string;
  /**
   * Another value than the one that the other side has refused, where there is one by now. Never
   * rejects: what went wrong is told in `because`.
   */
  renewed(refused: string): Promise<Renewal>;
}

/** What a look for a newer value has brought. */
export type Renewal =
  | { readonly changed: true; readonly value: string }
  | {
      readonly changed: false;
      /** Why nobody could look, in words that are safe to log. */
      readonly because?: string;
    };

/** A secret that was given as it stands: it cannot change without a restart. */
export function fixedSecret(variable: string, value: string): Secret {
  return {
    variable,
    current: () => value,
    renewed: () => Promise.resolve({ changed: false }),
  };
}
