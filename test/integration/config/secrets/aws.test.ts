import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createSecretsManager } from "../../../../src/config/secrets/aws.ts";
import { readReference } from "../../../../src/config/secrets/reference.ts";
import {
  type SecretsManager,
  type StoredSecret,
  startSecretsManager,
} from "../../../support/secrets-manager.ts";

const ARN = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:ringahead/oracle-AbCdEf";
const credentials = { accessKeyId: "test", secretAccessKey: "test" };

let manager: SecretsManager;
beforeAll(async () => {
  manager = await startSecretsManager();
});
beforeEach(() => manager.secrets.clear());
afterAll(() => manager.close());

function read(end = "", endpoint = manager.url): Promise<string> {
  const reference = readReference(`${ARN}${end}`);
  if (reference === undefined) throw new Error("no reference");
  return createSecretsManager({ endpoint, credentials }).read(reference);
}

async function messageOf(stored: StoredSecret | undefined, end = ""): Promise<string> {
  if (stored !== undefined) manager.secrets.set(ARN, stored);
  const error = await read(end).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: "SecretReadError" });
  return String(error);
}

describe("a secret", () => {
  it("is its whole text, without the final newline that editors add", async () => {
    manager.secrets.set(ARN, { text: "s3cret\n" });
    expect(await read()).toBe("s3cret");
  });

  it("is one key of a JSON object, in the version that is named", async () => {
    manager.secrets.set(ARN, { text: '{"key":"new"}', previous: '{"key":"old"}' });
    expect(await read(":key::")).toBe("new");
    expect(await read(":key:AWSPREVIOUS:")).toBe("old");
  });
});

describe("a secret that cannot be read says why, and nothing of its value", () => {
  it.each<[string, StoredSecret | undefined, string, RegExp]>([
    ["missing", undefined, "", /does not exist: check account, region and name/],
    ["missing version", { text: "x" }, "::AWSPREVIOUS:", /or has no version AWSPREVIOUS/],
    ["no permission", { text: "x", error: "AccessDeniedException" }, "", /GetSecretValue/],
    ["no key", { text: "x", error: "DecryptionFailure" }, "", /allow kms:Decrypt/],
    ["deleted", { text: "x", error: "InvalidRequestException" }, "", /marked for deletion/],
    ["credentials", { text: "x", error: "UnrecognizedClientException" }, "", /AWS credentials/],
    ["binary", { text: undefined }, "", /is binary/],
    ["empty", { text: " " }, "", /is empty/],
    ["an object", { text: '{"key":"hunter2"}' }, "", /name the key, as in .*:<key>::/],
    ["no object", { text: "hunter2" }, ":key::", /holds no JSON object/],
    ["another key", { text: '{"other":"hunter2"}' }, ":key::", /has no key key/],
    ["an inherited key", { text: "{}" }, ":constructor::", /has no key constructor/],
    ["a number", { text: '{"key":12345}' }, ":key::", /must be a JSON string/],
  ])("%s", async (_, stored, end, words) => {
    const message = await messageOf(stored, end);
    expect(message).toMatch(words);
    expect(message).toContain(ARN);
    expect(message).not.toMatch(/hunter2|12345/);
  });

  it("no answer at all", async () => {
    const closed = await startSecretsManager();
    await closed.close();
    await expect(read("", closed.url)).rejects.toThrow(/ECONNREFUSED.*VPC endpoint/);
  });
});
