import { describe, expect, it } from "vitest";
import type { Facts } from "../../../../src/observability/facts/facts.ts";
import { readLine } from "../../../../src/observability/facts/line.ts";
import { customerAdvice } from "../../../../src/operations/report/customer-advice.ts";
import { groupLines } from "../../../../src/operations/report/customer-text.ts";
import { countCustomers } from "../../../../src/operations/report/customers.ts";
import { asText, about as event, line } from "../../../support/log.ts";

type Fields = Facts["customer.looked_up"];

let conversations = 0;

/** A lookup, each of another conversation unless one is named. */
function lookup(changes: Partial<Fields>) {
  conversations += 1;
  const fields: Fields = {
    ...event,
    conversationId: `c-${conversations}`,
    by: "address",
    identifiedBy: "phone",
    country: "DE",
    numberKind: "mobile",
    match: "found",
    cached: false,
    oracleMs: 10,
    ...changes,
  };
  return line("customer.looked_up", fields);
}

const times = (count: number, changes: Partial<Fields>) =>
  Array.from({ length: count }, () => lookup(changes));

function customersOf(lines: readonly ReturnType<typeof lookup>[]) {
  const { take, customers } = countCustomers();
  for (const one of lines) take(one);
  return customers();
}

describe("customers", () => {
  it("are counted by country, kind of number and rank, most frequent first", () => {
    const exact = { matchedBy: "phone:exact" } as const;
    const { groups, foundBy, ...totals } = customersOf([
      ...times(2, { country: "AT", numberKind: "fixed", match: "not_found" }),
      ...times(3, exact),
      ...times(2, { matchedBy: "phone:national" }),
      ...times(1, { match: "ambiguous" }),
      ...times(1, { identifiedBy: "email", country: undefined, matchedBy: "email:exact" }),
    ]);
    expect(totals).toEqual({
      ...{ conversations: 9, exact: 4, national: 2, otherwise: 0, ambiguous: 1, notFound: 2 },
    });
    expect(groups).toEqual([
      {
        ...{ country: "DE", kind: "mobile", conversations: 6 },
        ...{ exact: 3, national: 2, otherwise: 0, ambiguous: 1, notFound: 0 },
      },
      {
        ...{ country: "AT", kind: "fixed", conversations: 2 },
        ...{ exact: 0, national: 0, otherwise: 0, ambiguous: 0, notFound: 2 },
      },
      {
        ...{ country: "none", kind: "email", conversations: 1 },
        ...{ exact: 1, national: 0, otherwise: 0, ambiguous: 0, notFound: 0 },
      },
    ]);
    expect(foundBy).toEqual({ "phone:exact": 3, "phone:national": 2, "email:exact": 1 });
  });

  it("count once for each conversation: by the best result, at the caller's own number", () => {
    const conversationId = "one";
    const {
      groups,
      foundBy,
      conversations: count,
    } = customersOf([
      lookup({ conversationId, match: "not_found" }),
      lookup({ conversationId, by: "contact", country: "FR", matchedBy: "contact" }),
      lookup({ conversationId, by: "reference", identifiedBy: "reference", match: "not_found" }),
    ]);
    expect(count).toBe(1);
    expect(groups).toMatchObject([{ country: "DE", kind: "mobile", otherwise: 1, notFound: 0 }]);
    expect(foundBy).toEqual({ contact: 1 });
  });

  it("count once if a retry finds what the first attempt did not, whatever comes first", () => {
    const one = { conversationId: "one" };
    const found = lookup({ ...one, matchedBy: "phone:exact" });
    const lost = lookup({ ...one, match: "not_found" });
    for (const lines of [
      [found, lost, found],
      [lost, found, lost],
    ]) {
      expect(customersOf(lines)).toMatchObject({ conversations: 1, exact: 1, notFound: 0 });
    }
  });

  it("count by the surest key, if a further one replaced a match by national digits", () => {
    const one = { conversationId: "one" };
    for (const matchedBy of ["reference", "contact"] as const) {
      const { foundBy, national, otherwise } = customersOf([
        lookup({ ...one, matchedBy: "phone:national" }),
        lookup({ ...one, by: matchedBy, identifiedBy: "reference", matchedBy }),
      ]);
      expect({ foundBy, national, otherwise }).toEqual({
        ...{ foundBy: { [matchedBy]: 1 }, national: 0, otherwise: 1 },
      });
    }
  });

  it("without a number of their own have a row of their own", () => {
    const { groups } = customersOf([
      lookup({ by: "contact", country: "FR", matchedBy: "contact" }),
    ]);
    expect(groups).toMatchObject([{ country: "none", kind: "none", otherwise: 1 }]);
  });

  it("of earlier versions are unknown", () => {
    const { by, country, numberKind, ...rest } = lookup({}) as unknown as Fields;
    const text = asText([rest as never]).trim();
    const read = readLine(text);
    expect(read).toBeDefined();
    const { groups, foundBy } = customersOf(read === undefined ? [] : [read as never]);
    expect(groups).toMatchObject([{ country: "unknown", kind: "unknown", otherwise: 1 }]);
    expect(foundBy).toEqual({ unknown: 1 });
    expect([by, country, numberKind]).toEqual(["address", "DE", "mobile"]);
  });

  it("of rare countries share the last row", () => {
    const countries = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"].map((end) => `X${end}`);
    const { groups } = customersOf([
      ...times(2, { country: "DE" }),
      ...countries.map((country) => lookup({ country, match: "not_found" })),
    ]);
    expect(groups).toHaveLength(21);
    expect(groups[0]).toMatchObject({ country: "DE", conversations: 2 });
    expect(groups.at(-1)).toMatchObject({ country: "others", conversations: 7, notFound: 7 });
  });

  it("are counted in memory that does not grow with the log", () => {
    const { take, customers } = countCustomers();
    const fields = lookup({ match: "not_found" });
    for (let n = 0; n < 50_000; n += 1) take({ ...fields, conversationId: `n-${n}` } as never);
    expect(customers()).toMatchObject({ conversations: 50_000, notFound: 50_000 });
  });

  it("have shares that say what an administrator asks", () => {
    const customers = customersOf([
      ...times(8, { matchedBy: "phone:exact" }),
      ...times(1, { matchedBy: "phone:national" }),
      ...times(1, { match: "not_found" }),
    ]);
    expect(groupLines(customers)).toEqual([
      "conversations with a lookup: 10, of these 90 % found, 0 % ambiguous, 10 % not found",
      "country  kind    conversations  exact  national  otherwise  ambiguous  not found  found share",
      "DE       mobile             10      8         1          0          0          1         90 %",
    ]);
  });
});

describe("advice", () => {
  it("is to store country codes if many are found without", () => {
    const advice = customerAdvice(
      customersOf([
        ...times(15, { matchedBy: "phone:exact" }),
        ...times(10, { matchedBy: "phone:national" }),
      ]),
    );
    expect(advice).toEqual([
      expect.stringMatching(/^40 % of the numbers .* without their country/),
    ]);
  });

  it("names the country that may be missing in ORACLE_HOME_COUNTRIES, and to measure first", () => {
    const advice = customerAdvice(
      customersOf([
        ...times(100, { matchedBy: "phone:exact" }),
        ...times(8, { country: "NO", matchedBy: "phone:exact" }),
        ...times(12, { country: "NO", numberKind: "fixed", match: "not_found" }),
      ]),
    );
    expect(advice).toEqual([
      expect.stringMatching(/from NO .*40 %.*--try-spellings.* add 47 to ORACLE_HOME_COUNTRIES/),
    ]);
  });

  it("is to measure other forms if many are not found", () => {
    const advice = customerAdvice(customersOf(times(40, { match: "not_found" })));
    expect(advice).toEqual([expect.stringContaining("SHADOW_SAMPLE_FILE")]);
  });

  it("is to merge duplicates if many conversations, not lookups, find several customers", () => {
    const rest = times(90, { matchedBy: "phone:exact" });
    const retried = times(50, { match: "ambiguous", conversationId: "retried" });
    expect(customerAdvice(customersOf([...rest, ...retried]))).toEqual([]);
    const advice = customerAdvice(customersOf([...rest, ...times(10, { match: "ambiguous" })]));
    expect(advice).toEqual([expect.stringMatching(/^10 % of the conversations.*merge duplicate/)]);
  });

  it("is not given for a few conversations, nor if all is well", () => {
    expect(customerAdvice(customersOf(times(19, { match: "not_found" })))).toEqual([]);
    expect(customerAdvice(customersOf(times(40, { matchedBy: "phone:exact" })))).toEqual([]);
  });

  it("names no country for numbers of no country", () => {
    const advice = customerAdvice(
      customersOf([
        ...times(200, { matchedBy: "phone:exact" }),
        ...times(20, { country: "001", match: "not_found" }),
        ...times(20, { country: "unknown", match: "not_found" }),
      ]),
    );
    expect(advice).toEqual([]);
  });
});
