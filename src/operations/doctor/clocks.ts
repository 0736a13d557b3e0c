import { about, type Finding } from "./finding.ts";

/** How far this machine is before a server's clock, in ms; undefined where that said nothing. */
export interface Clock {
  readonly of: string;
  readonly awayMs: number | undefined;
}

const WARN_MS = 60_000;
/** AWS refuses requests that are signed at another time. */
const REFUSED_MS = 5 * 60_000;

/** [pure] This machine's clock beside the others'. */
export function checkClocks(clocks: readonly Clock[]): readonly Finding[] {
  const tell = about("clock");
  const told = clocks.flatMap(({ of, awayMs }) => (awayMs === undefined ? [] : [{ of, awayMs }]));
  if (told.length === 0) return [tell.skipped("nobody told the time")];
  const farthest = told.reduce((a, b) => (Math.abs(b.awayMs) > Math.abs(a.awayMs) ? b : a));
  const seconds = Math.round(farthest.awayMs / 1000);
  const what = `this machine is ${Math.abs(seconds)} s ${seconds < 0 ? "behind" : "before"} ${farthest.of}`;
  const trouble = {
    what,
    why: "Calls are taken for old ones and left, or AWS refuses signed requests.",
    cure: "Set the clock by NTP (chrony; on Fargate it is).",
  };
  const away = Math.abs(farthest.awayMs);
  if (away > REFUSED_MS) return [tell.broken(trouble)];
  return [away > WARN_MS ? tell.warning(trouble) : tell.ok(`within ${Math.abs(seconds)} s`)];
}
