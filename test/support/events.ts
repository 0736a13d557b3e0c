import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../fixtures/events/", import.meta.url));

/** Names of the sample events. */
export const sampleNames: readonly string[] = readdirSync(FOLDER).map((file) =>
  file.replace(/\.json$/, ""),
);

/** The time of the sample events. */
const SAMPLED_AT = Date.parse("2026-01-02T03:04:05.678Z");

/** The same for all samples, so that a sample that is sent twice is the same event. */
const startedAt = Date.now();

/**
 * The body of an SQS message with a sample event. It has a new id, the start time of this process, and the
 * fields of `eventBody`.
 */
export function sampleBody(
  name: string,
  eventBody: Readonly<Record<string, unknown>> = {},
): string {
  const envelope = JSON.parse(readFileSync(`${FOLDER}${name}.json`, "utf8"));
  envelope.id = crypto.randomUUID();
  const shiftMs = startedAt - SAMPLED_AT;
  const { eventTime } = envelope.detail.eventBody;
  if (eventTime !== undefined) envelope.detail.eventBody.eventTime = eventTime + shiftMs;
  Object.assign(envelope.detail.eventBody, eventBody);
  return JSON.stringify(envelope);
}
