import fc from "fast-check";
import { expect, it } from "vitest";
import { backoffMs } from "../../../src/resilience/backoff.ts";

const BACKOFF = { firstMs: 1_000, longestMs: 60_000 };
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

it("has full jitter below a ceiling that doubles, on top of the wait that the server requests", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 200 }),
      chance,
      fc.nat(1e7),
      (attempt, random, requestedMs) => {
        const waitMs = backoffMs(attempt, random, BACKOFF, requestedMs);
        const ceiling = Math.min(60_000, 1_000 * 2 ** (attempt - 1));
        expect(waitMs).toBeGreaterThanOrEqual(requestedMs);
        expect(waitMs).toBeLessThanOrEqual(requestedMs + ceiling);
        expect(backoffMs(attempt, 0, BACKOFF)).toBe(0);
      },
    ),
  );
});
