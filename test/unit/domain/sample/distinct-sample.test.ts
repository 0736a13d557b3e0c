import { describe, expect, it } from "vitest";
import { seededOrder } from "../../../../src/app/seeded-order.ts";
import { createDistinctSample } from "../../../../src/domain/sample/distinct-sample.ts";

const sampleOf = (limit: number, seed = "test") =>
  createDistinctSample<string>({ limit, orderOf: seededOrder(seed) });
const keys = (count: number) => Array.from({ length: count }, (_, n) => `key ${n}`);

describe("a sample of distinct keys", () => {
  it("has every key if there are few", () => {
    const sample = sampleOf(10);
    for (const key of keys(7)) sample.offer(key, key);
    expect(sample.values().toSorted()).toEqual(keys(7));
  });

  it("never has more than its limit, and each key once", () => {
    const sample = sampleOf(50);
    for (const key of [...keys(2_000), ...keys(2_000)]) sample.offer(key, key);
    expect(new Set(sample.values()).size).toBe(50);
    expect(sample.values()).toHaveLength(50);
  });

  it("is uniform: a key that comes twenty times is as likely as one that comes once", () => {
    let frequent = 0;
    for (let seed = 0; seed < 100; seed += 1) {
      const sample = sampleOf(10, `seed ${seed}`);
      // Half of the 100 keys come often.
      for (const [n, key] of keys(100).entries()) {
        for (let times = 0; times < (n % 2 === 0 ? 20 : 1); times += 1) sample.offer(key, key);
      }
      frequent += sample.values().filter((key) => Number(key.slice(4)) % 2 === 0).length;
    }
    // 1,000 draws of one half: the standard deviation is below 16.
    expect(Math.abs(frequent - 500)).toBeLessThan(80);
  });

  it("is the same whatever the order of the keys, and continues where an earlier one ended", () => {
    const whole = sampleOf(20);
    for (const key of keys(500)) whole.offer(key, key);
    const first = sampleOf(20);
    for (const key of keys(500).slice(0, 300)) first.offer(key, key);
    const second = sampleOf(20);
    for (const key of first.values()) second.offer(key, key);
    for (const key of keys(500).slice(300).toReversed()) second.offer(key, key);
    expect(second.values()).toEqual(whole.values());
  });

  it("takes the latest value of a key, and can lose one", () => {
    const sample = sampleOf(2);
    sample.offer("a", "1");
    expect(sample.offer("a", "2")).toBe(true);
    expect(sample.get("a")).toBe("2");
    expect([sample.remove("a"), sample.remove("a"), sample.get("a")]).toEqual([
      true,
      false,
      undefined,
    ]);
  });

  it("fills a place that became free", () => {
    const sample = sampleOf(2);
    for (const key of keys(50)) sample.offer(key, key);
    const [lost = ""] = sample.values();
    sample.remove(lost);
    expect(sample.offer("another", "x")).toBe(true);
    expect(sample.values()).toHaveLength(2);
  });
});
