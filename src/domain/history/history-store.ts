import type { Call } from "../call.ts";
import type { Identity } from "../identity/identity.ts";
import type { EpochMs } from "../time.ts";
import type { History } from "./history.ts";

/** A history, and when Oracle returned it. */
export interface StoredHistory {
  readonly history: History;
  readonly asOf: EpochMs;
}

/** Histories that the workers share. No method rejects. */
export interface HistoryStore {
  get(identityKey: string): Promise<StoredHistory | undefined>;
  /** The entry expires. */
  set(identityKey: string, kept: StoredHistory): Promise<void>;
}

export interface DatedHistory extends StoredHistory {
  /** True if no request was made. */
  readonly cached: boolean;
}

/** Looks up histories, through a cache. */
export interface CachedHistory {
  /** @throws {Failure} as {@link HistorySource.find}; failures are not cached. */
  find(identity: Identity, call: Call): Promise<DatedHistory>;
}
