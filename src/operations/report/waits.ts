import type { LogLine } from "../../observability/facts/line.ts";
import { createHistogram } from "./histogram.ts";

/** Waits in the backlog. */
export interface Waits {
  /** Joined the backlog because they could not start at once. */
  readonly joined: number;
  /** The largest backlog of one worker. */
  readonly longestLine: number;
  /** The median wait before first attempts; absent if none started. */
  readonly medianMs?: number;
  readonly longestMs: number;
  /** Attempts that yielded to conversations without an agent. */
  readonly yielded: number;
  /** Requeued because the backlog was full. */
  readonly madeRoom: number;
  /** Requeued by a stopping worker. */
  readonly givenBack: number;
  /** Deliveries after the first one: the message was requeued, or its worker was killed. */
  readonly redelivered: number;
}

/** Counts waits, deferrals and redeliveries. */
export function countWaits() {
  const histogram = createHistogram();
  const counts = { joined: 0, longestLine: 0, longestMs: 0, yielded: 0, madeRoom: 0, givenBack: 0 };
  let redelivered = 0;

  return {
    take(line: LogLine): void {
      switch (line.fact) {
        case "event.received":
          if (line.receiveCount > 1) redelivered += 1;
          break;
        case "backlog.joined":
          counts.joined += 1;
          counts.longestLine = Math.max(counts.longestLine, line.waiting);
          break;
        case "enrichment.begun":
          // Later attempts wait for the time of their retry, not for budget.
          if (line.attempt > 1) break;
          histogram.add(line.waitedMs);
          counts.longestMs = Math.max(counts.longestMs, line.waitedMs);
          break;
        case "enrichment.yielded":
          counts.yielded += 1;
          break;
        case "backlog.made_room":
          counts.madeRoom += 1;
          break;
        case "backlog.given_back":
          counts.givenBack += 1;
          break;
        default:
      }
    },
    waits(): Waits {
      const medianMs = histogram.median();
      return { ...counts, redelivered, ...(medianMs === undefined ? {} : { medianMs }) };
    },
  };
}
