const STEP_MS = 100;

/** The median of durations, exact to 100 ms, in memory that does not grow with their number. */
export function createHistogram() {
  const buckets = new Map<number, number>();
  let total = 0;
  return {
    /** Values beyond one hour count as one hour. */
    add(ms: number): void {
      const bucket = Math.round(Math.max(-3_600_000, Math.min(3_600_000, ms)) / STEP_MS);
      buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
      total += 1;
    },
    /** Undefined if there is no value. */
    median(): number | undefined {
      let seen = 0;
      for (const [bucket, count] of [...buckets].toSorted(([a], [b]) => a - b)) {
        seen += count;
        if (seen * 2 >= total) return bucket * STEP_MS;
      }
      return undefined;
    },
  };
}
