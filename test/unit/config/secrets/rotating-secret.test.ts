import { beforeEach, describe, expect, it } from "vitest";
import { SecretReadError } from "../../../../src/config/secrets/reader.ts";
import {
  READ_AGAIN_AFTER_MS,
  rotatingSecret,
} from "../../../../src/config/secrets/rotating-secret.ts";
import { type MonotonicMs, monotonicMs } from "../../../../src/domain/time.ts";

let now: MonotonicMs;
let reads: number;
let stored: string | Error;
beforeEach(() => {
  now = monotonicMs(0);
  reads = 0;
  stored = "one";
});

function secret() {
  return rotatingSecret({
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
    problem: (value) => (value === "bad" ? "ORACLE_PASSWORD is bad" : undefined),
    now: () => now,
  });
}

describe("a rotating secret", () => {
  it("is read again once for all calls whose value was refused", async () => {
    const one = secret();
    stored = "two";
    const looks = await Promise.all([one.renewed("one"), one.renewed("one"), one.renewed("one")]);
    expect(looks).toEqual(Array(3).fill({ changed: true, value: "two" }));
    // A later call with the old value gets the new one at once.
    expect(await one.renewed("one")).toEqual({ changed: true, value: "two" });
    expect([one.current(), reads]).toEqual(["two", 1]);
  });

  it("is read once a minute at most, however often it is refused", async () => {
    const one = secret();
    for (let i = 0; i < 10; i += 1) expect(await one.renewed("one")).toEqual({ changed: false });
    now = monotonicMs(READ_AGAIN_AFTER_MS - 1);
    await one.renewed("one");
    expect(reads).toBe(1);
    now = monotonicMs(READ_AGAIN_AFTER_MS);
    stored = "two";
    expect(await one.renewed("one")).toEqual({ changed: true, value: "two" });
    expect(reads).toBe(2);
  });

  it("keeps its value, and says why, if the new one cannot be read or is wrong", async () => {
    const one = secret();
    stored = new SecretReadError("arn:of:it may not be read");
    expect(await one.renewed("one")).toEqual({
      changed: false,
      because: "arn:of:it may not be read",
    });
    now = monotonicMs(READ_AGAIN_AFTER_MS);
    stored = "bad";
    expect(await one.renewed("one")).toEqual({
      changed: false,
      because: "arn:of:it was changed, but ORACLE_PASSWORD is bad",
    });
    expect(one.current()).toBe("one");
  });
});
