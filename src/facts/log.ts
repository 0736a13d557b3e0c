import { type DestinationStream, pino } from "pino";
import { type FactName, type Facts, levels, type Report } from "./facts.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";

/** Facts as JSON lines: `time` (ISO 8601, UTC), `level`, `fact`, and the fact's own fields. */
export function logFacts(level: LogLevel, destination?: DestinationStream): Report {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination ?? pino.destination({ fd: 1, sync: true }),
  );
  return <N extends FactName>(fact: N, fields: Facts[N]) =>
    logger[levels[fact]]({ fact, ...fields });
}
