import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { SampleFile } from "../../../src/app/sample-file.ts";
import { seededOrder } from "../../../src/app/seeded-order.ts";
import { openShadowSample } from "../../../src/app/shadow-sample.ts";
import { type Call, Priority } from "../../../src/domain/call.ts";
import { Failure } from "../../../src/domain/failure.ts";
import type { History } from "../../../src/domain/history/history.ts";
import type { E164, EmailAddress, Identity } from "../../../src/domain/identity/identity.ts";
import type { SampledNumber } from "../../../src/domain/sample/sampled-number.ts";
import { epochMs } from "../../../src/domain/time.ts";

const WRITE_EVERY_MS = 30_000;
const call: Call = { signal: new AbortController().signal, priority: Priority.live };
const phone = (number: string): Identity => ({ kind: "phone", number: number as E164 });
const found = (rank: "exact" | "national") => ({ match: "found", rank }) as History;

function memoryFile(held: readonly SampledNumber[] = []) {
  const writes: (readonly SampledNumber[])[] = [];
  const file: SampleFile & { broken: boolean } = {
    broken: false,
    read: () => Promise.resolve(held),
    write(numbers) {
      if (file.broken) return Promise.reject(fullDisk());
      writes.push(numbers);
      return Promise.resolve();
    },
  };
  return { file, writes };
}

const fullDisk = () =>
  new Failure({
    ...{ kind: "misconfigured", code: "forbidden", source: "worker" },
    ...{ message: "the file cannot be written (ENOSPC)", cure: "" },
  } as const);

async function start(held: readonly SampledNumber[] = []) {
  const { file, writes } = memoryFile(held);
  const reported: unknown[] = [];
  const sample = await openShadowSample({
    file,
    orderOf: seededOrder("test"),
    placeholders: new Set(["+15550100000"]),
    report: (name, fact) => reported.push([name, fact]),
    writeEveryMs: WRITE_EVERY_MS,
  });
  let history: History = { match: "not_found" };
  const find = sample.around(() => Promise.resolve({ history, asOf: epochMs(0), cached: false }));
  const look = (identity: Identity, result: History) => {
    history = result;
    return find(identity, call);
  };
  return { sample, file, writes, reported, look };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("the sample of shadow mode", () => {
  it("has numbers that were not found, are ambiguous or were found by national digits", async () => {
    const { look, sample, writes } = await start();
    await look(phone("+4915112345671"), { match: "not_found" });
    await look(phone("+4915112345672"), { match: "ambiguous" });
    await look(phone("+4915112345673"), found("national"));
    await look(phone("+4915112345674"), found("exact"));
    await sample.close();
    expect(writes.at(-1)?.toSorted((a, b) => (a.number < b.number ? -1 : 1))).toEqual([
      { number: "+4915112345671", match: "not_found", country: "DE" },
      { number: "+4915112345672", match: "ambiguous", country: "DE" },
      { number: "+4915112345673", match: "national", country: "DE" },
    ]);
  });

  it("has no email address, no reference and no placeholder", async () => {
    const { look, sample, writes } = await start();
    const address = "ada@example.com" as EmailAddress;
    await look({ kind: "email", address, spellings: [] }, { match: "not_found" });
    await look(phone("+15550100000"), { match: "not_found" });
    await sample.close();
    expect(writes).toEqual([[]]);
  });

  it("loses a number that is found for sure later", async () => {
    const { look, sample, writes } = await start();
    await look(phone("+4915112345671"), { match: "not_found" });
    await look(phone("+4915112345671"), found("exact"));
    await sample.close();
    expect(writes.at(-1)).toEqual([]);
  });

  it("is written at once to prove the file, then at most every 30 s, and at the end", async () => {
    const { look, sample, writes } = await start();
    expect(writes).toHaveLength(1);
    for (let n = 0; n < 9; n += 1) await look(phone(`+491511234567${n}`), { match: "not_found" });
    expect(writes).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(WRITE_EVERY_MS);
    expect(writes.map((numbers) => numbers.length)).toEqual([0, 9]);
    await vi.advanceTimersByTimeAsync(10 * WRITE_EVERY_MS);
    expect(writes).toHaveLength(2);
    await look(phone("+4915112345680"), { match: "not_found" });
    await sample.close();
    expect(writes.at(-1)).toHaveLength(10);
  });

  it("continues the sample that is in the file", async () => {
    const held = { number: "+4915112345679", match: "ambiguous", country: "DE" } as const;
    const { look, sample, writes } = await start([held]);
    await look(phone("+4915112345671"), { match: "not_found" });
    await sample.close();
    expect(writes.at(-1)).toHaveLength(2);
    expect(writes.at(-1)).toContainEqual(held);
  });

  it("that cannot be written is reported once, and written when that is possible again", async () => {
    const { look, file, writes, reported, sample } = await start();
    file.broken = true;
    for (let n = 0; n < 3; n += 1) {
      await look(phone(`+491511234567${n}`), { match: "not_found" });
      await vi.advanceTimersByTimeAsync(WRITE_EVERY_MS);
    }
    expect(reported).toEqual([
      ["sample.failed", { reason: "the file cannot be written (ENOSPC)" }],
    ]);
    file.broken = false;
    await look(phone("+4915112345674"), { match: "not_found" });
    await sample.close();
    expect(writes.at(-1)).toHaveLength(4);
  });
});
