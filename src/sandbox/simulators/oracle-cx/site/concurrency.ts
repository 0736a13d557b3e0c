/** Limits the number of concurrent requests. */
export interface Concurrency {
  readonly current: number;
  /** Maximum of `current` so far. */
  readonly peak: number;
  /** @returns a function that releases the slot (further calls do nothing); undefined if none is free */
  acquire(): (() => void) | undefined;
}

export function createConcurrency(limit: number): Concurrency {
  let current = 0;
  let peak = 0;
  return {
    get current() {
      return current;
    },
    get peak() {
      return peak;
    },
    acquire() {
      if (current >= limit) return undefined;
      current += 1;
      peak = Math.max(peak, current);
      let released = false;
      return () => {
        if (!released) current -= 1;
        released = true;
      };
    },
  };
}
