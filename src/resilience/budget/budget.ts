import type { BudgetState } from "../../domain/api-state.ts";
import type { SlotDemand } from "./leases.ts";

/** The right to send one request. */
export interface Slot {
  readonly id: string;
}

/** What an answer tells of the budget at the other side. */
export interface RateLimitInfo {
  /** Requests that are allowed in a window. */
  readonly allowed?: number | undefined;
  /** Requests that the server has counted in the present window, whoever made them. */
  readonly count?: number | undefined;
  /** Until that window ends, in ms, rounded up to {@link RESET_STEP_MS}. */
  readonly resetMs?: number | undefined;
  /** Nothing may be sent for so long, in ms. */
  readonly pauseMs?: number | undefined;
}

export interface SlotGrant {
  /** At most as many as were wanted. */
  readonly slots: readonly Slot[];
  /** Where fewer were granted: when to ask again, in ms; `Infinity` for "after the next answer". */
  readonly againInMs: number;
}

/** What a budget reports of itself. */
export type BudgetEvent =
  | { readonly kind: "paused"; readonly forMs: number }
  | { readonly kind: "limited"; readonly limit: number; readonly before: number }
  /** Requests that the server counts and we did not send. */
  | { readonly kind: "foreign"; readonly count: number }
  | { readonly kind: "degraded"; readonly because: string }
  | { readonly kind: "shared"; readonly workers: number };

/** The requests that one API may be sent. No method throws or rejects. */
export interface Budget {
  take(wanted: SlotDemand): Promise<SlotGrant>;
  /** The same with no wait, where nobody else has to be asked; undefined where somebody has. */
  takeNow(wanted: SlotDemand): SlotGrant | undefined;
  /** The request was answered, or failed with nothing told: its slot comes back a window later. */
  answered(slot: Slot, told: RateLimitInfo | undefined): void;
  /** The request was never sent: its slot comes back at once. */
  unused(slot: Slot): void;
  /**
   * How many requests this worker could send until `withinMs` from now, pauses aside; `Infinity`
   * where they are not limited.
   */
  free(withinMs: number): number;
  /** The other side tells of too many requests, whoever made them: half a window counts as spent. */
  limitReached(): void;
  state(): BudgetState;
  close(): void;
}

/** `inin-ratelimit-reset` and `Retry-After` come in whole seconds. */
export const RESET_STEP_MS = 1000;
