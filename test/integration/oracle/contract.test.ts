import { expect, it } from "vitest";
import {
  type OracleB2c,
  startOracleB2c,
} from "../../../src/sandbox/simulators/oracle-cx/b2c/b2c.ts";
import { startOracleFusion } from "../../../src/sandbox/simulators/oracle-cx/fusion/fusion.ts";
import { startOracleGateway } from "../../../src/sandbox/simulators/oracle-cx/gateway/gateway.ts";
import { contract, type DialectFixture, openWay, phone } from "../../support/oracle-contract.ts";

contract({
  dialect: "gateway",
  start: startOracleGateway,
  customerId: (number) => `C-${number}`,
  requests: {
    found: 2,
    foundInAnotherSpelling: 3,
    notFound: 2,
    ambiguous: 1,
    organisation: 1,
    many: 2,
  },
  manyOpen: { count: 23, exact: true },
  organisationCases: undefined,
  malformed: [
    {},
    { items: [{ firstName: "leaked" }] },
    { items: [{ customerId: "" }] },
    { totalCount: -1, items: [] },
    { totalCount: "3", items: null },
    [],
  ],
});

const b2c: DialectFixture = {
  dialect: "b2c",
  start: startOracleB2c,
  environment: ({ url }) => ({ ORACLE_TOKEN_URL: url }),
  customerId: (number) => String(number),
  requests: {
    found: 1,
    foundInAnotherSpelling: 1,
    notFound: 1,
    ambiguous: 1,
    organisation: 1,
    many: 1,
  },
  manyOpen: { count: 20, exact: false },
  organisationCases: { count: 4, exact: true },
  malformed: [
    {},
    { items: [] },
    { items: [{ rows: [] }] },
    { items: [{ rows: [] }, { rows: [] }, { rows: [] }] },
    { items: [{ rows: [["leaked", null]] }, { rows: [] }] },
    { items: [{ rows: [["1"]] }, { rows: [] }] },
    { items: [{ rows: [["1", null]] }, { rows: [["2", "leaked"]] }] },
  ],
};
contract(b2c);

const fusion: DialectFixture = {
  dialect: "fusion",
  start: startOracleFusion,
  environment: ({ url }) => ({ ORACLE_TOKEN_URL: url }),
  customerId: (number) => `C-${number}`,
  requests: {
    found: 2,
    foundInAnotherSpelling: 2,
    notFound: 1,
    ambiguous: 1,
    organisation: 2,
    many: 2,
  },
  manyOpen: { count: 23, exact: true },
  organisationCases: { count: 4, exact: true },
  malformed: [
    {},
    { items: [{ PartyNumber: "leaked" }] },
    { items: [{ PartyId: "leaked" }] },
    { items: [{ PartyId: 1.5 }] },
    [],
  ],
};
contract(fusion);

it("b2c: respects Oracle's connection pool, and the wait that each answer requires", async () => {
  const limits = { maxConcurrent: 4, nextRequestAfterMs: 50, timing: { latencyMs: () => 5 } };
  let site: OracleB2c | undefined;
  const way = await openWay({
    ...b2c,
    async start(options) {
      site = await startOracleB2c({ ...options, ...limits });
      return site;
    },
  });
  await way.find(phone("+15550199999"));
  for (let i = 0; i < 3; i += 1) await way.find(phone(`+1555010004${i}`));
  expect(site?.tooEarly).toBe(0);
  const callers = Array.from({ length: 30 }, (_, i) => phone(`+155501001${String(10 + i)}`));
  await Promise.all(callers.map((caller) => way.find(caller)));
  expect(site).toMatchObject({ overloaded: 0, counts: { search: 34, token: 1 } });
});
