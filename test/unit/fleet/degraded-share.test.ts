import fc from "fast-check";
import { expect, it } from "vitest";
import { degradedShare } from "../../../src/fleet/degraded-share.ts";

const workers = fc.array(fc.nat({ max: 60 }), { minLength: 1, maxLength: 12 });

it("workers without the lease table never hold more than the limit together", () => {
  fc.assert(
    fc.property(
      workers,
      fc.nat({ max: 400 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (owns, spare, ownLeft) => {
        const used = owns.reduce((sum, own) => sum + own, 0);
        const limit = used + spare;
        const known = owns.map((own) => ({ limit, left: spare, workers: owns.length, own }));
        const first = known.map((each) =>
          degradedShare(each, Math.round(each.own * ownLeft), true),
        );
        expect(first.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(limit);
        const later = known.map((each) => degradedShare(each, 0, false));
        expect(later.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(limit);
        // At the end of the first window no worker holds more than it may hold after it.
        const last = known.map((each) => degradedShare(each, 0, true));
        for (const each of last) expect(each).toBeLessThanOrEqual(Math.floor(limit / owns.length));
      },
    ),
  );
});
