import { type DestinationStream, pino } from "pino";
import { type FactName, type Facts, levels, type Report } from "./facts/facts.ts";
import { loggable } from "./facts/line.ts";

export type LogLevel = "debug" | "info" | "warn" | "error";

/** Where the lines go: standard output, line by line, so that none is lost by a kill. */
export function standardOutput(): DestinationStream {
  return pino.destination({ fd: 1, sync: true });
}

/**
 * Facts as JSON lines: `time` (ISO 8601, UTC), `level`, `worker`, `fact`, and the fact's own fields,
 * which are those that its schema names and no others.
 * @param worker tells this worker's lines from those of the others
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
    const loudness = levels[fact];
    if (!logger.isLevelEnabled(loudness)) return;
    const told = loggable(fact, fields);
    if (told === undefined) logger.error({ defect: `a field of ${fact} is not what it should be` });
    else logger[loudness]({ fact, ...told });
  };
}
