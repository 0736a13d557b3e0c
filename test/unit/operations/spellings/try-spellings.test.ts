import { describe, expect, it } from "vitest";
import { type Call, Priority } from "../../../../src/domain/call.ts";
import { Failure, type FailureKind } from "../../../../src/domain/failure.ts";
import type { History } from "../../../../src/domain/history/history.ts";
import type { E164 } from "../../../../src/domain/identity/identity.ts";
import { createTally } from "../../../../src/operations/spellings/tally.ts";
import { trySpellings } from "../../../../src/operations/spellings/try-spellings.ts";
import type { CustomerQuery } from "../../../../src/oracle/dialect/customer-query.ts";

const HOME = ["1"];

function failure(kind: FailureKind): Failure {
  return new Failure({ kind, code: "server_error", source: "oracle", message: "503", cure: "x" });
}

/** A site that holds numbers as texts; a text that is there twice is ambiguous. */
function siteWith(stored: readonly string[]) {
  const queries: CustomerQuery[] = [];
  const find = (query: CustomerQuery): Promise<History> => {
    queries.push(query);
    if (query.kind !== "phone") throw new Error("not a number");
    const forms = [query.number, ...query.spellings.map(({ text }) => text)] as readonly string[];
    const count = stored.filter((text) => forms.includes(text)).length;
    if (count > 1) return Promise.resolve({ match: "ambiguous" });
    return Promise.resolve(
      count === 1 ? ({ match: "found", rank: "exact" } as History) : { match: "not_found" },
    );
  };
  return { find, queries };
}

async function tryWith(
  numbers: readonly string[],
  find: (query: CustomerQuery, call: Call) => Promise<History>,
  stopping = new AbortController(),
) {
  const tally = createTally();
  const done: number[] = [];
  const end = await trySpellings(numbers as readonly E164[], {
    ...{ find, tally, home: HOME, formsPerLookup: 100 },
    call: { signal: stopping.signal, priority: Priority.spare },
    progress: (count) => done.push(count),
  });
  return { end, rows: tally.rows(), done };
}

describe("a trial of further spellings", () => {
  it("counts by country and group what a live lookup would not find", async () => {
    const { find, queries } = siteWith([
      "06641234567",
      "06641234567",
      "06641234568",
      "+12025550123",
    ]);
    const { end, rows, done } = await tryWith(
      ["+436641234567", "+436641234568", "+436641234569", "+12025550123"],
      find,
    );
    expect(end).toEqual({ end: "done" });
    expect(done).toEqual([1, 2, 3, 4]);
    const none = { failed: 0, reserved: 0 };
    expect(rows).toEqual([
      { country: "AT", forms: "live", asked: 3, found: 0, ambiguous: 0, ...none },
      { country: "AT", forms: "national", asked: 3, found: 1, ambiguous: 1, ...none },
      { country: "US", forms: "live", asked: 1, found: 1, ambiguous: 0, ...none },
    ]);
    // The American was found by a live lookup and is left out after it.
    expect(queries).toHaveLength(7);
  });

  it("asks for no digits that are a valid number of a home country", async () => {
    const { find, queries } = siteWith(["2025550123"]);
    const { rows } = await tryWith(["+912025550123"], find);
    expect(rows).toMatchObject([
      { country: "IN", forms: "live", asked: 1, found: 0 },
      { country: "IN", forms: "national", asked: 0, found: 0, reserved: 1 },
    ]);
    expect(queries).toHaveLength(1);
  });

  it("accepts a stored national number only as this number's", async () => {
    const { find, queries } = siteWith([]);
    await tryWith(["+436641234567"], find);
    const [, further] = queries;
    if (further?.kind !== "phone") throw new Error("no further query");
    expect(further.rankOf("0664 1234567")).toBe("national");
    expect(further.rankOf("0664 7654321")).toBeUndefined();
  });

  it("loses one row for a failed lookup", async () => {
    const { find } = siteWith([]);
    let calls = 0;
    const { end, rows } = await tryWith(
      ["+12025550123", "+12025550124", "+12025550125"],
      (query) => {
        calls += 1;
        return calls === 2 ? Promise.reject(failure("retryable")) : find(query);
      },
    );
    expect(end).toEqual({ end: "done" });
    expect(rows).toMatchObject([{ country: "US", forms: "live", asked: 3, failed: 1 }]);
  });

  it("ends if Oracle is not available, and keeps what there is", async () => {
    const { find } = siteWith(["+12025550120"]);
    const numbers = Array.from({ length: 20 }, (_, n) => `+120255501${20 + n}`);
    const { end, rows } = await tryWith(numbers, (query) =>
      query.kind === "phone" && query.number === "+12025550120"
        ? find(query)
        : Promise.reject(failure("retryable")),
    );
    expect(end).toMatchObject({ end: "failed", failure: { message: "503" } });
    expect(rows).toMatchObject([{ forms: "live", asked: 6, found: 1, failed: 5 }]);
  });

  it("ends at once if the configuration is wrong", async () => {
    const { end, rows } = await tryWith(["+12025550123", "+12025550124"], () =>
      Promise.reject(failure("misconfigured")),
    );
    expect(end).toMatchObject({ end: "failed", failure: { kind: "misconfigured" } });
    expect(rows).toMatchObject([{ asked: 1, failed: 1 }]);
  });

  it("ends when it is interrupted, and counts no aborted lookup as failed", async () => {
    const stopping = new AbortController();
    const { find } = siteWith([]);
    let calls = 0;
    const numbers = ["+12025550123", "+12025550124", "+12025550125"];
    const { end, rows } = await tryWith(
      numbers,
      (query) => {
        calls += 1;
        if (calls < 2) return find(query);
        stopping.abort();
        return Promise.reject(failure("retryable"));
      },
      stopping,
    );
    expect(end).toEqual({ end: "interrupted" });
    expect(rows).toMatchObject([{ asked: 1, failed: 0 }]);
    expect(calls).toBe(2);
  });
});
