import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../fixtures/events/", import.meta.url));

/** Names of the sample events. */
export const sampleNames: readonly string[] = readdirSync(FOLDER).map((file) =>
  file.replace(/\.json$/, ""),
);

/** When the samples happen, by their own time. */
const SAMPLED_AT = Date.parse("2026-01-02T03:04:05.678Z");

/** The same for every sample, so that one that is sent twice is the same event. */
const startedAt = Date.now();

/**
 * A sample event as it stands in an SQS message: sent anew, its own time moved to when this process
 * started, fields of its body replaced.
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
