import type { Readable } from "node:stream";
import { asFailure } from "../../domain/failure.ts";
import { readLog } from "../../observability/read-log.ts";
import { about, type Finding } from "./finding.ts";

const QUIET_MS = 30 * 60_000;

/** Checks in a worker's log when the last event came. `now` is epoch ms. */
export async function checkArrivals(
  log: string | undefined,
  stdin: Readable,
  now: number,
): Promise<Finding> {
  const report = about("last event");
  if (log === undefined) return report.skipped("give a worker's log: --log <file>");
  const why = "Conversations whose events do not arrive get no attributes.";
  const cure = "See NoEvents in docs/how-to/runbook.md.";
  let last: number | undefined;
  try {
    const counts = { lines: 0, characters: 0, unread: 0 };
    for await (const line of readLog(log, stdin, counts, (text) =>
      text.includes("event.received"),
    )) {
      if (line.fact === "event.received") last = Math.max(last ?? 0, Date.parse(line.time));
    }
  } catch (error) {
    const failure = asFailure(error);
    return report.skipped(`${failure.message} ${failure.cure}`);
  }
  if (last === undefined) return report.broken({ what: "the log contains none", why, cure });
  const minutes = Math.round((now - last) / 60_000);
  if (now - last <= QUIET_MS) return report.ok(`${minutes} min ago`);
  return report.warning({ what: `${minutes} min ago`, why, cure });
}
