import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FOLDER = fileURLToPath(new URL("../fixtures/events/", import.meta.url));

/** Names of the sample events. */
export const sampleNames: readonly string[] = readdirSync(FOLDER).map((file) =>
  file.replace(/\.json$/, ""),
);

/** A sample event as it stands in an SQS message: sent anew, with fields of its body replaced. */
export function sampleBody(
  name: string,
  eventBody: Readonly<Record<string, unknown>> = {},
): string {
  const envelope = JSON.parse(readFileSync(`${FOLDER}${name}.json`, "utf8"));
  envelope.id = crypto.randomUUID();
  Object.assign(envelope.detail.eventBody, eventBody);
  return JSON.stringify(envelope);
}
