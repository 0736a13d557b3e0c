/** A uniform sample of the distinct keys that were offered. */
export interface DistinctSample<Value> {
  get(key: string): Value | undefined;
  /** A key in the sample gets the new value. @returns whether the key is in the sample now */
  offer(key: string, value: Value): boolean;
  /** @returns whether the key was in the sample */
  remove(key: string): boolean;
  /** In the order of {@link SampleOptions.orderOf}. */
  values(): readonly Value[];
}

export interface SampleOptions {
  /** The most keys. */
  readonly limit: number;
  /** A number that depends on the key alone, as a hash does: the keys with the lowest ones are kept. */
  readonly orderOf: (key: string) => number;
}

/**
 * [pure] A sample in constant memory. A key that is offered often is no likelier to be in it than one
 * that is offered once, because its place in the order is always the same. The union of two samples with
 * the same order is again such a sample, so it can continue after a restart.
 */
export function createDistinctSample<Value>({
  limit,
  orderOf,
}: SampleOptions): DistinctSample<Value> {
  const kept = new Map<string, { readonly order: number; readonly value: Value }>();
  const sorted = () => [...kept].toSorted(([, a], [, b]) => a.order - b.order);
  /** The highest order in a full sample. */
  let highest: readonly [key: string, order: number] | undefined;

  function findHighest(): void {
    const last = kept.size < limit ? undefined : sorted().at(-1);
    highest = last === undefined ? undefined : [last[0], last[1].order];
  }

  return {
    get: (key) => kept.get(key)?.value,
    offer(key, value) {
      const known = kept.get(key);
      if (known !== undefined) {
        kept.set(key, { order: known.order, value });
        return true;
      }
      const order = orderOf(key);
      if (highest !== undefined) {
        if (order >= highest[1]) return false;
        kept.delete(highest[0]);
      }
      kept.set(key, { order, value });
      findHighest();
      return true;
    },
    remove(key) {
      const removed = kept.delete(key);
      if (removed) findHighest();
      return removed;
    },
    values: () => sorted().map(([, { value }]) => value),
  };
}
