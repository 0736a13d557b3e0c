/** What happens next in a simulation, by time. */
export interface Agenda {
  readonly now: number;
  at(time: number, what: () => void): void;
  /** Lets everything happen, up to `until`. */
  run(until: number): void;
}

interface Item {
  readonly time: number;
  readonly what: () => void;
}

/** A simulation's clock; what is due at the same time happens in the order in which it was put down. */
export function createAgenda(): Agenda {
  /** Latest first, so that the next one is taken from the end. */
  const items: Item[] = [];
  let now = 0;
  return {
    get now() {
      return now;
    },
    at(time, what) {
      const due = Math.max(time, now);
      let low = 0;
      let high = items.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((items[middle]?.time ?? 0) > due) low = middle + 1;
        else high = middle;
      }
      items.splice(low, 0, { time: due, what });
    },
    run(until) {
      for (let next = items.pop(); next !== undefined; next = items.pop()) {
        if (next.time > until) return;
        now = next.time;
        next.what();
      }
    },
  };
}
