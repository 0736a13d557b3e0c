import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { ConfigurationError, loadConfig } from "../../../src/config/load.ts";
import { readConfig, readQueueAndGenesysConfig } from "../../../src/config/read.ts";
import { type Authority, createAuthority, createSigningPair } from "../../support/certificate.ts";
import { type SecretsManager, startSecretsManager } from "../../support/secrets-manager.ts";

const arn = (name: string) =>
  `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${name}-AbCdEf`;
const BASE = {
  QUEUE_URL: "https://sqs.eu-central-1.amazonaws.com/111122223333/ringahead-events",
  DEAD_LETTER_QUEUE_URL: "https://sqs.eu-central-1.amazonaws.com/111122223333/ringahead-dead",
  GENESYS_REGION: "eu-central-1",
  GENESYS_CLIENT_ID: "genesys-client",
  GENESYS_CLIENT_SECRET: "s3cret-of-genesys",
  ORACLE_BASE_URL: "https://site.example.com",
  ORACLE_CLIENT_ID: "id",
  ORACLE_CLIENT_SECRET: "s3cret-of-oracle",
};

let manager: SecretsManager;
let authority: Authority;
let folder: string;
beforeAll(async () => {
  manager = await startSecretsManager();
  authority = createAuthority();
  folder = mkdtempSync(join(tmpdir(), "ringahead-config-"));
});
beforeEach(() => {
  manager.secrets.clear();
  vi.stubEnv("AWS_ACCESS_KEY_ID", "test").stubEnv("AWS_SECRET_ACCESS_KEY", "test");
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  authority.remove();
  await manager.close();
});

function environment(changes: Record<string, string | undefined>) {
  return { ...BASE, AWS_ENDPOINT_URL_SECRETS_MANAGER: manager.url, ...changes };
}

async function problems(changes: Record<string, string | undefined>): Promise<readonly string[]> {
  const error = await readConfig(environment(changes)).catch((thrown: unknown) => thrown);
  if (error instanceof ConfigurationError) return error.problems;
  return [];
}

describe("ARNs of secrets", () => {
  it("are replaced by the secrets' values in every variable", async () => {
    manager.secrets.set(arn("both"), { text: '{"genesys":"g3n","oracle":"0r4"}' });
    manager.secrets.set(arn("redis"), { text: "rediss://user:pass@redis.example.com" });
    const config = await readConfig(
      environment({
        GENESYS_CLIENT_SECRET: `${arn("both")}:genesys::`,
        ORACLE_CLIENT_SECRET: `${arn("both")}:oracle::`,
        REDIS_URL: arn("redis"),
      }),
    );
    expect(config).toMatchObject({
      GENESYS_CLIENT_SECRET: "g3n",
      ORACLE_CLIENT_SECRET: "0r4",
      REDIS_URL: "rediss://user:pass@redis.example.com",
    });
    const { genesysLogin } = config;
    if (genesysLogin.by !== "token" || genesysLogin.client.proof.by !== "secret") throw new Error();
    const { secret } = genesysLogin.client.proof;
    manager.secrets.set(arn("both"), { text: '{"genesys":"n3w"}' });
    expect(await secret.renewed("g3n")).toEqual({ changed: true, value: "n3w" });
  });

  it("may name a key, whose mistakes are listed like others", async () => {
    const { privateKey, certificate } = createSigningPair();
    const signs = {
      ORACLE_CLIENT_SECRET: undefined,
      ORACLE_PRIVATE_KEY: arn("key"),
      ORACLE_KEY_ID: "alias",
    };
    manager.secrets.set(arn("key"), { text: privateKey });
    expect(await readConfig(environment(signs))).toMatchObject({ ORACLE_KEY_ID: { kid: "alias" } });
    manager.secrets.set(arn("key"), { text: certificate });
    expect(await problems(signs)).toEqual([
      expect.stringContaining("ORACLE_PRIVATE_KEY must be a private key, is a CERTIFICATE"),
    ]);
  });

  it("that cannot be read are listed with every other mistake, in one message", async () => {
    manager.secrets.set(arn("denied"), { text: "", error: "AccessDeniedException" });
    const found = await problems({
      GENESYS_CLIENT_SECRET: arn("missing"),
      ORACLE_CLIENT_SECRET: arn("denied"),
      REDIS_URL: "arn:aws:ssm:eu-central-1:111122223333:parameter/redis",
      ORACLE_CA_FILE: join(folder, "none.pem"),
      LANGUAGE: "tlh",
    });
    expect(found).toEqual([
      expect.stringMatching(/^GENESYS_CLIENT_SECRET .*missing-AbCdEf does not exist/),
      expect.stringMatching(/^ORACLE_CLIENT_SECRET .*denied-AbCdEf may not be read/),
      expect.stringMatching(/^ORACLE_CA_FILE names a file that does not exist.*none\.pem/),
      expect.stringMatching(/^LANGUAGE must be/),
      expect.stringMatching(/^REDIS_URL must be the ARN of a secret in AWS Secrets Manager/),
    ]);
  });

  it("are fetched for the variables that a command reads, and for no others", async () => {
    manager.secrets.set(arn("genesys"), { text: "g3n" });
    const before = manager.asked.length;
    const config = await readQueueAndGenesysConfig(
      environment({ GENESYS_CLIENT_SECRET: arn("genesys"), ORACLE_CLIENT_SECRET: arn("other") }),
    );
    expect(config.GENESYS_CLIENT_SECRET).toBe("g3n");
    expect(manager.asked.slice(before)).toEqual([arn("genesys")]);
  });

  it("are mistakes if nothing is fetched, instead of secrets", () => {
    const set = { ...BASE, GENESYS_CLIENT_SECRET: arn("genesys") };
    expect(() => loadConfig(set)).toThrow("GENESYS_CLIENT_SECRET must be given as text here");
  });
});

describe("certificates and keys", () => {
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  it("are files, or the PEM itself", async () => {
    const { cert, key } = authority.issue();
    const { oracleNetwork } = await readConfig(
      environment({
        ORACLE_CA_FILE: authority.cert,
        ORACLE_CLIENT_CERT_FILE: cert,
        ORACLE_CLIENT_KEY_FILE: key,
        ORACLE_PROXY_URL: "http://user:p%40ss@proxy.example.com:3128",
      }),
    );
    expect(oracleNetwork).toMatchObject({
      proxyUrl: "http://user:p%40ss@proxy.example.com:3128",
      ca: expect.stringContaining("BEGIN CERTIFICATE"),
      clientCertificate: { key: expect.stringContaining("PRIVATE KEY") },
    });
    const { privateKey } = createSigningPair();
    const signs = { ORACLE_CLIENT_SECRET: undefined, ORACLE_KEY_ID: "alias" };
    const path = file("sign.pem", privateKey);
    await readConfig(environment({ ...signs, ORACLE_PRIVATE_KEY: path }));
    await readConfig(environment({ ...signs, ORACLE_PRIVATE_KEY: privateKey }));
  });

  it.each<[string, () => Record<string, string>, RegExp]>([
    [
      "no certificate",
      () => ({ ORACLE_CA_FILE: file("a.pem", "hello") }),
      /^ORACLE_CA_FILE must be one or more certificates in PEM.*a\.pem"/,
    ],
    [
      "a key for a certificate",
      () => ({ ORACLE_CA_FILE: authority.issue().key }),
      /^ORACLE_CA_FILE must be one or more/,
    ],
    [
      "a folder",
      () => ({ ORACLE_CA_FILE: folder }),
      /^ORACLE_CA_FILE names a file that cannot be read \(EISDIR\)/,
    ],
    [
      "one without the other",
      () => ({ ORACLE_CLIENT_CERT_FILE: authority.issue().cert }),
      /^ORACLE_CLIENT_KEY_FILE is required with ORACLE_CLIENT_CERT_FILE/,
    ],
    [
      "a certificate and the key of another",
      () => ({
        ORACLE_CLIENT_CERT_FILE: authority.issue().cert,
        ORACLE_CLIENT_KEY_FILE: authority.issue().key,
      }),
      /do not belong together/,
    ],
    [
      "a proxy without scheme",
      () => ({ ORACLE_PROXY_URL: "user:hunter2@proxy:3128" }),
      /^ORACLE_PROXY_URL must be http\(s\):\/\/<host>:<port>/,
    ],
    [
      "a password that is not encoded",
      () => ({ ORACLE_PROXY_URL: "http://user:hunter2%@proxy:3128" }),
      /percent-encoded/,
    ],
  ])("%s", async (_, set, problem) => {
    const found = await problems(set());
    expect(found).toEqual([expect.stringMatching(problem)]);
    expect(found.join()).not.toMatch(/hunter2|MII/);
  });
});
