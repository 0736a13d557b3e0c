import { readFileSync } from "node:fs";
import { describe, expect, it, onTestFinished } from "vitest";
import type { OracleSimulator } from "../../../src/sandbox/simulators/oracle-cx/site/simulator.ts";
import type { Fault } from "../../../src/sandbox/simulators/server/faults.ts";
import { startB2cSite } from "../../support/b2c-site.ts";
import { canaries, leakedInto } from "../../support/canaries.ts";
import { envelope, failOne, startCanaries, TOKEN } from "../../support/canary-world.ts";
import { startConnectProxy } from "../../support/connect-proxy.ts";
import { startEnvironment, startRedis, startWorker } from "../../support/environment.ts";

const headers = {
  "osvc-crest-api-access-token": canaries.crestToken,
  "x-oracle-dms-ecid": canaries.oracleTrace,
  "www-authenticate": `Bearer error="${canaries.challenge}"`,
};
const ANY_GET = { method: "GET" };

/** Connect REST's error object (Oracle B2C Service, "HTTP Status Codes"). */
const crest = (status: number, code: string): Fault => ({
  status,
  headers,
  match: ANY_GET,
  body: {
    type: `https://crm.example/${canaries.location}`,
    title: canaries.crestError,
    status: String(status),
    detail: `SELECT … phones.number = '${canaries.aniE164}' ${canaries.crestError}`,
    instance: `/queryResults?query=${canaries.email}`,
    "o:errorCode": code,
    "o:errorPath": canaries.crestError,
  },
});

/** The error object of Oracle's REST framework (Fusion Service, "Status Codes", framework 4). */
const fusion = (status: number): Fault => ({
  status,
  headers,
  match: ANY_GET,
  body: {
    title: canaries.fusionTitle,
    status: String(status),
    "o:errorDetails": [
      { detail: `${canaries.fusionDetail} ${canaries.aniE164}`, "o:errorCode": canaries.email },
    ],
  },
});
const inText = (status: number): Fault => ({
  status,
  headers,
  match: ANY_GET,
  body: `${canaries.fusionText} ${canaries.customerName}`,
});

describe("no planted secret or personal value is reported if Oracle", () => {
  it.each([
    [
      "b2c",
      [
        crest(400, "OSC-CREST-00002"),
        crest(403, "OSC-CREST-00014"),
        crest(500, `OSC-CREST ${canaries.crestError}`),
        crest(503, "OSC-CREST-00035"),
        { status: 200, headers, body: { items: canaries.customerName }, match: ANY_GET },
      ],
    ],
    [
      "fusion",
      [
        fusion(400),
        fusion(403),
        inText(400),
        inText(500),
        { status: 200, headers, body: { items: [canaries.customerName] }, match: ANY_GET },
      ],
    ],
  ] as const)("speaks %s and answers with its own errors", async (dialect, faults) => {
    // One worker for each fault: an open breaker would block the calls for the next one.
    for (const fault of faults) {
      const { world, leaks } = await startCanaries({}, { dialect });
      world.sandbox.oracle.faults.push({ ...fault, times: Number.POSITIVE_INFINITY });
      await failOne(world, `canary-${dialect}`);
      world.sandbox.oracle.faults.clear();
      expect(await leaks(), `${dialect} ${JSON.stringify(fault)}`).toEqual([]);
    }
  });

  it.each([
    ["takes the token", []],
    [
      "refuses the assertion",
      [
        crest(401, "OSC-CREST-00001"),
        {
          status: 400,
          headers,
          match: TOKEN,
          times: Number.POSITIVE_INFINITY,
          body: { error: "invalid_client", error_description: canaries.assertionRefusal },
        },
      ],
    ],
    ["issues a token and refuses it", refusedToken()],
  ] as const)(
    "is reached through a proxy, with certificate and signed assertion, and %s",
    async (_, faults) => {
      const site = await startSite();
      const proxy = await startProxy(`${canaries.proxyUser}:${canaries.proxyPassword}`);
      const { world, leaks } = await startCanaries(site.environment(proxy.host));
      site.oracle.faults.push(...faults);
      await sendOne(world);
      if (faults.length === 0) await world.fact("enrichment.written");
      else await world.worker.line(({ fact }) => /delayed|token\.failed/.test(fact));
      site.oracle.faults.clear();
      expect(proxy.tunnels.length).toBeGreaterThan(0);
      expect(await leaks(site.secrets)).toEqual([]);
    },
  );

  it("is behind a proxy that refuses the login, with a Redis that refuses the password", async () => {
    const site = await startSite();
    const proxy = await startProxy("somebody:else");
    const redis = await startRedis();
    redis.command("CONFIG", "SET", "requirepass", "another");
    const sandbox = await startEnvironment();
    const worker = startWorker({
      ...sandbox.environment,
      ...site.environment(proxy.host),
      REDIS_URL: `redis://default:${canaries.redisPassword}@127.0.0.1:${redis.port}`,
      LOG_LEVEL: "debug",
    });
    await worker.line(({ fact }) => fact === "redis.lost");
    await worker.line((line) => line.fact === "token.failed" && line.code === "proxy");
    await worker.stop();
    const output = JSON.stringify(worker.log) + worker.errors;
    expect(leakedInto(output)).toEqual([]);
    expect(site.secrets.filter((secret) => output.includes(secret))).toEqual([]);
  });

  it("refuses name and password", async () => {
    const { world, leaks } = await startCanaries({ ...PASSWORD_ONLY }, { dialect: "b2c" });
    world.sandbox.oracle.faults.push({
      ...crest(401, "OSC-CREST-00001"),
      times: Number.POSITIVE_INFINITY,
    });
    await failOne(world, "canary-password");
    world.sandbox.oracle.faults.clear();
    const login = Buffer.from(`INTEGRATION:${canaries.oraclePassword}`).toString("base64");
    expect(await leaks([login])).toEqual([]);
  });
});

it("a wrong configuration is reported by name, never by value", async () => {
  const worker = startWorker({
    GENESYS_CLIENT_SECRET: canaries.genesysToken,
    ORACLE_DIALECT: "b2c",
    ORACLE_PRIVATE_KEY: `-----BEGIN PRIVATE KEY-----\n${canaries.oracleToken}\n`,
    ORACLE_KEY_ID: "key",
    ORACLE_PROXY_URL: `socks://${canaries.proxyUser}:${canaries.proxyPassword}@127.0.0.1`,
    ORACLE_CLIENT_KEY_FILE: `-----BEGIN PRIVATE KEY-----\n${canaries.tokenHash}\n`,
    REDIS_URL: `http://default:${canaries.redisPassword}@127.0.0.1`,
    OTEL_EXPORTER_OTLP_HEADERS: `${canaries.otlpHeader} without a value`,
  });
  expect(await worker.ended).toBe(2);
  for (const name of ["ORACLE_PRIVATE_KEY", "ORACLE_PROXY_URL", "REDIS_URL"]) {
    expect(worker.errors).toContain(name);
  }
  expect(leakedInto(worker.errors)).toEqual([]);
});

/** With name and password, the variables of the other sign-ins must be empty. */
const PASSWORD_ONLY = {
  ORACLE_CLIENT_ID: "",
  ORACLE_CLIENT_SECRET: "",
  ORACLE_TOKEN_URL: "",
  ORACLE_USERNAME: "INTEGRATION",
  ORACLE_PASSWORD: canaries.oraclePassword,
};

/** A token that is issued, and always refused. */
function refusedToken(): readonly Fault[] {
  const issued = { access_token: canaries.oracleToken, expires_in: 3600 };
  return [
    { ...crest(401, "OSC-CREST-00001"), times: Number.POSITIVE_INFINITY },
    { status: 200, body: issued, match: TOKEN, times: Number.POSITIVE_INFINITY },
  ];
}

async function sendOne(world: Awaited<ReturnType<typeof startCanaries>>["world"]) {
  const ani = `tel:+${canaries.aniE164}`;
  const body = envelope("customer-start-voice", { conversationId: "canary-site", ani });
  world.sandbox.genesys.addConversation(JSON.parse(body).detail.eventBody);
  await world.send(body);
}

async function startProxy(login: string) {
  const proxy = await startConnectProxy({ login });
  onTestFinished(() => proxy[Symbol.asyncDispose]());
  return proxy;
}

interface Site {
  readonly oracle: OracleSimulator;
  readonly environment: (proxyHost: string) => Readonly<Record<string, string>>;
  /** The secrets of this site: keys, and the first characters of any signed token. */
  readonly secrets: readonly string[];
}

async function startSite(): Promise<Site> {
  const { oracle, environment } = await startB2cSite([]);
  const { ORACLE_PRIVATE_KEY, ORACLE_CLIENT_KEY_FILE, ORACLE_CLIENT_CERT_FILE } = environment;
  const files = [ORACLE_CLIENT_KEY_FILE, ORACLE_CLIENT_CERT_FILE];
  const pems = [ORACLE_PRIVATE_KEY, ...files.map((file) => readFileSync(file, "utf8"))];
  const login = `${canaries.proxyUser}:${canaries.proxyPassword}`;
  return {
    oracle,
    environment: (host) => ({ ...environment, ORACLE_PROXY_URL: `http://${login}@${host}` }),
    secrets: [
      ...pems.flatMap(linesOf),
      "-----BEGIN",
      // Every JSON Web Token begins with this: `{"` in base64url.
      "eyJ",
      Buffer.from(login).toString("base64"),
    ],
  };
}

/** The lines of a PEM with key material. */
function linesOf(pem: string): string[] {
  return pem.split("\n").filter((line) => line.length > 20 && !line.startsWith("-----"));
}
