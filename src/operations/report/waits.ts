import type { LogLine } from "../../observability/facts/line.ts";
import { createHistogram } from "./histogram.ts";

/** How conversations waited for their turn. */
export interface Waits {
  /** Found no room at once, and joined the backlog. */
  readonly joined: number;
  /** The most that waited together in one worker. */
  readonly longestLine: number;
  /** Half of the first tries had waited no longer before they began; absent where none began. */
  readonly medianMs?: number;
  readonly longestMs: number;
  /** Let others go first, whose agents had not come yet. */
  readonly yielded: number;
  /** Sent back to the queue because the backlog was full. */
  readonly madeRoom: number;
  /** Given back by a worker that stopped. */
  readonly givenBack: number;
  /** Messages that came again: given back, sent back, or lost by a worker that was killed. */
  readonly redelivered: number;
}

/** Counts who waited, gave way, and came again. */
export function countWaits() {
  const sketch = createHistogram();
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
          // Later tries have waited for their time to come, not for their turn.
          if (line.attempt > 1) break;
          sketch.add(line.waitedMs);
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
      const medianMs = sketch.median();
      return { ...counts, redelivered, ...(medianMs === undefined ? {} : { medianMs }) };
    },
  };
}
