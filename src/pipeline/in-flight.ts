import type { Progress } from "./attempt.ts";
import { RECENT_MS } from "./backlog/admission.ts";

/** How far the tries under way have come, and how long a lookup takes. */
export interface InFlightStats {
  /** Tries whose customer is being looked up. */
  readonly lookingUp: number;
  /** Tries whose attributes are still to be written. */
  readonly unwritten: number;
  /** How long a lookup takes that asks Oracle, in ms: the latest count most. */
  readonly lookupMs: number;
  /** Lookups begun in the last {@link RECENT_MS}. */
  readonly startedRecently: number;
  /** A try begins. `moved` is told whenever it has come further. */
  begin(looksUp: boolean, moved: () => void): Steps;
}

/** What a try tells of itself. */
export interface Steps extends Pick<Progress, "lookedUp" | "written"> {
  readonly ended: () => void;
}

/** Until the first lookup has told: what Oracle takes under load (docs/reference/oracle.md). */
const FIRST_GUESS_MS = 2_000;
const SHARE_OF_LATEST = 0.2;

/** [pure] */
export function createInFlightStats(now: () => number): InFlightStats {
  const lookingUp = new Set<symbol>();
  const unwritten = new Set<symbol>();
  /** When each began, oldest first. */
  const begun: number[] = [];
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
      const since = now() - RECENT_MS;
      const first = begun.findIndex((at) => at > since);
      begun.splice(0, first === -1 ? begun.length : first);
      return begun.length;
    },
    begin(looksUp, moved) {
      const begunAt = now();
      const id = Symbol("try");
      if (looksUp) {
        lookingUp.add(id);
        begun.push(begunAt);
      }
      unwritten.add(id);
      return {
        lookedUp(cached) {
          if (!lookingUp.delete(id)) return;
          if (!cached) lookupMs += SHARE_OF_LATEST * (now() - begunAt - lookupMs);
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
