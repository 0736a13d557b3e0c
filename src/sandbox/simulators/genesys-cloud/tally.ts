import type { GenesysCall, GenesysCallKind } from "./call.ts";

/** Number of requests by kind, whatever the answer. */
export type CallCounts = Readonly<Record<GenesysCallKind, number>>;

/** Number of PATCH requests of a conversation. */
export interface PatchCount {
  readonly arrived: number;
  /** Those that were accepted and wrote, even if a fault replaced the answer. */
  readonly written: number;
}

/** Counts the requests to a simulator. */
export interface CallTally {
  readonly counts: CallCounts;
  readonly throttled: number;
  patchesOf(conversationId: string): PatchCount;
  arrived(call: GenesysCall): void;
  wrote(conversationId: string): void;
  throttle(): void;
}

export function createTally(): CallTally {
  const counts = { token: 0, patch: 0, contact: 0, conversation: 0, other: 0 };
  const patches = new Map<string, PatchCount>();
  let throttled = 0;

  function patchesOf(conversationId: string): PatchCount {
    return patches.get(conversationId) ?? { arrived: 0, written: 0 };
  }

  return {
    counts,
    get throttled() {
      return throttled;
    },
    patchesOf,
    arrived({ kind, conversationId }) {
      counts[kind] += 1;
      if (kind !== "patch" || conversationId === undefined) return;
      const { arrived, written } = patchesOf(conversationId);
      patches.set(conversationId, { arrived: arrived + 1, written });
    },
    wrote(conversationId) {
      const { arrived, written } = patchesOf(conversationId);
      patches.set(conversationId, { arrived, written: written + 1 });
    },
    throttle() {
      throttled += 1;
    },
  };
}
