import { beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
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

interface Way {
  readonly oracle: OracleSimulator;
  /** Every one but requests. */
  readonly facts: readonly { name: FactName; fact: Readonly<Record<string, unknown>> }[];
  find(): Promise<History>;
  failure(): Promise<Failure>;
}

/** From the environment to an identity domain and a B2C site, over real sockets. */
async function open(
  environment: (oracle: OracleSimulator) => Record<string, string>,
  options: Partial<OracleB2cOptions> = {},
): Promise<Way> {
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
  const budget = { limit: undefined, reserve: 0, windowMs: 60_000, now: () => performance.now() };
  const api = createApi({
    source: "oracle",
    baseUrl: config.ORACLE_BASE_URL,
    timeoutMs: 5_000,
    concurrency: 4,
    budget: createLocalBudget({ ...budget, report: () => undefined }),
    login: config.oracleLogin,
    network: config.oracleNetwork,
    now: Date.now,
    random: () => 0,
    report(name, fact) {
      if (name !== "api.called") facts.push({ name, fact: { ...fact } });
    },
    signal: new AbortController().signal,
  });
  onTestFinished(() => api.close());
  const source = createHistorySource(config, {
    send: api.send,
    now: Date.now,
    onTwoRequests: () => undefined,
  });
  const address = emailAddress("ada@example.com");
  if (address === undefined) throw new Error("no address");
  const signal = new AbortController().signal;
  const find = () => source.find({ kind: "email", address }, { signal, priority: 2 });
  return {
    oracle,
    facts,
    find,
    failure: () =>
      find().then(
        () => Promise.reject(new Error("it went well")),
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

describe("Oracle is signed in to", () => {
  it.each<[string, (oracle: OracleSimulator) => Record<string, string>, string[]]>([
    ["by a client's secret", (oracle) => ({ ...domain(oracle), ...SECRET }), []],
    ["by its key, known by an alias", signing, []],
    [
      "by its key, known by a thumbprint, out of a variable with escaped line ends",
      (oracle) => ({
        ...signing(oracle),
        ORACLE_PRIVATE_KEY: pair.privateKey.replaceAll("\n", "\\n"),
        ORACLE_KEY_ID: `x5t:${pair.thumbprint}`,
      }),
      [],
    ],
    [
      "on behalf of a user, by key alone",
      (oracle) => ({ ...signing(oracle), ORACLE_USERNAME: "INTEGRATION" }),
      ["INTEGRATION"],
    ],
    [
      "on behalf of a user, by key and secret",
      (oracle) => ({ ...signing(oracle), ...SECRET, ORACLE_USERNAME: "INTEGRATION" }),
      ["INTEGRATION"],
    ],
  ])("%s, and again when the token is refused", async (_, environment, users) => {
    const way = await open(environment, trusted(users));
    expect(await way.find()).toEqual({ match: "not_found" });
    way.oracle.revokeTokens();
    await way.find();
    expect(way.oracle.counts.token).toBe(2);
  });

  it("by a user's name and password, with no token at all", async () => {
    const basic = { ORACLE_USERNAME: "ringahead", ORACLE_PASSWORD: "päss:word" };
    const way = await open(() => basic, { basic: "ringahead:päss:word" });
    await way.find();
    expect(way.oracle.counts).toMatchObject({ token: 0, search: 1 });
  });
});

describe("a login that is refused", () => {
  it.each<[string, Record<string, string>, string]>([
    ["secret", { ORACLE_CLIENT_SECRET: "wr0ng" }, "ORACLE_CLIENT_ID and ORACLE_CLIENT_SECRET"],
    ["invalid_scope", { ...SECRET, ORACLE_SCOPE: "all" }, "ORACLE_SCOPE"],
    ["unauthorized_client", SECRET, "the grant type Client Credentials"],
  ])("%s: is not tried again, and opens the breaker", async (what, changes, cure) => {
    const way = await open((oracle) => ({ ...domain(oracle), ...changes }));
    if (what !== "secret") {
      way.oracle.faults.push({ kind: "answer", status: 400, body: { error: what }, times: 9 });
    }
    const failure = await way.failure();
    expect(failure).toMatchObject({ kind: "misconfigured", code: "invalid_client" });
    expect(failure.cure).toContain(cure);
    expect((await way.failure()).code).toBe("circuit_open");
    expect(way.oracle.counts).toMatchObject({ token: 1, search: 0 });
    expect(way.facts.map(({ name }) => name)).toEqual(["breaker.opened"]);
    expect(JSON.stringify(way.facts)).not.toMatch(/wr0ng|s3:cret/);
  });

  it("key: names what belongs to the key", async () => {
    const way = await open(
      (oracle) => ({ ...signing(oracle), ORACLE_AUDIENCE: "https://identity.oraclecloud.com" }),
      trusted(),
    );
    const { message, cure } = await way.failure();
    expect(message).toContain("401 invalid_client");
    expect(cure).toMatch(/ORACLE_PRIVATE_KEY, ORACLE_KEY_ID and ORACLE_AUDIENCE .* clock/);
    expect(way.oracle.counts.token).toBe(1);
  });

  it("user: names the user", async () => {
    const way = await open(
      (oracle) => ({ ...signing(oracle), ORACLE_USERNAME: "SOMEBODY" }),
      trusted(["INTEGRATION"]),
    );
    const { message, cure } = await way.failure();
    expect(message).toContain("400 invalid_grant");
    expect(cure).toContain("ORACLE_USERNAME");
  });

  it("password: one request, for refused logins may lock the account", async () => {
    const basic = { ORACLE_USERNAME: "ringahead", ORACLE_PASSWORD: "wr0ng" };
    const way = await open(() => basic, { basic: "ringahead:right" });
    const failure = await way.failure();
    expect(failure).toMatchObject({ kind: "misconfigured", code: "unauthorized", status: 401 });
    expect(failure.cure).toContain("ORACLE_USERNAME and ORACLE_PASSWORD");
    expect((await way.failure()).code).toBe("circuit_open");
    expect(way.oracle.counts.search + way.oracle.counts.other).toBe(1);
    expect(JSON.stringify(way.facts)).not.toContain("wr0ng");
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

  it("that was rotated is picked up when the old one is refused, and the conversation goes on", async () => {
    const { environment, rotate, manager } = await store("0ld");
    const way = await open(environment);
    rotate(CLIENT.clientSecret);
    await way.find();
    expect(way.oracle.counts).toMatchObject({ token: 2, search: 1 });
    const changed = { source: "oracle", variable: "ORACLE_CLIENT_SECRET" };
    expect(way.facts).toEqual([{ name: "secret.changed", fact: changed }]);
    way.oracle.revokeTokens();
    await way.find();
    expect(manager.asked).toEqual([ARN, ARN]);
  });

  it("may be a key, which is changed together with its certificate", async () => {
    const { environment, manager } = await store("none");
    const put = (key: string) => manager.secrets.set(ARN, { text: JSON.stringify({ key }) });
    put(createSigningPair().privateKey);
    const way = await open(
      (oracle) => ({
        ...environment(oracle),
        ORACLE_CLIENT_SECRET: "",
        ORACLE_PRIVATE_KEY: `${ARN}:key::`,
        ORACLE_KEY_ID: "ringahead key",
      }),
      trusted(),
    );
    put(pair.privateKey);
    await way.find();
    expect(way.facts).toEqual([
      { name: "secret.changed", fact: { source: "oracle", variable: "ORACLE_PRIVATE_KEY" } },
    ]);
  });

  it("that is still the refused one is not tried again", async () => {
    const { environment, manager } = await store("0ld");
    const way = await open(environment);
    expect(await way.failure()).toMatchObject({ code: "invalid_client" });
    expect(way.oracle.counts.token).toBe(1);
    expect(manager.asked).toEqual([ARN, ARN]);
  });

  it("that cannot be read again is told beside the refusal", async () => {
    const { environment, manager } = await store("0ld");
    const way = await open(environment);
    manager.secrets.set(ARN, { text: "", error: "AccessDeniedException" });
    const { code, message } = await way.failure();
    expect(code).toBe("invalid_client");
    expect(message).toContain("secretsmanager:GetSecretValue");
    expect(JSON.stringify(way.facts)).not.toContain("0ld");
  });
});
