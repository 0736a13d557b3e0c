/** The record of one request to a simulator. */
export interface RecordedCall {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** When it arrived, epoch ms. */
  readonly at: number;
  /** The status of the answer. Undefined while in progress, and if a fault left the answer incomplete. */
  readonly status: number | undefined;
  /** The kind of the fault that was applied. */
  readonly fault: string | undefined;
}

/** The record of a call in progress. */
export interface CallInProgress<Call> {
  /** Adds facts to the record. */
  note(facts: Partial<Call>): void;
  /** Sets the status of the answer. Undefined if the answer is incomplete. */
  answered(status: number | undefined): void;
}

export interface WaitOptions {
  /** How many matching calls to wait for. Default: 1. */
  readonly count?: number;
  /** Ends the wait: the promise rejects with its reason. Default: 200 s. */
  readonly signal?: AbortSignal;
}

/** Records the calls to one simulator, and waits for calls. */
export interface CallRecord<Call extends RecordedCall> {
  /** The latest calls, oldest first. */
  readonly calls: readonly Call[];
  begin(call: Call): CallInProgress<Call>;
  /**
   * Resolves with the first `count` matching calls, in the order in which they matched. Past calls count
   * too. Calls in progress are matched again after each change.
   */
  waitFor(matches: (call: Call) => boolean, options?: WaitOptions): Promise<readonly Call[]>;
}

interface Entry<Call> {
  call: Call;
}

interface Waiter<Call> {
  readonly matches: (call: Call) => boolean;
  readonly count: number;
  readonly found: Set<Entry<Call>>;
  readonly resolve: (calls: readonly Call[]) => void;
}

const LONGEST_WAIT_MS = 200_000;
/** So many calls are in the error of a wait that was too long. */
const CALLS_TOLD = 20;

/** @param keep maximum number of calls; the oldest are dropped first */
export function createCallRecord<Call extends RecordedCall>(keep = 20_000): CallRecord<Call> {
  const entries: Entry<Call>[] = [];
  const waiters = new Set<Waiter<Call>>();

  function offer(entry: Entry<Call>, waiter: Waiter<Call>): void {
    if (waiter.found.size >= waiter.count || !waiter.matches(entry.call)) return;
    waiter.found.add(entry);
    if (waiter.found.size < waiter.count) return;
    waiters.delete(waiter);
    waiter.resolve([...waiter.found].map(({ call }) => call));
  }

  return {
    get calls() {
      return entries.map(({ call }) => call);
    },
    begin(call) {
      const entry = { call };
      entries.push(entry);
      if (entries.length > keep) entries.shift();
      const offerToAll = () => {
        for (const waiter of waiters) offer(entry, waiter);
      };
      offerToAll();
      return {
        note(facts) {
          entry.call = { ...entry.call, ...facts };
          offerToAll();
        },
        answered(status) {
          entry.call = { ...entry.call, status };
          offerToAll();
        },
      };
    },
    async waitFor(matches, { count = 1, signal } = {}) {
      signal?.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<readonly Call[]>();
      const waiter: Waiter<Call> = { matches, count, found: new Set(), resolve };
      waiters.add(waiter);
      for (const entry of entries) offer(entry, waiter);
      const abort = () => reject(signal?.reason);
      signal?.addEventListener("abort", abort, { once: true });
      const tooLong = () => {
        const last = entries.slice(-CALLS_TOLD).map(({ call }) => JSON.stringify(call));
        const found = `${waiter.found.size} of ${count} calls matched ${matches}`;
        reject(
          new Error([`${found} in ${LONGEST_WAIT_MS} ms. The last calls:`, ...last].join("\n")),
        );
      };
      const timer = signal ? undefined : setTimeout(tooLong, LONGEST_WAIT_MS);
      try {
        return await promise;
      } finally {
        clearTimeout(timer);
        waiters.delete(waiter);
        signal?.removeEventListener("abort", abort);
      }
    },
  };
}
