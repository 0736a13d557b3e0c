/** What is kept of one request to a simulator. */
export interface RecordedCall {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  /** When it arrived, epoch ms. */
  readonly at: number;
  /** The status answered; undefined while under way, and where a fault left no whole answer. */
  readonly status: number | undefined;
  /** The kind of the fault that it met. */
  readonly fault: string | undefined;
}

/** The record of one call while it is under way. */
export interface CallUnderWay<Call> {
  /** Adds what became known of the call. */
  note(facts: Partial<Call>): void;
  /** Its answer is on the way; undefined where there will be no whole one. */
  answered(status: number | undefined): void;
}

export interface WaitOptions {
  /** How many matching calls are waited for; 1 unless told. */
  readonly count?: number;
  /** Ends the wait; the promise rejects with its reason. */
  readonly signal?: AbortSignal;
}

/** Every call to one simulator, oldest first, and a way to wait for one without sleeping. */
export interface CallRecord<Call extends RecordedCall> {
  /** The latest calls, as many as are kept. */
  readonly calls: readonly Call[];
  begin(call: Call): CallUnderWay<Call>;
  /**
   * Resolves with the first `count` calls that match, in the order in which they came to match.
   * Calls of the past count too; those under way are looked at again with each fact noted.
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

/** @param keep how many calls are kept at most; the oldest are forgotten first */
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
      const giveUp = () => reject(signal?.reason);
      signal?.addEventListener("abort", giveUp, { once: true });
      try {
        return await promise;
      } finally {
        waiters.delete(waiter);
        signal?.removeEventListener("abort", giveUp);
      }
    },
  };
}
