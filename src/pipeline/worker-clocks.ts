import type { Clocks, EpochMs } from "../domain/time.ts";

/** The clocks of a worker. */
export interface WorkerClocks extends Clocks {
  /** The clock of events and queue, which may differ from this machine's. */
  readonly eventNow: () => EpochMs;
}
