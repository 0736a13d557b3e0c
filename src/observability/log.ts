import { type DestinationStream, pino } from "pino";
import { type FactName, type Facts, levels, type Report } from "./facts/facts.ts";
import { loggable } from "./facts/line.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";

/** Standard output, written synchronously, so that a kill loses no line. */
export function standardOutput(): DestinationStream {
  return pino.destination({ fd: 1, sync: true });
}

/**
 * Logs facts as JSON lines: `level`, `time` (ISO 8601, UTC), `worker`, `fact`, and the fields that the
 * schema of the fact names.
 * @param worker identifies this worker's lines
 */
export function logFacts(
  level: LogLevel,
  destination: DestinationStream = standardOutput(),
  worker?: string,
): Report {
  const logger = pino(
    {
      level,
      base: worker === undefined ? null : { worker },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  return <N extends FactName>(fact: N, fields: Facts[N]) => {
    const factLevel = levels[fact];
    if (!logger.isLevelEnabled(factLevel)) return;
    const allowed = loggable(fact, fields);
    if (allowed === undefined)
      logger.error({ defect: `a field of ${fact} does not match its schema` });
    else logger[factLevel]({ fact, ...allowed });
  };
}
