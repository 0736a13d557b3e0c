import { beforeEach, describe, expect, it } from "vitest";
import { keptSecret, READ_AGAIN_AFTER_MS } from "../../../../src/config/secrets/kept-secret.ts";
import { SecretUnread } from "../../../../src/config/secrets/reader.ts";

let now: number;
let reads: number;
let stored: string | Error;
beforeEach(() => {
  now = 0;
  reads = 0;
  stored = "one";
});

function secret() {
  return keptSecret({
    variable: "ORACLE_PASSWORD",
    reference: {
      arn: "arn:of:it",
      region: "us-east-1",
      jsonKey: undefined,
      versionStage: undefined,
      versionId: undefined,
    },
    value: "one",
    reader: {
      read() {
        reads += 1;
        return stored instanceof Error ? Promise.reject(stored) : Promise.resolve(stored);
      },
    },
    fault: (value) => (value === "bad" ? "ORACLE_PASSWORD is bad" : undefined),
    now: () => now,
  });
}

describe("a kept secret", () => {
  it("is read again once for all whose value was refused", async () => {
    const one = secret();
    stored = "two";
    const looks = await Promise.all([one.renewed("one"), one.renewed("one"), one.renewed("one")]);
    expect(looks).toEqual(Array(3).fill({ changed: true, value: "two" }));
    // Who comes late with the old value is given the new one at once.
    expect(await one.renewed("one")).toEqual({ changed: true, value: "two" });
    expect([one.current(), reads]).toEqual(["two", 1]);
  });

  it("is read once a minute at most, however often it is refused", async () => {
    const one = secret();
    for (let i = 0; i < 10; i += 1) expect(await one.renewed("one")).toEqual({ changed: false });
    now = READ_AGAIN_AFTER_MS - 1;
    await one.renewed("one");
    expect(reads).toBe(1);
    now = READ_AGAIN_AFTER_MS;
    stored = "two";
    expect(await one.renewed("one")).toEqual({ changed: true, value: "two" });
    expect(reads).toBe(2);
  });

  it("keeps its value, and says why, where it cannot be read or is unusable now", async () => {
    const one = secret();
    stored = new SecretUnread("arn:of:it may not be read");
    expect(await one.renewed("one")).toEqual({
      changed: false,
      because: "arn:of:it may not be read",
    });
    now = READ_AGAIN_AFTER_MS;
    stored = "bad";
    expect(await one.renewed("one")).toEqual({
      changed: false,
      because: "arn:of:it was changed, but ORACLE_PASSWORD is bad",
    });
    expect(one.current()).toBe("one");
  });
});
