import { startOracleB2c } from "../../src/sandbox/oracle/b2c.ts";
import { startOracleGateway } from "../../src/sandbox/oracle/gateway.ts";
import { contract } from "./contract.ts";

contract({
  dialect: "gateway",
  start: startOracleGateway,
  customerId: (number) => `C-${number}`,
  requests: { found: 2, foundInAnotherSpelling: 3, notFound: 2, ambiguous: 1, many: 2 },
  manyOpen: { count: 23, exact: true },
  malformed: [
    {},
    { items: [{ firstName: "leaked" }] },
    { items: [{ customerId: "" }] },
    { totalCount: -1, items: [] },
    [],
  ],
});

contract({
  dialect: "b2c",
  start: startOracleB2c,
  environment: ({ url }) => ({ ORACLE_TOKEN_URL: url }),
  customerId: (number) => String(number),
  requests: { found: 1, foundInAnotherSpelling: 1, notFound: 1, ambiguous: 1, many: 1 },
  manyOpen: { count: 20, exact: false },
  malformed: [
    {},
    { items: [] },
    { items: [{ rows: [] }] },
    { items: [{ rows: [] }, { rows: [] }, { rows: [] }] },
    { items: [{ rows: [["leaked", null]] }, { rows: [] }] },
    { items: [{ rows: [["1"]] }, { rows: [] }] },
    { items: [{ rows: [["1", null]] }, { rows: [["2", "leaked"]] }] },
  ],
});
