import { describe, expect, it, onTestFinished } from "vitest";
import { systemClocks } from "../../src/app/clocks.ts";
import { type Config, loadConfig } from "../../src/config/load.ts";
import type { Call } from "../../src/domain/call.ts";
import { asFailure, type Failure } from "../../src/domain/failure.ts";
import type { History } from "../../src/domain/history/history.ts";
import { emailAddress } from "../../src/domain/identity/email.ts";
import type { EmailAddress, Identity } from "../../src/domain/identity/identity.ts";
import { phoneIdentity } from "../../src/domain/identity/phone.ts";
import { readReference } from "../../src/domain/identity/reference.ts";
import { after, epochMs } from "../../src/domain/time.ts";
import { createHistorySource } from "../../src/oracle/dialects.ts";
import { cacheHistory } from "../../src/oracle/history-cache.ts";
import { createApi } from "../../src/resilience/api.ts";
import { createLocalBudget } from "../../src/resilience/budget/local-budget.ts";
import type {
  OracleSimulator,
  OracleSimulatorOptions,
} from "../../src/sandbox/simulators/oracle-cx/site/simulator.ts";
import type { Fault } from "../../src/sandbox/simulators/server/faults.ts";
import { customers } from "./oracle-contract-customers.ts";

const clocks = systemClocks();

/** What differs between dialects in the contract. */
export interface DialectFixture {
  readonly dialect: Config["ORACLE_DIALECT"];
  readonly start: (options: OracleSimulatorOptions) => Promise<OracleSimulator>;
  /** The `ORACLE_…` variables that the worker needs beside base URL, client and dialect. */
  readonly environment?: (oracle: OracleSimulator) => Readonly<Record<string, string>>;
  /** The id of the sample customer `C-<number>` in this dialect. */
  readonly customerId: (number: number) => string;
  /** Requests, tokens aside, for each outcome. */
  readonly requests: Readonly<
    Record<
      "found" | "foundInAnotherSpelling" | "notFound" | "ambiguous" | "organisation" | "many",
      number
    >
  >;
  /** The count of 23 open cases if 10 are shown. */
  readonly manyOpen: { readonly count: number; readonly exact: boolean };
  /** The count of open cases of an organisation, if it costs no further request. */
  readonly organisationCases: { readonly count: number; readonly exact: boolean } | undefined;
  /** Bodies with status 200 that are JSON, but do not fit the schema. */
  readonly malformed: readonly unknown[];
}

const CLIENT = { clientId: "ringahead", clientSecret: "s3:cret" };
const NOW = Date.parse("2026-01-05T12:00:00Z");

export interface Way {
  readonly oracle: OracleSimulator;
  find(identity: Identity, call?: Partial<Call>): Promise<History>;
  /** The failure of a find that has no time for a second attempt. */
  failure(identity?: Identity): Promise<Failure>;
  /** Requests so far, tokens aside. */
  requests(): number;
  /** Columns that the site has refused. */
  readonly refused: readonly string[];
}

/** A source on a simulator with everything of the product between: configuration, sign-in, protection. */
export async function openWay(
  fixture: DialectFixture,
  changes: { options?: Partial<OracleSimulatorOptions>; environment?: Record<string, string> } = {},
): Promise<Way> {
  const oracle = await fixture.start({ ...CLIENT, customers, ...changes.options });
  const config = loadConfig({
    QUEUE_URL: "http://127.0.0.1:9/000000000000/events",
    DEAD_LETTER_QUEUE_URL: "http://127.0.0.1:9/000000000000/dead",
    GENESYS_REGION: "us-east-1",
    GENESYS_CLIENT_ID: "genesys",
    GENESYS_CLIENT_SECRET: "genesys",
    ORACLE_DIALECT: fixture.dialect,
    ORACLE_BASE_URL: oracle.url,
    ORACLE_CLIENT_ID: CLIENT.clientId,
    ORACLE_CLIENT_SECRET: CLIENT.clientSecret,
    INCLUDE_CUSTOMER_NAME: "true",
    ORACLE_HOME_COUNTRIES: "1,44,49",
    ...fixture.environment?.(oracle),
    ...changes.environment,
  });
  const budget = createLocalBudget({
    ...{ limit: undefined, reserve: 0, windowMs: 60_000, report: () => undefined },
    monotonicNow: clocks.monotonicNow,
  });
  const api = createApi(
    {
      source: "oracle",
      baseUrl: config.ORACLE_BASE_URL,
      timeoutMs: config.ORACLE_TIMEOUT_MS,
      concurrency: config.ORACLE_CONCURRENCY,
      login: config.oracleLogin,
      network: config.oracleNetwork,
    },
    {
      budget,
      clocks,
      // The longest backoff: at least one second.
      random: () => 0.999,
      report: () => undefined,
      signal: new AbortController().signal,
    },
  );
  onTestFinished(async () => {
    api.close();
    await oracle.close();
  });
  const refused: string[] = [];
  const source = createHistorySource(config, {
    send: api.send,
    epochNow: clocks.epochNow,
    onTwoRequests: () => undefined,
    onColumnRefused: (column) => refused.push(column),
  });
  const always = new AbortController().signal;
  const find: Way["find"] = (identity, call) =>
    source.find(identity, { signal: always, priority: 2, ...call });
  return {
    oracle,
    find,
    async failure(identity = ADA) {
      try {
        await find(identity, { deadline: after(clocks.monotonicNow(), 900) });
      } catch (error) {
        return asFailure(error);
      }
      throw new Error("the lookup succeeded");
    },
    refused,
    requests: () => oracle.counts.search + oracle.counts.cases + oracle.counts.other,
  };
}

export function phone(text: string, region: "US" | "DE" = "US"): Identity {
  const identity = phoneIdentity(text, region, "typed");
  if (identity === undefined) throw new Error(`${text} is no number`);
  return identity;
}

/** @param spellings other forms in which Oracle may store it */
export function email(text: string, ...spellings: readonly string[]): Identity {
  const address = emailAddress(text);
  if (address === undefined) throw new Error(`${text} is no address`);
  return { kind: "email", address, spellings };
}

export function reference(text: string): Identity {
  const read = readReference(text);
  if (read === undefined) throw new Error(`${text} is no reference`);
  return { kind: "reference", reference: read };
}

const ADA = phone("+15550199999");
const NOBODY = phone("+15550100042");

/** The tests that every dialect must pass. */
export function contract(fixture: DialectFixture): void {
  const { requests } = fixture;
  const open = (changes?: Parameters<typeof openWay>[1]) => openWay(fixture, changes);

  describe(`${fixture.dialect}: who is found`, () => {
    const ada: History = {
      match: "found",
      rank: "exact",
      customer: {
        id: expect.toSatisfy((id) => id === fixture.customerId(1)),
        name: expect.stringMatching(/^Ada Example$/),
        account: expect.stringMatching(/^Analytical Engines Ltd$/),
        firstName: expect.stringMatching(/^Ada$/),
        lastName: expect.stringMatching(/^Example$/),
      },
      cases: [
        {
          reference: expect.stringMatching(/^260104-000004$/),
          subject: expect.stringMatching(/^Printer on fire$/),
          status: expect.stringMatching(/^Waiting on us$/),
          updatedAt: epochMs(NOW - 3_600_000),
        },
        {
          reference: expect.stringMatching(/^260101-000001$/),
          subject: expect.stringMatching(/^Toner never arrived$/),
          status: expect.stringMatching(/^Open$/),
          updatedAt: epochMs(NOW - 86_400_000),
        },
      ],
      openCases: { count: 2, exact: true },
    };

    it.each([
      ["by number", ADA],
      ["by email, in either case", email("ada@EXAMPLE.com")],
    ])("%s: the customer and the open cases, newest first", async (_, identity) => {
      const way = await open();
      expect(await way.find(identity)).toEqual(ada);
      expect(way.requests()).toBe(requests.found);
    });

    it("a repeat caller costs no request", async () => {
      const way = await open();
      const cached = cacheHistory(way, { freshForMs: 60_000, entries: 10 }, systemClocks());
      const call: Call = { signal: new AbortController().signal, priority: 2 };
      await cached.find(ADA, call);
      expect(await cached.find(ADA, call)).toMatchObject({ history: ada, cached: true });
      expect(way.requests()).toBe(requests.found);
      expect(way.oracle.counts.token).toBe(1);
    });

    it("by a number that is stored as somebody typed it", async () => {
      const way = await open();
      const history = await way.find(phone("+491701234567", "DE"));
      const konrad = { match: "found", rank: "national", customer: { id: fixture.customerId(3) } };
      expect(history).toMatchObject(konrad);
      expect(way.requests()).toBe(requests.foundInAnotherSpelling);
    });

    it.each([
      ["a Norwegian, in Denmark", "+4720304050", "DK"],
      ["an Indian, in the United States", "+912025550123", "US"],
    ])("%s: never somebody with the same national digits", async (_, number, region) => {
      const environment = { ORACLE_HOME_COUNTRIES: "", DEFAULT_PHONE_REGION: region };
      const way = await open({ environment });
      expect(await way.find(phone(number))).toEqual({ match: "not_found" });
    });

    it("a number with its country code wins over its national digits", async () => {
      const history = await (await open()).find(phone("+12025550115"));
      const rosa = { match: "found", rank: "exact", customer: { id: fixture.customerId(15) } };
      expect(history).toMatchObject(rosa);
    });

    it.each([
      ["an apostrophe", 19, "pat.o'brien@example.com", []],
      ["a domain in Unicode", 20, "uwe@xn--mller-kva.example", ["uwe@m\u00fcller.example"]],
    ])("by email, with %s", async (_, number, address, spellings) => {
      // The dialects do not rely on what reads addresses.
      const identity = { kind: "email", address: address as EmailAddress, spellings } as const;
      const history = await (await open()).find(identity);
      const customer = { id: fixture.customerId(number) };
      expect(history).toMatchObject({ match: "found", rank: "exact", customer });
    });

    it("by such a number from abroad, unless national forms are for home countries only", async () => {
      const konrad = phone("+491701234567", "DE");
      const home = await open({ environment: { ORACLE_HOME_COUNTRIES: "1,49" } });
      expect(await home.find(konrad)).toMatchObject({ match: "found" });
      const abroad = await open({ environment: { ORACLE_HOME_COUNTRIES: "1,44" } });
      expect(await abroad.find(konrad)).toEqual({ match: "not_found" });
      expect(await abroad.find(phone("+442071838750"))).toMatchObject({ match: "found" });
    });

    it("nobody", async () => {
      const way = await open();
      expect(await way.find(NOBODY)).toEqual({ match: "not_found" });
      expect(way.requests()).toBe(requests.notFound);
    });

    it("two customers with one number: ambiguous", async () => {
      const way = await open();
      expect(await way.find(phone("+4930901820"))).toEqual({ match: "ambiguous" });
      expect(way.requests()).toBe(requests.ambiguous);
    });

    it("several customers of one organisation: the organisation and counts, nobody's name", async () => {
      const way = await open();
      const history = await way.find(phone("+15550100010"));
      expect(history).toEqual({
        match: "ambiguous",
        organisation: {
          name: expect.stringMatching(/^Acme$/),
          contacts: { count: 3, exact: true },
          openCases: fixture.organisationCases,
        },
      });
      expect(way.requests()).toBe(requests.organisation);
    });

    it("an organisation that is called after one of the persons is not named", async () => {
      const history = await (await open()).find(phone("+15550100013"));
      expect(history).toEqual({ match: "ambiguous" });
    });

    it("a customer without cases", async () => {
      const history = await (await open()).find(phone("+15550100006"));
      expect(history).toMatchObject({ cases: [], openCases: { count: 0, exact: true } });
    });

    it("more cases than are shown: the latest, and their count", async () => {
      const way = await open();
      const history = await way.find(phone("+442071838750"));
      expect(history).toMatchObject({ match: "found", openCases: fixture.manyOpen });
      const references = history.match === "found" ? history.cases.map((one) => one.reference) : [];
      expect(references).toEqual(Array.from({ length: 10 }, (_, i) => `2602${10 + i}-000001`));
      expect(way.requests()).toBe(requests.many);
    });

    it("one number stored twice: each case once", async () => {
      const history = await (await open()).find(phone("+15550100007"));
      expect(history).toMatchObject({ match: "found", openCases: { count: 1, exact: true } });
    });

    it.each([
      ["the id", 9],
      ["the name", "unknown caller"],
    ])("a placeholder, identified by %s, is not found", async (_, known) => {
      const entry = typeof known === "number" ? fixture.customerId(known) : known;
      const way = await open({ environment: { ORACLE_PLACEHOLDERS: `${entry}, Somebody Else` } });
      const both = await way.find(phone("+15550100008"));
      expect(both).toMatchObject({ match: "found", customer: { id: fixture.customerId(8) } });
      expect(both).toMatchObject({ openCases: { count: 1, exact: true } });
      expect(await way.find(phone("+15550100009"))).toEqual({ match: "not_found" });
    });

    it.each([email("anonymous@example.com"), phone("+15550100099")])(
      "a shared address is not looked up",
      async (identity) => {
        const shared = "anonymous@example.com,+15550100099";
        const way = await open({ environment: { ORACLE_PLACEHOLDERS: shared } });
        expect(await way.find(identity)).toEqual({ match: "not_found" });
        expect(way.requests()).toBe(0);
      },
    );

    it("texts of customers are masked", async () => {
      const text = JSON.stringify(await (await open()).find(phone("+491701234567", "DE")));
      expect(text).toContain("[card]");
      expect(text).toContain("[email]");
      expect(text).not.toMatch(/4111|konrad@/i);
    });
  });

  describe(`${fixture.dialect}: the token`, () => {
    it("is renewed once if it is refused", async () => {
      const way = await open();
      await way.find(ADA);
      way.oracle.revokeTokens();
      expect(await way.find(ADA)).toMatchObject({ match: "found" });
      expect(way.oracle.counts.token).toBe(2);
    });

    it("that is refused although it is new is misconfigured", async () => {
      const way = await open({ options: { timing: { now: expiredAtOnce() } } });
      expect(await way.failure()).toMatchObject({ kind: "misconfigured", code: "unauthorized" });
      expect(way.requests()).toBe(2);
    });

    it("that is not issued is misconfigured, and is not requested again", async () => {
      const way = await open({ environment: { ORACLE_CLIENT_SECRET: "wrong" } });
      expect(await way.failure()).toMatchObject({ kind: "misconfigured", code: "invalid_client" });
      expect((await way.failure()).code).toBe("circuit_open");
      expect(way.oracle.counts).toMatchObject({ token: 1, search: 0 });
    });
  });

  describe(`${fixture.dialect}: Oracle in trouble`, () => {
    it("throttled: retried after the wait that Oracle requires", async () => {
      const way = await open();
      strike(way, { kind: "answer", ...way.oracle.throttle });
      expect(await way.find(ADA)).toMatchObject({ match: "found" });
      expect(way.requests()).toBe(requests.found + 1);
    });

    it("throttled, with no time left: retryable", async () => {
      const way = await open();
      strike(way, { kind: "answer", ...way.oracle.throttle, times: 9 });
      expect(await way.failure()).toMatchObject({ kind: "retryable", code: "throttled" });
    });

    it.each(["hang", "drip"] as const)("slow (%s): times out", async (kind) => {
      const way = await open({ environment: { ORACLE_TIMEOUT_MS: "600" } });
      await way.find(NOBODY);
      strike(way, { kind });
      expect(await way.failure()).toMatchObject({ kind: "retryable", code: "timeout" });
    });

    it("aborted: the failure says so", async () => {
      const way = await open();
      strike(way, { kind: "hang" });
      const controller = new AbortController();
      const found = way.find(ADA, { signal: controller.signal });
      await way.oracle.waitFor(({ fault }) => fault === "hang");
      controller.abort();
      await expect(found).rejects.toMatchObject({ code: "aborted" });
    });

    it.each<[Fault["kind"], Fault, string]>([
      ["html", { kind: "html" }, "server_error"],
      ["empty", { kind: "empty" }, "server_error"],
      ["reset", { kind: "reset", times: 2 }, "malformed_answer"],
      ["answer", { status: 500, body: { title: "Internal" } }, "server_error"],
      ["answer", { status: 200, body: "<html>Sign in</html>" }, "malformed_answer"],
      ["answer", { status: 302, headers: { location: "/login" } }, "malformed_answer"],
    ])("%s: %j is %s, retryable", async (_, fault, code) => {
      const way = await open();
      strike(way, fault);
      expect(await way.failure()).toMatchObject({ kind: "retryable", code });
    });

    it.each(fixture.malformed.map((body) => [body]))("malformed: %j", async (body) => {
      const way = await open();
      strike(way, { status: 200, body });
      const failure = await way.failure();
      expect(failure).toMatchObject({ kind: "retryable", code: "malformed_answer" });
      expect(failure.message).not.toMatch(/5550199999|leaked/);
    });

    it("403: misconfigured", async () => {
      const way = await open();
      strike(way, { kind: "empty", status: 403 });
      expect(await way.failure()).toMatchObject({ kind: "misconfigured", code: "forbidden" });
    });
  });
}

function strike({ oracle }: Way, fault: Fault): void {
  oracle.faults.push({ ...fault, match: { path: oracle.searchPath } });
}

/** A clock that moves one day with each read, so that every token has expired when it is used. */
function expiredAtOnce(): () => number {
  let at = NOW;
  return () => {
    at += 86_400_000;
    return at;
  };
}
