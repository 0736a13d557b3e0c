import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { systemClocks } from "../../../src/app/clocks.ts";
import { readConfig } from "../../../src/config/read.ts";
import { asFailure, type Failure } from "../../../src/domain/failure.ts";
import type { History } from "../../../src/domain/history/history.ts";
import { emailAddress } from "../../../src/domain/identity/email.ts";
import type { FactName } from "../../../src/observability/facts/facts.ts";
import { createHistorySource } from "../../../src/oracle/dialects.ts";
import { createApi } from "../../../src/resilience/api.ts";
import { createLocalBudget } from "../../../src/resilience/budget/local-budget.ts";
import {
  type OracleB2cOptions,
  startOracleB2c,
} from "../../../src/sandbox/simulators/oracle-cx/b2c/b2c.ts";
import type { OracleSimulator } from "../../../src/sandbox/simulators/oracle-cx/site/simulator.ts";
import { createSigningPair, type SigningPair } from "../../support/certificate.ts";
import { startSecretsManager } from "../../support/secrets-manager.ts";

let pair: SigningPair;
beforeAll(() => {
  pair = createSigningPair();
});

const CLIENT = { clientId: "ringahead", clientSecret: "s3:cret" };
const ID = { ORACLE_CLIENT_ID: CLIENT.clientId };
const SECRET = { ORACLE_CLIENT_SECRET: CLIENT.clientSecret };
const AUDIENCE = "https://identity.oraclecloud.com/";
const ARN = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:ringahead/oracle-AbCdEf";

interface SignedInSite {
  readonly oracle: OracleSimulator;
  /** All facts but `api.called`. */
  readonly facts: readonly { name: FactName; fact: Readonly<Record<string, unknown>> }[];
  find(): Promise<History>;
  failure(): Promise<Failure>;
}

/** The client of one B2C site and its identity domain, as configured by environment variables. */
async function open(
  environment: (oracle: OracleSimulator) => Record<string, string>,
  options: Partial<OracleB2cOptions> = {},
): Promise<SignedInSite> {
  const oracle = await startOracleB2c({ ...CLIENT, customers: [], ...options });
  onTestFinished(() => oracle.close());
  const config = await readConfig({
    QUEUE_URL: "http://127.0.0.1:9/000000000000/events",
    DEAD_LETTER_QUEUE_URL: "http://127.0.0.1:9/000000000000/dead",
    GENESYS_REGION: "us-east-1",
    GENESYS_CLIENT_ID: "genesys",
    GENESYS_CLIENT_SECRET: "genesys",
    ORACLE_DIALECT: "b2c",
    ORACLE_BASE_URL: oracle.url,
    ...environment(oracle),
  });
  const facts: { name: FactName; fact: Readonly<Record<string, unknown>> }[] = [];
  const clocks = systemClocks();
  const budget = createLocalBudget({
    ...{ limit: undefined, reserve: 0, windowMs: 60_000, report: () => undefined },
    monotonicNow: clocks.monotonicNow,
  });
  const api = createApi(
    {
      source: "oracle",
      baseUrl: config.ORACLE_BASE_URL,
      timeoutMs: 5_000,
      concurrency: 4,
      login: config.oracleLogin,
      network: config.oracleNetwork,
    },
    {
      budget,
      clocks,
      random: () => 0,
      report(name, fact) {
        if (name !== "api.called") facts.push({ name, fact: { ...fact } });
      },
      signal: new AbortController().signal,
    },
  );
  onTestFinished(() => api.close());
  const source = createHistorySource(config, {
    send: api.send,
    epochNow: clocks.epochNow,
    onTwoRequests: () => undefined,
    onColumnRefused: () => undefined,
  });
  const address = emailAddress("ada@example.com");
  if (address === undefined) throw new Error("no address");
  const signal = new AbortController().signal;
  const identity = { kind: "email", address, spellings: [] } as const;
  const find = () => source.find(identity, { signal, priority: 2 });
  return {
    oracle,
    facts,
    find,
    failure: () =>
      find().then(
        () => Promise.reject(new Error("it did not fail")),
        (error: unknown) => asFailure(error),
      ),
  };
}

const domain = ({ url }: OracleSimulator) => ({ ORACLE_TOKEN_URL: url, ...ID });
const trusted = (users: readonly string[] = []) => ({
  signingKey: { certificate: pair.certificate, alias: "ringahead key", audience: AUDIENCE, users },
});
const signing = (oracle: OracleSimulator) => ({
  ...domain(oracle),
  ORACLE_PRIVATE_KEY: pair.privateKey,
  ORACLE_KEY_ID: "ringahead key",
});

describe("the sign-in to Oracle", () => {
  it.each<[string, (oracle: OracleSimulator) => Record<string, string>, string[]]>([
    ["works by the secret of a client", (oracle) => ({ ...domain(oracle), ...SECRET }), []],
    ["works by its key, known by an alias", signing, []],
    [
      "works by its key, known by a thumbprint, from a variable with escaped line ends",
      (oracle) => ({
        ...signing(oracle),
        ORACLE_PRIVATE_KEY: pair.privateKey.replaceAll("\n", "\\n"),
        ORACLE_KEY_ID: `x5t:${pair.thumbprint}`,
      }),
      [],
    ],
    [
      "works for a user, by key alone",
      (oracle) => ({ ...signing(oracle), ORACLE_USERNAME: "INTEGRATION" }),
      ["INTEGRATION"],
    ],
    [
      "works for a user, by key and secret",
      (oracle) => ({ ...signing(oracle), ...SECRET, ORACLE_USERNAME: "INTEGRATION" }),
      ["INTEGRATION"],
    ],
  ])("%s, and again when the token is refused", async (_, environment, users) => {
    const site = await open(environment, trusted(users));
    expect(await site.find()).toEqual({ match: "not_found" });
    site.oracle.revokeTokens();
    await site.find();
    expect(site.oracle.counts.token).toBe(2);
  });

  it("works by name and password of a user, without any token", async () => {
    const basic = { ORACLE_USERNAME: "ringahead", ORACLE_PASSWORD: "päss:word" };
    const site = await open(() => basic, { basic: "ringahead:päss:word" });
    await site.find();
    expect(site.oracle.counts).toMatchObject({ token: 0, search: 1 });
  });
});

describe("a refused login", () => {
  it.each<[string, Record<string, string>, string]>([
    ["secret", { ORACLE_CLIENT_SECRET: "wr0ng" }, "ORACLE_CLIENT_ID and ORACLE_CLIENT_SECRET"],
    ["invalid_scope", { ...SECRET, ORACLE_SCOPE: "all" }, "ORACLE_SCOPE"],
    ["unauthorized_client", SECRET, "the grant type Client Credentials"],
  ])("%s: is not repeated, and opens the breaker", async (what, changes, cure) => {
    const site = await open((oracle) => ({ ...domain(oracle), ...changes }));
    if (what !== "secret") {
      site.oracle.faults.push({ kind: "answer", status: 400, body: { error: what }, times: 9 });
    }
    const failure = await site.failure();
    expect(failure).toMatchObject({ kind: "misconfigured", code: "invalid_client" });
    expect(failure.cure).toContain(cure);
    expect((await site.failure()).code).toBe("circuit_open");
    expect(site.oracle.counts).toMatchObject({ token: 1, search: 0 });
    expect(site.facts.map(({ name }) => name)).toEqual(["breaker.opened"]);
    expect(JSON.stringify(site.facts)).not.toMatch(/wr0ng|s3:cret/);
  });

  it("key: the cure names all variables of the key", async () => {
    const site = await open(
      (oracle) => ({ ...signing(oracle), ORACLE_AUDIENCE: "https://identity.oraclecloud.com" }),
      trusted(),
    );
    const { message, cure } = await site.failure();
    expect(message).toContain("401 invalid_client");
    expect(cure).toMatch(/ORACLE_PRIVATE_KEY, ORACLE_KEY_ID and ORACLE_AUDIENCE .* clock/);
    expect(site.oracle.counts.token).toBe(1);
  });

  it("user: the cure names the user", async () => {
    const site = await open(
      (oracle) => ({ ...signing(oracle), ORACLE_USERNAME: "SOMEBODY" }),
      trusted(["INTEGRATION"]),
    );
    const { message, cure } = await site.failure();
    expect(message).toContain("400 invalid_grant");
    expect(cure).toContain("ORACLE_USERNAME");
  });

  it("password: one request, because refused logins may lock the account", async () => {
    const basic = { ORACLE_USERNAME: "ringahead", ORACLE_PASSWORD: "wr0ng" };
    const site = await open(() => basic, { basic: "ringahead:right" });
    const failure = await site.failure();
    expect(failure).toMatchObject({ kind: "misconfigured", code: "unauthorized", status: 401 });
    expect(failure.cure).toContain("ORACLE_USERNAME and ORACLE_PASSWORD");
    expect((await site.failure()).code).toBe("circuit_open");
    expect(site.oracle.counts.search + site.oracle.counts.other).toBe(1);
    expect(JSON.stringify(site.facts)).not.toContain("wr0ng");
  });
});

describe("a secret in Secrets Manager", () => {
  async function store(text: string, error?: string) {
    const manager = await startSecretsManager();
    vi.stubEnv("AWS_ACCESS_KEY_ID", "test").stubEnv("AWS_SECRET_ACCESS_KEY", "test");
    onTestFinished(() => manager.close());
    const stored = (value: string) => JSON.stringify({ client_secret: value });
    manager.secrets.set(ARN, { text: stored(text), ...(error === undefined ? {} : { error }) });
    return {
      manager,
      rotate: (value: string) => manager.secrets.set(ARN, { text: stored(value) }),
      environment: (oracle: OracleSimulator) => ({
        ...domain(oracle),
        ORACLE_CLIENT_SECRET: `${ARN}:client_secret::`,
        AWS_ENDPOINT_URL: manager.url,
      }),
    };
  }

  it("that was rotated is read again when the old value is refused, and the call succeeds", async () => {
    const { environment, rotate, manager } = await store("0ld");
    const site = await open(environment);
    rotate(CLIENT.clientSecret);
    await site.find();
    expect(site.oracle.counts).toMatchObject({ token: 2, search: 1 });
    const changed = { source: "oracle", variable: "ORACLE_CLIENT_SECRET" };
    expect(site.facts).toEqual([{ name: "secret.changed", fact: changed }]);
    site.oracle.revokeTokens();
    await site.find();
    expect(manager.asked).toEqual([ARN, ARN]);
  });

  it("may be a key that is changed together with its certificate", async () => {
    const { environment, manager } = await store("none");
    const put = (key: string) => manager.secrets.set(ARN, { text: JSON.stringify({ key }) });
    put(createSigningPair().privateKey);
    const site = await open(
      (oracle) => ({
        ...environment(oracle),
        ORACLE_CLIENT_SECRET: "",
        ORACLE_PRIVATE_KEY: `${ARN}:key::`,
        ORACLE_KEY_ID: "ringahead key",
      }),
      trusted(),
    );
    put(pair.privateKey);
    await site.find();
    expect(site.facts).toEqual([
      { name: "secret.changed", fact: { source: "oracle", variable: "ORACLE_PRIVATE_KEY" } },
    ]);
  });

  it("that has not changed is not tried again", async () => {
    const { environment, manager } = await store("0ld");
    const site = await open(environment);
    expect(await site.failure()).toMatchObject({ code: "invalid_client" });
    expect(site.oracle.counts.token).toBe(1);
    expect(manager.asked).toEqual([ARN, ARN]);
  });

  it("that cannot be read again is named beside the refusal", async () => {
    const { environment, manager } = await store("0ld");
    const site = await open(environment);
    manager.secrets.set(ARN, { text: "", error: "AccessDeniedException" });
    const { code, message } = await site.failure();
    expect(code).toBe("invalid_client");
    expect(message).toContain("secretsmanager:GetSecretValue");
    expect(JSON.stringify(site.facts)).not.toContain("0ld");
  });
});
