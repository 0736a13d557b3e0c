import type { PanelView } from "./view.ts";

/** The result of the last request for the conversation. */
export interface LastPoll {
  readonly state: PanelView["state"];
  readonly ended: boolean;
  /** Requests that have failed in a row. */
  readonly failures: number;
  /** The wait that the server required. */
  readonly retryAfterMs: number | undefined;
}

/** While an update is likely. */
const SOON_MS = 3_000;
const LATER_MS = 20_000;
const LONGEST_MS = 60_000;

/**
 * [pure] The time until the next request, in ms; undefined if nothing will change any more. The requests
 * count against the agent's own rate limit.
 */
export function nextPollMs({ state, ended, failures, retryAfterMs }: LastPoll): number | undefined {
  if (failures > 0) {
    return Math.max(retryAfterMs ?? 0, Math.min(LONGEST_MS, SOON_MS * 2 ** (failures - 1)));
  }
  if (ended) return undefined;
  return state === "waiting" || state === "unavailable" ? SOON_MS : LATER_MS;
}
