import type { PanelView } from "./view.ts";

/** How the last look at the conversation went. */
export interface LastLook {
  readonly state: PanelView["state"];
  readonly ended: boolean;
  /** How many have failed, one after the other. */
  readonly failures: number;
  /** What the server asked for. */
  readonly retryAfterMs: number | undefined;
}

/** While there is something to hope for. */
const SOON_MS = 3_000;
const LATER_MS = 20_000;
const LONGEST_MS = 60_000;

/**
 * [pure] When the page looks again, in ms; undefined where nothing will change any more. It spends the
 * agent's own budget of requests.
 */
export function nextLookMs({ state, ended, failures, retryAfterMs }: LastLook): number | undefined {
  if (failures > 0) {
    return Math.max(retryAfterMs ?? 0, Math.min(LONGEST_MS, SOON_MS * 2 ** (failures - 1)));
  }
  if (ended) return undefined;
  return state === "waiting" || state === "unavailable" ? SOON_MS : LATER_MS;
}
