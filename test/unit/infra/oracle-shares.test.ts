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
] as const)("%s, %i at once, %i of them lookups: %j", (size, cap, lookups, expected) => {
  const shares = oracleShares(cap, lookups, sizes[size]);
  expect(shares).toMatchObject(expected);
  expect(shares.mostTasks * shares.eachWorker + lookups).toBeLessThanOrEqual(cap);
});

it("says which value is too small", () => {
  expect(() => oracleShares(2, 1, sizes.prod)).toThrow("-c oracleConcurrency=2 is too small");
});
