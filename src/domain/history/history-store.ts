import type { Call } from "../call.ts";
import type { Identity } from "../identity/identity.ts";
import type { EpochMs } from "../time.ts";
import type { History } from "./history.ts";

/** A history, and when Oracle gave it (epoch ms). */
export interface StoredHistory {
  readonly history: History;
  readonly asOf: EpochMs;
}

/** Histories that other workers have looked up. Neither method rejects. */
export interface HistoryStore {
  get(identityKey: string): Promise<StoredHistory | undefined>;
  /** It expires by itself. */
  set(identityKey: string, kept: StoredHistory): Promise<void>;
}

export interface DatedHistory extends StoredHistory {
  /** True where no request was made for it. */
  readonly cached: boolean;
}

/** What the lookup of one identity costs at most: nothing, where it was looked up lately. */
export interface CachedHistory {
  /** @throws {Failure} as {@link HistorySource.find} does; failures are not kept. */
  find(identity: Identity, call: Call): Promise<DatedHistory>;
}
