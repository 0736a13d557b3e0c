import type { BudgetState } from "../../domain/api-state.ts";
import type { SlotDemand } from "./leases.ts";

/** The right to send one request. */
export interface Slot {
  readonly id: string;
}

/** Rate-limit information from response headers. */
export interface RateLimitInfo {
  /** The requests that are allowed in a window. */
  readonly allowed?: number | undefined;
  /** The requests of everybody that the server has counted in its current window. */
  readonly count?: number | undefined;
  /** Until that window ends, in ms, rounded up to whole seconds. */
  readonly resetMs?: number | undefined;
  /** No request may be sent for this time, in ms. */
  readonly pauseMs?: number | undefined;
}

export interface SlotGrant {
  /** At most as many as wanted. */
  readonly slots: readonly Slot[];
  /** If fewer were granted: when to try again, in ms; `Infinity` for "after the next answer". */
  readonly againInMs: number;
}

/** What a budget reports about itself. */
export type BudgetEvent =
  | { readonly kind: "paused"; readonly forMs: number }
  | { readonly kind: "limited"; readonly limit: number; readonly before: number }
  /** Requests that the server has counted and this budget did not grant. */
  | { readonly kind: "foreign"; readonly count: number }
  | { readonly kind: "degraded"; readonly because: string }
  | { readonly kind: "shared"; readonly workers: number };

/** Grants the requests to one API. No method throws or rejects. */
export interface Budget {
  take(wanted: SlotDemand): Promise<SlotGrant>;
  /** As `take`, at once; undefined if only shared state can grant slots. */
  takeNow(wanted: SlotDemand): SlotGrant | undefined;
  /** The request was answered, or failed (`rateLimit` undefined). Its slot comes back a window later. */
  answered(slot: Slot, rateLimit: RateLimitInfo | undefined): void;
  /** The request was not sent. Its slot comes back at once. */
  unused(slot: Slot): void;
  /**
   * The requests that this worker could send until `withinMs` from now, pauses ignored; `Infinity` if
   * they are not limited.
   */
  free(withinMs: number): number;
  /** The API reports that its limit was reached. Half a window counts as spent. */
  limitReached(): void;
  state(): BudgetState;
  close(): void;
}
