import { expect, it } from "vitest";
import { oracleShares } from "../../../infra/oracle-shares.ts";
import { sizes } from "../../../infra/sizes.ts";

it.each([
  ["dev", 4, 0, { mostTasks: 1, eachWorker: 4 }],
  ["dev", 16, 2, { mostTasks: 1, eachWorker: 14 }],
  ["prod", 4, 0, { mostTasks: 2, eachWorker: 2 }],
  ["prod", 4, 1, { mostTasks: 2, eachWorker: 1 }],
  ["prod", 16, 0, { mostTasks: 4, eachWorker: 4 }],
  ["prod", 16, 2, { mostTasks: 3, eachWorker: 4 }],
  ["secondary", 16, 0, { mostTasks: 4, eachWorker: 4 }],
] as const)(
  "%s divides %i concurrent requests, %i of them for lookups: %j",
  (size, cap, lookups, expected) => {
    const shares = oracleShares(cap, lookups, sizes[size]);
    expect(shares).toMatchObject(expected);
    expect(shares.mostTasks * shares.eachWorker + lookups).toBeLessThanOrEqual(cap);
  },
);

it("names the value that is too small", () => {
  expect(() => oracleShares(2, 1, sizes.prod)).toThrow("-c oracleConcurrency=2 is too small");
});
