import type { Secret } from "../../resilience/sign-in/secret.ts";
import { type SecretReader, SecretUnread } from "./reader.ts";
import type { SecretReference } from "./reference.ts";

export interface KeptSecretOptions {
  readonly variable: string;
  readonly reference: SecretReference;
  /** The value that was read at start. */
  readonly value: string;
  readonly reader: SecretReader;
  /** What is wrong with a value, in words that hold nothing of it; undefined where nothing is. */
  readonly fault: (value: string) => string | undefined;
  /** ms that never go back. */
  readonly now: () => number;
}

/** As often as a breaker that is open for a refused login lets a probe through, at most. */
export const READ_AGAIN_AFTER_MS = 60_000;

/**
 * A secret in Secrets Manager. It is read again when the other side refuses its value, once in
 * {@link READ_AGAIN_AFTER_MS} at most, so that a rotated one is picked up without a restart.
 */
export function keptSecret(options: KeptSecretOptions): Secret {
  const { variable, reference, reader, now } = options;
  let { value } = options;
  let readAt = Number.NEGATIVE_INFINITY;
  let because: string | undefined;
  let underWay: Promise<void> | undefined;

  async function readAgain(): Promise<void> {
    readAt = now();
    try {
      const read = await reader.read(reference);
      const wrong = options.fault(read);
      because = wrong === undefined ? undefined : `${reference.arn} was changed, but ${wrong}`;
      if (wrong === undefined) value = read;
    } catch (error) {
      because = error instanceof SecretUnread ? error.message : "unexpected error";
    }
  }

  return {
    variable,
    current: () => value,
    async renewed(refused) {
      if (value === refused && (underWay !== undefined || now() - readAt >= READ_AGAIN_AFTER_MS)) {
        underWay ??= readAgain().finally(() => {
          underWay = undefined;
        });
        await underWay;
      }
      if (value !== refused) return { changed: true, value };
      return because === undefined ? { changed: false } : { changed: false, because };
    },
  };
}
