import { after, elapsed, type MonotonicMs } from "../domain/time.ts";
import { RECENT_MS } from "./backlog/admission.ts";

/** How far the attempts in progress have come, and how long a lookup takes. */
export interface InFlightStats {
  /** Attempts whose customer is being looked up. */
  readonly lookingUp: number;
  /** Attempts whose attributes are not written yet. */
  readonly unwritten: number;
  /** How long a lookup takes that sends a request to Oracle, in ms: the latest count most. */
  readonly lookupMs: number;
  /** Lookups that started in the last {@link RECENT_MS}. */
  readonly startedRecently: number;
  /** An attempt starts. @param moved called whenever it has come further */
  begin(looksUp: boolean, moved: () => void): AttemptSteps;
}

/** The steps of one attempt. */
interface AttemptSteps {
  /** @param cached whether the lookup cost no request to Oracle */
  readonly lookedUp: (cached: boolean) => void;
  readonly written: () => void;
  readonly ended: () => void;
}

/** Until the first lookup has ended: the time that Oracle takes under load (docs/reference/oracle.md). */
const FIRST_GUESS_MS = 2_000;
const SHARE_OF_LATEST = 0.2;

/** [pure] */
export function createInFlightStats(now: () => MonotonicMs): InFlightStats {
  const lookingUp = new Set<symbol>();
  const unwritten = new Set<symbol>();
  /** When each lookup started, oldest first. */
  const started: MonotonicMs[] = [];
  let lookupMs = FIRST_GUESS_MS;

  return {
    get lookingUp() {
      return lookingUp.size;
    },
    get unwritten() {
      return unwritten.size;
    },
    get lookupMs() {
      return lookupMs;
    },
    get startedRecently() {
      const since = after(now(), -RECENT_MS);
      const first = started.findIndex((at) => at > since);
      started.splice(0, first === -1 ? started.length : first);
      return started.length;
    },
    begin(looksUp, moved) {
      const startedAt = now();
      const id = Symbol("attempt");
      if (looksUp) {
        lookingUp.add(id);
        started.push(startedAt);
      }
      unwritten.add(id);
      return {
        lookedUp(cached) {
          if (!lookingUp.delete(id)) return;
          const tookMs = elapsed(startedAt, now());
          if (!cached) lookupMs += SHARE_OF_LATEST * (tookMs - lookupMs);
          moved();
        },
        written() {
          if (unwritten.delete(id)) moved();
        },
        ended() {
          lookingUp.delete(id);
          unwritten.delete(id);
        },
      };
    },
  };
}
