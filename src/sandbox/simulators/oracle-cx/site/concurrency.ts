/** How many requests are under way at once, and how many may be. */
export interface Concurrency {
  readonly current: number;
  /** The most that there were. */
  readonly peak: number;
  /** Takes a place and returns what gives it back (once, however often called); undefined where all are taken. */
  enter(): (() => void) | undefined;
}

export function createConcurrency(most: number): Concurrency {
  let current = 0;
  let peak = 0;
  return {
    get current() {
      return current;
    },
    get peak() {
      return peak;
    },
    enter() {
      if (current >= most) return undefined;
      current += 1;
      peak = Math.max(peak, current);
      let left = false;
      return () => {
        if (!left) current -= 1;
        left = true;
      };
    },
  };
}
