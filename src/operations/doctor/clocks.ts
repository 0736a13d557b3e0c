import { about, type Finding } from "./finding.ts";

interface Clock {
  readonly server: string;
  /** How far this machine is ahead of the server, in ms; undefined if the server sent no time. */
  readonly offsetMs: number | undefined;
}

const WARN_MS = 60_000;
/** AWS refuses requests that are signed with a time this far from its own. */
const REFUSED_MS = 5 * 60_000;

/** [pure] Compares this machine's clock with the servers'. */
export function checkClocks(clocks: readonly Clock[]): readonly Finding[] {
  const report = about("clock");
  const known = clocks.flatMap(({ server, offsetMs }) =>
    offsetMs === undefined ? [] : [{ server, offsetMs }],
  );
  if (known.length === 0) return [report.skipped("no server sent its time")];
  const farthest = known.reduce((a, b) => (Math.abs(b.offsetMs) > Math.abs(a.offsetMs) ? b : a));
  const seconds = Math.round(farthest.offsetMs / 1000);
  const what = `this machine is ${Math.abs(seconds)} s ${seconds < 0 ? "behind" : "ahead of"} ${farthest.server}`;
  const problem = {
    what,
    why: "Calls count as too old and are skipped, or AWS refuses signed requests.",
    cure: "Synchronize the clock with NTP (chrony); Fargate does this itself.",
  };
  const distanceMs = Math.abs(farthest.offsetMs);
  if (distanceMs > REFUSED_MS) return [report.broken(problem)];
  return [
    distanceMs > WARN_MS ? report.warning(problem) : report.ok(`within ${Math.abs(seconds)} s`),
  ];
}
