import { describe, expect, it } from "vitest";
import {
  ConfigurationError,
  loadConfig,
  loadLookupConfig,
  loadQueueAndGenesysConfig,
  loadQueueConfig,
  loadSetupConfig,
} from "../../../src/config/load.ts";
import { variables } from "../../../src/config/variables.ts";

const least = {
  QUEUE_URL: "https://sqs.eu-central-1.amazonaws.com/111122223333/ringahead-events",
  DEAD_LETTER_QUEUE_URL: "https://sqs.eu-central-1.amazonaws.com/111122223333/ringahead-dead",
  GENESYS_REGION: "eu-central-1",
  GENESYS_CLIENT_ID: "genesys-client",
  GENESYS_CLIENT_SECRET: "s3cret-of-genesys",
  ORACLE_BASE_URL: "https://gateway.example.com",
  ORACLE_CLIENT_ID: "oracle-client",
  ORACLE_CLIENT_SECRET: "s3cret-of-oracle",
};

function problems(changes: Readonly<Record<string, string | undefined>>): readonly string[] {
  try {
    loadConfig({ ...least, ...changes });
  } catch (error) {
    if (error instanceof ConfigurationError) return error.problems;
    throw error;
  }
  return [];
}

describe("the required variables are enough", () => {
  it("because everything else has a default", () => {
    expect(loadConfig(least)).toMatchObject({
      AWS_REGION: "eu-central-1",
      sqsEndpoint: undefined,
      GENESYS_API_URL: "https://api.mypurecloud.de",
      GENESYS_LOGIN_URL: "https://login.mypurecloud.de",
      GENESYS_REQUESTS_PER_MINUTE: 300,
      ORACLE_DIALECT: "gateway",
      oracleLogin: { by: "token", origin: "https://gateway.example.com", path: "/oauth/token" },
      ATTRIBUTE_PREFIX: "oracle_",
      AGENT_PANEL_LABELS: undefined,
      SHADOW: false,
    });
  });

  it("and an empty variable is not set", () => {
    expect(loadConfig({ ...least, LANGUAGE: "", GENESYS_API_URL: " " }).LANGUAGE).toBe("en");
  });
});

describe("mistakes", () => {
  it("are all listed at once, by name", () => {
    const found = problems({
      QUEUE_URL: undefined,
      DEAD_LETTER_QUEUE_URL: undefined,
      GENESYS_REGION: undefined,
      ORACLE_TIMEOUT_MS: "soon",
      SHADOW: "perhaps",
      LANGUAGE: "tlh",
    });
    expect(found.map((problem) => problem.split(" ")[0])).toEqual([
      "QUEUE_URL",
      "DEAD_LETTER_QUEUE_URL",
      "ORACLE_TIMEOUT_MS",
      "LANGUAGE",
      "SHADOW",
      "GENESYS_REGION",
    ]);
  });

  it.each([
    ["ORACLE_TIMEOUT_MS", "soon", 'must be a whole number from 10 to 120000, is "soon"'],
    ["GENESYS_REQUESTS_PER_MINUTE", "0", "from 1 to 100000"],
    ["ORACLE_BASE_URL", "gateway.example.com", "must be an http or https URL"],
    ["ORACLE_DIALECT", "siebel", "must be gateway, b2c or fusion"],
    ["ORACLE_DIALECT", "b2c", "ORACLE_TOKEN_URL is required with ORACLE_DIALECT=b2c"],
    ["ORACLE_CUSTOM_FIELDS", "CustomFields.c.a, I.Threads", "must be CustomFields.<package>"],
    ["ORACLE_CUSTOM_FIELDS", "CustomFields.c.a,".repeat(9), "8 at most"],
    ["ORACLE_HOME_COUNTRIES", "+1", "must be country calling codes"],
    ["ORACLE_HOME_COUNTRIES", "1,DE", "must be country calling codes"],
    ["ORACLE_HOME_COUNTRIES", "999", "must be country calling codes"],
    ["REFERENCE_ATTRIBUTE", "a/b", "must be the name of an attribute"],
    ["REFERENCE_ATTRIBUTE", "oracle_status", "must be an attribute that a flow sets"],
    ["ORACLE_PHONE_PREFIXES", "0,+1", "must be 1 to 4 digits each"],
    ["ORACLE_ACCEPT_LANGUAGE", "*", "must be a language"],
    ["GENESYS_REGION", "mars", "must be one of us-east-1"],
    ["DEFAULT_PHONE_REGION", "XX", "must be the two capital letters"],
    ["ATTRIBUTE_PREFIX", "1oracle", "must be a letter, then up to 30"],
    ["AGENT_PANEL_LABELS", "name=Customer", "must be true, false, or pairs key=Label"],
    ["AGENT_PANEL_LABELS", `summary=${"x".repeat(41)}`, "labels of 40 characters at most"],
    ["AGENT_PANEL_LABELS", "summary=Oracle,open_cases=Oracle", "a label of its own"],
    ["LOOKUP_DEADLINE_MS", "3000", "must be a whole number from 10 to 2900"],
    ["ORACLE_CASE_URL_TEMPLATE", "https://crm.example.com/{id}", "and no other {}"],
    ["DEAD_LETTER_QUEUE_URL", least.QUEUE_URL, "must not be QUEUE_URL"],
    ["SHADOW_SAMPLE_FILE", "/data/sample.jsonl", "needs SHADOW=true"],
  ])("%s=%s: rule and value", (name, value, rule) => {
    const [problem = "", ...others] = problems({ [name]: value });
    expect(others).toEqual([]);
    expect(problem).toContain(name);
    expect(problem).toContain(rule);
  });

  it("do not include SHADOW_SAMPLE_FILE in shadow mode", () => {
    expect(problems({ SHADOW: "1", SHADOW_SAMPLE_FILE: "/data/sample.jsonl" })).toEqual([]);
  });

  it("never show a secret's value, and refuse one inside a URL", () => {
    const url = "https://user:hunter2@gateway.example.com";
    const found = problems({ ORACLE_BASE_URL: url, GENESYS_CLIENT_SECRET: undefined }).join("\n");
    expect(found).toContain("GENESYS_CLIENT_SECRET is required");
    expect(found).not.toContain("hunter2");
  });

  it("do not include a missing GENESYS_REGION if both URLs are set", () => {
    const urls = { GENESYS_API_URL: "http://127.0.0.1:1", GENESYS_LOGIN_URL: "http://127.0.0.1:2" };
    expect(problems({ GENESYS_REGION: undefined, ...urls })).toEqual([]);
  });
});

describe("addresses", () => {
  it("a region may be a host", () => {
    const config = loadConfig({ ...least, GENESYS_REGION: "mypurecloud.ie" });
    expect(config.GENESYS_API_URL).toBe("https://api.mypurecloud.ie");
  });
  it("the token endpoint is under the API, at an origin of its own, or a whole URL", () => {
    const endpoint = (changes: Record<string, string>) =>
      loadConfig({ ...least, ...changes }).oracleLogin;
    expect(endpoint({ ORACLE_BASE_URL: "https://gw.example.com/oracle" })).toMatchObject({
      origin: "https://gw.example.com/oracle",
      path: "/oauth/token",
    });
    expect(endpoint({ ORACLE_TOKEN_URL: "https://idcs.example.com" })).toMatchObject({
      origin: "https://idcs.example.com",
    });
    expect(
      endpoint({ ORACLE_TOKEN_URL: "https://idcs.example.com/oauth2/v1/token" }),
    ).toMatchObject({
      path: "/oauth2/v1/token",
    });
  });
});

describe("a dialect", () => {
  const load = (changes: Record<string, string>) => loadConfig({ ...least, ...changes });
  const ORACLE_TOKEN_URL = "https://idcs.example.com";

  it("has its own defaults", () => {
    expect(load({})).toMatchObject({
      ORACLE_CONCURRENCY: 16,
      ORACLE_SCOPE: expect.stringContaining("case.read"),
    });
    expect(load({ ORACLE_DIALECT: "b2c", ORACLE_TOKEN_URL })).toMatchObject({
      ORACLE_CONCURRENCY: 4,
      ORACLE_SCOPE: undefined,
      oracleLogin: { by: "token", origin: ORACLE_TOKEN_URL, path: "/oauth2/v1/token" },
      ORACLE_CUSTOM_FIELDS: [],
      ORACLE_PHONE_PREFIXES: [],
      ORACLE_ACCEPT_LANGUAGE: undefined,
    });
  });

  it("and what is set takes precedence", () => {
    const own = { ORACLE_CONCURRENCY: "2", ORACLE_SCOPE: "urn:opc:all" };
    expect(load({ ORACLE_DIALECT: "b2c", ORACLE_TOKEN_URL, ...own })).toMatchObject({
      ORACLE_CONCURRENCY: 2,
      ORACLE_SCOPE: "urn:opc:all",
    });
  });

  it("lists are separated by commas; placeholders in either case", () => {
    const listed = load({
      ORACLE_PLACEHOLDERS: "12, Unknown Caller ,Anonymous@Example.com,",
      ORACLE_PHONE_PREFIXES: "9,011",
      ORACLE_CUSTOM_FIELDS: "CustomFields.c.level, CustomFields.Loyalty.card",
    });
    expect([...listed.ORACLE_PLACEHOLDERS]).toEqual([
      ...["12", "unknown caller", "anonymous@example.com"],
    ]);
    expect(listed.ORACLE_PHONE_PREFIXES).toEqual(["9", "011"]);
    expect(listed.ORACLE_CUSTOM_FIELDS).toHaveLength(2);
  });
});

describe("agent panel labels", () => {
  it("are set by name, or by `true`", () => {
    const labels = (value: string) =>
      loadConfig({ ...least, AGENT_PANEL_LABELS: value }).AGENT_PANEL_LABELS;
    expect(labels("summary=Oracle CX, open_cases=Open cases")).toEqual({
      summary: "Oracle CX",
      open_cases: "Open cases",
    });
    expect(labels("true")).toHaveProperty("summary");
    expect(labels("false")).toBeUndefined();
  });
});

it("every variable has a meaning", () => {
  for (const [name, { meaning }] of Object.entries(variables)) expect(meaning, name).not.toBe("");
});

describe("lookups on demand", () => {
  const { QUEUE_URL: _, DEAD_LETTER_QUEUE_URL: __, ...rest } = least;
  const oracle = Object.fromEntries(
    Object.entries(rest).filter(([name]) => name.startsWith("ORACLE_")),
  );

  it("need no queue, and Genesys only if its client is set or histories are shared", () => {
    expect(loadLookupConfig(oracle).genesys).toBeUndefined();
    expect(loadLookupConfig(rest).genesys).toMatchObject({
      GENESYS_API_URL: "https://api.mypurecloud.de",
    });
    const shared = () => loadLookupConfig({ ...oracle, REDIS_URL: "redis://127.0.0.1:1" });
    expect(shared).toThrow(/GENESYS_CLIENT_ID is required/);
  });

  it("are served with one secret or two, which are long enough and never shown", () => {
    const secrets = (environment: Record<string, string>) =>
      loadLookupConfig({ ...oracle, ...environment }, undefined, ["LOOKUP_SECRET"]);
    expect(() => secrets({})).toThrow(/LOOKUP_SECRET is required/);
    expect(() => secrets({ LOOKUP_SECRET: "too-short" })).toThrow(/16 to 512 visible ASCII/);
    expect(() => secrets({ LOOKUP_SECRET: "too-short" })).not.toThrow(/too-short/);
    const [first, second] = ["a".repeat(16), "b".repeat(16)];
    const both = secrets({ LOOKUP_SECRET: first, LOOKUP_SECRET_PREVIOUS: second });
    expect(both.lookupSecrets.map((secret) => secret.current())).toEqual([first, second]);
  });
});

describe("a part of the configuration", () => {
  const { QUEUE_URL, DEAD_LETTER_QUEUE_URL } = least;

  it("is loaded without the rest", () => {
    const loaded = loadQueueConfig({ QUEUE_URL, DEAD_LETTER_QUEUE_URL, ORACLE_TIMEOUT_MS: "soon" });
    expect(loaded).toMatchObject({ QUEUE_URL, DEAD_LETTER_QUEUE_URL, AWS_REGION: "eu-central-1" });
    const { GENESYS_REGION, GENESYS_CLIENT_ID, GENESYS_CLIENT_SECRET } = least;
    const genesys = { GENESYS_REGION, GENESYS_CLIENT_ID, GENESYS_CLIENT_SECRET };
    expect(
      loadQueueAndGenesysConfig({ QUEUE_URL, DEAD_LETTER_QUEUE_URL, ...genesys }),
    ).toMatchObject({ GENESYS_API_URL: "https://api.mypurecloud.de", GENESYS_TIMEOUT_MS: 10_000 });
  });

  it("for a set-up has no client, and reads the lookup secret only if it is required", () => {
    const { GENESYS_REGION } = least;
    const set = { GENESYS_REGION, QUEUE_URL: "wrong", LOOKUP_SECRET: "a".repeat(16) };
    expect(loadSetupConfig(set)).toEqual({
      ...{ AWS_REGION: "us-east-1", ATTRIBUTE_PREFIX: "oracle_" },
      GENESYS_API_URL: "https://api.mypurecloud.de",
      GENESYS_LOGIN_URL: "https://login.mypurecloud.de",
    });
    const must = ["LOOKUP_SECRET"] as const;
    expect(loadSetupConfig(set, undefined, must)).toMatchObject({ LOOKUP_SECRET: "a".repeat(16) });
    expect(() => loadSetupConfig({ GENESYS_REGION }, undefined, must)).toThrow(
      /LOOKUP_SECRET is required/,
    );
  });

  it("lists all of its own mistakes, and no others", () => {
    const names = (load: () => unknown) => {
      try {
        load();
      } catch (error) {
        if (error instanceof ConfigurationError) {
          return error.problems.map((problem) => problem.split(" ")[0]);
        }
      }
      return [];
    };
    expect(names(() => loadQueueConfig({}))).toEqual(["QUEUE_URL", "DEAD_LETTER_QUEUE_URL"]);
    expect(names(() => loadQueueAndGenesysConfig({ QUEUE_URL }))).toEqual([
      "DEAD_LETTER_QUEUE_URL",
      "GENESYS_CLIENT_ID",
      "GENESYS_CLIENT_SECRET",
      "GENESYS_REGION",
    ]);
    const same = { QUEUE_URL, DEAD_LETTER_QUEUE_URL: QUEUE_URL };
    expect(names(() => loadQueueConfig(same))).toEqual(["DEAD_LETTER_QUEUE_URL"]);
  });
});
