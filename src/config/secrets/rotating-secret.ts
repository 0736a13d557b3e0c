import { elapsed, type MonotonicMs, monotonicMs } from "../../domain/time.ts";
import type { Secret } from "../../resilience/sign-in/secret.ts";
import { SecretReadError, type SecretReader } from "./reader.ts";
import type { SecretReference } from "./reference.ts";

export interface RotatingSecretOptions {
  readonly variable: string;
  readonly reference: SecretReference;
  /** The value that was read at start. */
  readonly value: string;
  readonly reader: SecretReader;
  /** What is wrong with a value, in words that hold nothing of it; undefined if it is right. */
  readonly problem: (value: string) => string | undefined;
  readonly now: () => MonotonicMs;
}

/** The shortest interval at which a breaker that is open for a refused login lets a probe through. */
export const READ_AGAIN_AFTER_MS = 60_000;

/**
 * A secret in Secrets Manager that may be rotated without a restart. It is read again when the API
 * refuses its value, once in {@link READ_AGAIN_AFTER_MS} at most.
 */
export function rotatingSecret(options: RotatingSecretOptions): Secret {
  const { variable, reference, reader, now } = options;
  let { value } = options;
  let readAt = monotonicMs(Number.NEGATIVE_INFINITY);
  let because: string | undefined;
  let reading: Promise<void> | undefined;

  async function readAgain(): Promise<void> {
    readAt = now();
    try {
      const read = await reader.read(reference);
      const wrong = options.problem(read);
      because = wrong === undefined ? undefined : `${reference.arn} was changed, but ${wrong}`;
      if (wrong === undefined) value = read;
    } catch (error) {
      because = error instanceof SecretReadError ? error.message : "unexpected error";
    }
  }

  return {
    variable,
    current: () => value,
    async renewed(refused) {
      const isDue = elapsed(readAt, now()) >= READ_AGAIN_AFTER_MS;
      if (value === refused && (reading !== undefined || isDue)) {
        reading ??= readAgain().finally(() => {
          reading = undefined;
        });
        await reading;
      }
      if (value !== refused) return { changed: true, value };
      return because === undefined ? { changed: false } : { changed: false, because };
    },
  };
}
