import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ConfigurationError, loadConfig } from "../../../src/config/load.ts";

const rsa = (modulusLength: number) => generateKeyPairSync("rsa", { modulusLength });
const KEY = rsa(2048).privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const BASE = {
  QUEUE_URL: "https://sqs.eu-central-1.amazonaws.com/111122223333/ringahead-events",
  DEAD_LETTER_QUEUE_URL: "https://sqs.eu-central-1.amazonaws.com/111122223333/ringahead-dead",
  GENESYS_REGION: "eu-central-1",
  GENESYS_CLIENT_ID: "genesys-client",
  GENESYS_CLIENT_SECRET: "s3cret-of-genesys",
  ORACLE_BASE_URL: "https://site.example.com",
  ORACLE_DIALECT: "fusion",
};

const TOKEN_URL = { ORACLE_TOKEN_URL: "https://idcs.example.com" };
const ID = { ORACLE_CLIENT_ID: "id", ...TOKEN_URL };
const SECRET = { ORACLE_CLIENT_SECRET: "s3cret" };
const SIGNS = { ORACLE_PRIVATE_KEY: KEY, ORACLE_KEY_ID: "alias" };
const USER = { ORACLE_USERNAME: "INTEGRATION" };
const PASSWORD = { ORACLE_PASSWORD: "hunter2" };

const login = (set: Record<string, string>) => loadConfig({ ...BASE, ...set }).oracleLogin;
function problems(set: Record<string, string>): readonly string[] {
  try {
    loadConfig({ ...BASE, ...set });
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

describe("what is set says how Oracle is signed in to", () => {
  it.each<[string, Record<string, string>, object]>([
    ["secret", { ...ID, ...SECRET }, { clientId: "id", proof: { by: "secret" } }],
    ["key", { ...ID, ...SIGNS }, { clientId: "id", proof: { by: "key" } }],
    [
      "user by key",
      { ...ID, ...SIGNS, ...USER },
      { proof: { by: "key" }, user: { name: "INTEGRATION" } },
    ],
    [
      "user by key and secret",
      { ...ID, ...SECRET, ...SIGNS, ...USER },
      { proof: { by: "secret" }, user: { name: "INTEGRATION" } },
    ],
  ])("%s", (_, set, client) => {
    expect(login(set)).toMatchObject({
      by: "token",
      origin: "https://idcs.example.com",
      path: "/oauth2/v1/token",
      client,
    });
  });

  it("user and password, for which no token endpoint is needed", () => {
    expect(login({ ...USER, ...PASSWORD })).toMatchObject({
      by: "password",
      username: "INTEGRATION",
    });
  });

  it("the audience has a default, and its slash is kept", () => {
    const audience = (set: Record<string, string>) => login({ ...ID, ...SIGNS, ...set });
    const of = (value: string) => ({ client: { proof: { key: { audience: value } } } });
    expect(audience({})).toMatchObject(of("https://identity.oraclecloud.com/"));
    const own = "https://idcs.example.com";
    expect(audience({ ORACLE_AUDIENCE: own })).toMatchObject(of(own));
  });

  it.each([
    ["alias of mine", { kid: "alias of mine" }],
    [
      "x5t:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD",
      { x5t: "qrvM3e7_ABEiM0RVZneImaq7zN0" },
    ],
    ["x5t:qrvM3e7_ABEiM0RVZneImaq7zN0", { x5t: "qrvM3e7_ABEiM0RVZneImaq7zN0" }],
  ])("the key is known as %s", (ORACLE_KEY_ID, name) => {
    const found = login({ ...ID, ...SIGNS, ORACLE_KEY_ID });
    expect(found).toMatchObject({ client: { proof: { key: { name } } } });
  });
});

describe("what cannot be is told by name", () => {
  it.each<[Record<string, string>, ...string[]]>([
    [{}, "ORACLE_CLIENT_ID is required, with ORACLE_CLIENT_SECRET or ORACLE_PRIVATE_KEY; or"],
    [ID, "ORACLE_CLIENT_SECRET or ORACLE_PRIVATE_KEY is required with ORACLE_CLIENT_ID"],
    [{ ...SECRET, ...TOKEN_URL }, "ORACLE_CLIENT_ID is required with ORACLE_CLIENT_SECRET"],
    [{ ...SIGNS, ...TOKEN_URL }, "ORACLE_CLIENT_ID is required with ORACLE_PRIVATE_KEY"],
    [{ ...ID, ...SECRET, ...SIGNS }, "ORACLE_CLIENT_SECRET and ORACLE_PRIVATE_KEY must not both"],
    [{ ...ID, ORACLE_PRIVATE_KEY: KEY }, "ORACLE_KEY_ID is required with ORACLE_PRIVATE_KEY"],
    [{ ...ID, ...SECRET, ORACLE_KEY_ID: "a" }, "ORACLE_KEY_ID has no effect without"],
    [{ ...ID, ...SECRET, ORACLE_AUDIENCE: "a" }, "ORACLE_AUDIENCE has no effect without"],
    [{ ...ID, ...SECRET, ...USER }, "ORACLE_PRIVATE_KEY is required with ORACLE_USERNAME"],
    [USER, "ORACLE_PASSWORD is required with ORACLE_USERNAME"],
    [PASSWORD, "ORACLE_USERNAME is required with ORACLE_PASSWORD"],
    [
      { ...USER, ...PASSWORD, ...ID, ...SECRET },
      "ORACLE_CLIENT_ID has no effect with ORACLE_PASSWORD",
      "ORACLE_CLIENT_SECRET has no effect with ORACLE_PASSWORD",
      "ORACLE_TOKEN_URL has no effect with ORACLE_PASSWORD",
    ],
    [
      { ...USER, ...PASSWORD, ORACLE_DIALECT: "gateway" },
      "ORACLE_PASSWORD has no effect with ORACLE_DIALECT=gateway",
    ],
    [
      { ORACLE_CLIENT_ID: "id", ...SECRET },
      "ORACLE_TOKEN_URL is required with ORACLE_DIALECT=fusion",
    ],
    [
      { ...USER, ...PASSWORD, ORACLE_USERNAME: "a:b" },
      "ORACLE_USERNAME must be a user name without",
    ],
    [{ ...ID, ...SIGNS, ORACLE_KEY_ID: "x5t:abc" }, "ORACLE_KEY_ID must be an alias, or x5t:"],
  ])("%#", (set, ...told) => {
    const found = problems(set);
    expect(found).toHaveLength(told.length);
    told.forEach((words, index) => {
      expect(found[index]).toContain(words);
    });
    expect(found.join()).not.toMatch(/hunter2|s3cret/);
  });
});

describe("a private key", () => {
  const fault = (ORACLE_PRIVATE_KEY: string) => {
    const [problem = "", ...others] = problems({ ...ID, ...SIGNS, ORACLE_PRIVATE_KEY });
    expect(others).toEqual([]);
    expect(problem).not.toMatch(/MII/);
    return problem;
  };

  it("may be PKCS#1, which holds the same, and have escaped line ends", () => {
    const old = rsa(2048).privateKey.export({ type: "pkcs1", format: "pem" }).toString();
    expect(login({ ...ID, ...SIGNS, ORACLE_PRIVATE_KEY: old })).toMatchObject({ by: "token" });
    const escaped = KEY.replaceAll("\n", "\\n");
    expect(login({ ...ID, ...SIGNS, ORACLE_PRIVATE_KEY: escaped })).toMatchObject({ by: "token" });
  });

  it.each<[string, () => string, RegExp]>([
    [
      "too short",
      () => rsa(1024).privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
      /2048 bits at least, has 1024/,
    ],
    [
      "public",
      () => rsa(2048).publicKey.export({ type: "spki", format: "pem" }).toString(),
      /must be a private key, is a PUBLIC KEY/,
    ],
    [
      "encrypted",
      () =>
        rsa(2048)
          .privateKey.export({
            type: "pkcs8",
            format: "pem",
            cipher: "aes-256-cbc",
            passphrase: "x",
          })
          .toString(),
      /is encrypted: remove the pass phrase with `openssl pkcs8 -topk8 -nocrypt`/,
    ],
    [
      "of another kind",
      () =>
        generateKeyPairSync("ec", { namedCurve: "P-256" })
          .privateKey.export({ type: "pkcs8", format: "pem" })
          .toString(),
      /must be an RSA key, is ec/,
    ],
    ["cut off", () => KEY.slice(0, 400), /is incomplete or damaged/],
  ])("that is %s is one clear mistake", (_, key, told) => {
    expect(fault(key())).toMatch(/^ORACLE_PRIVATE_KEY /);
    expect(fault(key())).toMatch(told);
  });
});
