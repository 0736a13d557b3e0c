const STEP_MS = 100;

/** A median to a tenth of a second, in memory that grows with the spread, not with the count. */
export function createHistogram() {
  const buckets = new Map<number, number>();
  let total = 0;
  return {
    add(ms: number): void {
      const bucket = Math.round(Math.max(-3_600_000, Math.min(3_600_000, ms)) / STEP_MS);
      buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
      total += 1;
    },
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
