import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { managedSecret } from "../../../../src/operations/setup/secret/managed.ts";
import {
  type SecretsManager,
  type StoredSecret,
  startSecretsManager,
} from "../../../support/secrets-manager.ts";

const SECRET = "hunter2-hunter2";
const NAME = "ringahead/genesys";
const ARN = `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${NAME}-AbCdEf`;
const credentials = { accessKeyId: "test", secretAccessKey: "test" };

let manager: SecretsManager;
beforeAll(async () => {
  manager = await startSecretsManager();
});
beforeEach(() => {
  manager.secrets.clear();
  manager.refused.clear();
});
afterAll(() => manager.close());

/** The write operations that `work` causes. */
async function writesOf(work: () => Promise<unknown>): Promise<readonly string[]> {
  const before = manager.writes.length;
  await work();
  return manager.writes.slice(before);
}

function place(nameOrArn = NAME, region = "eu-central-1", endpoint = manager.url) {
  return managedSecret(nameOrArn, { region, endpoint, credentials });
}

async function failureOf(work: () => Promise<unknown>) {
  const before = manager.writes.length;
  const failure = await work().catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: "Failure", source: "worker" });
  expect(JSON.stringify(failure) + String(failure)).not.toContain(SECRET);
  expect(manager.writes).toHaveLength(before);
  return failure;
}

describe("a secret by its name", () => {
  it("is created without a value first, then gets one", async () => {
    const secret = place();
    expect(await secret.read()).toBeUndefined();
    expect(await writesOf(() => secret.prepare())).toEqual(["CreateSecret"]);
    expect(manager.secrets.get(ARN)).toEqual({ empty: true, text: undefined });
    expect(await secret.read()).toBeUndefined();
    await secret.store(SECRET);
    expect(await secret.reference()).toBe(ARN);
    expect(manager.secrets.get(ARN)?.text).toBe(SECRET);
    expect(await secret.read()).toBe(SECRET);
    expect(secret.description).toBe(NAME);
  });

  it("is known after its creation, even if it cannot be found yet", async () => {
    const secret = place();
    await secret.prepare();
    manager.refused.set("DescribeSecret", "ResourceNotFoundException");
    expect(await writesOf(() => secret.store(SECRET))).toEqual(["PutSecretValue"]);
  });

  it("is created with its value if it was not prepared", async () => {
    expect(await writesOf(() => place().store(SECRET))).toEqual(["CreateSecret"]);
    expect(await place().read()).toBe(SECRET);
  });

  it("that an earlier run created without a value is used", async () => {
    await place().prepare();
    expect(await writesOf(() => place().prepare())).toEqual([]);
    await place().store(SECRET);
    expect(await place().read()).toBe(SECRET);
  });
});

describe("a secret by its ARN", () => {
  it("gets a new value and keeps the old one", async () => {
    manager.secrets.set(ARN, { text: "created by the stack\n" });
    const secret = place(ARN, "us-east-1");
    expect(await secret.read()).toBe("created by the stack");
    // The same value under its own version id proves the permission and changes nothing.
    expect(await writesOf(() => secret.prepare())).toEqual([]);
    await secret.store(SECRET);
    expect(await secret.reference()).toBe(ARN);
    expect(manager.secrets.get(ARN)).toMatchObject({
      text: SECRET,
      previous: "created by the stack\n",
    });
    expect(secret.description).toBe(ARN);
  });

  it("has to exist", async () => {
    for (const work of ["read", "prepare"] as const) {
      expect(await failureOf(() => place(ARN)[work]())).toMatchObject({
        ...{ kind: "misconfigured", message: expect.stringMatching(/does not exist/) },
        cure: expect.stringMatching(/give a name/),
      });
    }
    await failureOf(() => place(ARN).store(SECRET));
  });
});

describe("a secret that cannot be stored is reported before it is created", () => {
  it.each<[string, StoredSecret | undefined, string, RegExp]>([
    ["DescribeSecret", undefined, "AccessDeniedException", /Allow secretsmanager:DescribeSecret/],
    ["CreateSecret", undefined, "AccessDeniedException", /Allow secretsmanager:CreateSecret/],
    ["CreateSecret", undefined, "EncryptionFailure", /kms:GenerateDataKey/],
    ["GetSecretValue", { text: SECRET }, "AccessDeniedException", /secretsmanager:GetSecretValue/],
    ["GetSecretValue", { text: SECRET }, "DecryptionFailure", /kms:Decrypt/],
    ["PutSecretValue", { text: SECRET }, "AccessDeniedException", /secretsmanager:PutSecretValue/],
    ["PutSecretValue", { text: SECRET }, "InvalidRequestException", /Restore it/],
    ["DescribeSecret", undefined, "ExpiredTokenException", /Sign in to AWS again/],
  ])("%s (%o) answers %s", async (action, stored, refusal, cure) => {
    if (stored !== undefined) manager.secrets.set(ARN, stored);
    manager.refused.set(action, refusal);
    expect(await failureOf(() => place().prepare())).toMatchObject({
      ...{ kind: "misconfigured", cure: expect.stringMatching(cure) },
      message: expect.stringMatching(/ringahead\/genesys|secretsmanager:DescribeSecret/),
    });
  });

  it.each<[string, StoredSecret, RegExp]>([
    ["binary", { text: undefined }, /binary data, which would be lost/],
    ["of many", { text: `{"key":"${SECRET}"}` }, /a JSON object, which would be lost/],
    ["deleted", { text: SECRET, described: { DeletedDate: 1_767_225_600 } }, /for deletion/],
    ["another's", { text: SECRET, described: { OwningService: "rds" } }, /belongs to rds/],
    ["a copy", { text: SECRET, described: { PrimaryRegion: "us-east-1" } }, /us-east-1/],
  ])("it is %s", async (_, stored, message) => {
    manager.secrets.set(ARN, stored);
    expect(await failureOf(() => place().prepare())).toMatchObject({
      ...{ kind: "misconfigured", message: expect.stringMatching(message) },
    });
  });

  it.each([
    ["a name with spaces", "my secret", /letters, digits/],
    ["an ARN of something else", "arn:aws:sqs:us-east-1:111122223333:queue", /whole secret/],
    ["an ARN with a key", `${ARN}:key::`, /no key or version/],
  ])("%s", async (_, nameOrArn, message) => {
    // Refused before any request.
    const failure = await failureOf(async () => await place(nameOrArn).prepare());
    expect(`${failure} ${JSON.stringify(failure)}`).toMatch(message);
  });

  it("Secrets Manager cannot be reached", async () => {
    const closed = await startSecretsManager();
    await closed.close();
    expect(await failureOf(() => place(NAME, "eu-central-1", closed.url).prepare())).toMatchObject({
      ...{ kind: "retryable", code: "network", message: expect.stringMatching(/ECONNREFUSED/) },
    });
  });

  it("no message contains a value that cannot be put", async () => {
    await place().prepare();
    manager.refused.set("PutSecretValue", "AccessDeniedException");
    expect(await failureOf(() => place().store(SECRET))).toMatchObject({ code: "forbidden" });
  });
});
