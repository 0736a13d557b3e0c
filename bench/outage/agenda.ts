/** The events of a simulation, by time. */
export interface Agenda {
  readonly now: number;
  /** Schedules an event. */
  at(time: number, what: () => void): void;
  /** Runs all events until `until`. */
  run(until: number): void;
}

interface Item {
  readonly time: number;
  readonly what: () => void;
}

/** Events of the same time run in the order in which they were scheduled. */
export function createAgenda(): Agenda {
  /** Latest first, so that the next event is at the end. */
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
