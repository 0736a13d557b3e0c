import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { systemClocks } from "../../../src/app/clocks.ts";
import { type Call, Priority } from "../../../src/domain/call.ts";
import { conversationId, participantId } from "../../../src/domain/event/ids.ts";
import { asFailure, type Failure } from "../../../src/domain/failure.ts";
import { after } from "../../../src/domain/time.ts";
import { genesysAttributes, genesysContacts } from "../../../src/genesys/attributes.ts";
import { createGenesysSdk } from "../../../src/genesys/sdk.ts";
import { type Api, createApi } from "../../../src/resilience/api.ts";
import { createLocalBudget } from "../../../src/resilience/budget/local-budget.ts";
import {
  type GenesysSimulator,
  startGenesys,
} from "../../../src/sandbox/simulators/genesys-cloud/server.ts";
import { secretLogin } from "../../support/login.ts";

const CLIENT = { clientId: "ringahead", clientSecret: "s3cret-of-genesys" };
const to = {
  conversationId: conversationId.parse("c0ebb126-9b86-56cc-87de-74f0df554313"),
  participantId: participantId.parse("29a83be4-a3c6-5ff0-8f56-dc5713b82975"),
};
const call: Call = {
  signal: AbortSignal.timeout(10_000),
  priority: Priority.live,
  /** Too early for a second attempt: these tests check what the adapter makes of one answer. */
  get deadline() {
    return after(clocks.monotonicNow(), 800);
  },
};

const clocks = systemClocks();
let genesys: GenesysSimulator;
let api: Api;
const stop = new AbortController();

beforeAll(async () => {
  genesys = await startGenesys(CLIENT);
  genesys.addConversation(to);
});
afterAll(() => genesys.close());
beforeEach((context) => {
  genesys.faults.clear();
  const budget = createLocalBudget({
    limit: 300,
    windowMs: 60_000,
    reserve: 0,
    monotonicNow: clocks.monotonicNow,
    report: () => undefined,
  });
  api = createApi(
    {
      source: "genesys",
      baseUrl: genesys.url,
      timeoutMs: 2_000,
      concurrency: 4,
      login: secretLogin(genesys.url, CLIENT),
    },
    { budget, clocks, random: () => 0.9, report: () => undefined, signal: stop.signal },
  );
  context.onTestFinished(() => api.close());
});

function adapter() {
  const sdk = createGenesysSdk(genesys.url, api.send);
  const { epochNow } = systemClocks();
  return {
    attributes: genesysAttributes(sdk, epochNow),
    contacts: genesysContacts(sdk, epochNow),
  };
}
function failureOf(work: Promise<unknown>): Promise<Failure> {
  return work.then(
    () => {
      throw new Error("the call succeeded");
    },
    (error) => asFailure(error),
  );
}
const path = /attributes$/;

describe("writing attributes", () => {
  it("is one PATCH without a GET, and keeps other attributes", async () => {
    genesys.addConversation({ ...to, attributes: { ours_not: "flow" } });
    await adapter().attributes.write(to, { oracle_status: "found" }, call);
    expect(genesys.attributesOf(to.conversationId, to.participantId)).toEqual({
      ours_not: "flow",
      oracle_status: "found",
    });
    expect(genesys.counts).toMatchObject({ token: 1, patch: 1, conversation: 0 });
  });

  it("renews an expired token once and continues", async () => {
    const { attributes } = adapter();
    await attributes.write(to, { oracle_status: "found" }, call);
    genesys.revokeTokens();
    await attributes.write(to, { oracle_status: "not_found" }, call);
    expect(genesys.attributesOf(to.conversationId, to.participantId)).toMatchObject({
      oracle_status: "not_found",
    });
  });

  it("uses one token for many calls at once", async () => {
    const before = genesys.counts.token;
    const { attributes } = adapter();
    await Promise.all(
      Array.from({ length: 20 }, () => attributes.write(to, { oracle_status: "found" }, call)),
    );
    expect(genesys.counts.token - before).toBe(1);
  });
});

describe("failures are typed, and none contains the token or the secret", () => {
  const unknown = { ...to, conversationId: conversationId.parse("unknown-conversation") };
  it("404: permanent", async () => {
    const failure = await failureOf(adapter().attributes.write(unknown, {}, call));
    expect(failure).toMatchObject({ kind: "permanent", code: "conversation_not_found" });
    expect(failure.message).toContain("not.found");
  });

  it.each([
    [{ status: 429, headers: { "retry-after": "7" } }, "retryable", "throttled", 7_000],
    [{ status: 503 }, "retryable", "server_error", undefined],
    [{ status: 409 }, "retryable", "conflict", undefined],
    [{ status: 403 }, "misconfigured", "forbidden", undefined],
    [{ status: 400 }, "permanent", "bad_request", undefined],
    [{ status: 413 }, "permanent", "bad_request", undefined],
  ] as const)("%j", async (fault, kind, code, retryAfterMs) => {
    genesys.faults.push({ ...fault, kind: "answer", match: { path } });
    const failure = await failureOf(adapter().attributes.write(to, { a: "b" }, call));
    expect(failure).toMatchObject({ kind, code, retryAfterMs, source: "genesys" });
    expect(failure.cure).not.toBe("");
  });

  it.each([
    ["html", "server_error"],
    ["empty", "server_error"],
    ["drop", "network"],
    ["reset", "malformed_answer"],
  ] as const)("an answer that is %s is %s", async (kind, code) => {
    // A connection that ends without an answer may have been stale, so the request is repeated once.
    genesys.faults.push({ kind, match: { path }, times: 2 });
    const failure = await failureOf(adapter().attributes.write(to, { a: "b" }, call));
    expect(failure).toMatchObject({ kind: "retryable", code });
  });

  it("a refused client is misconfigured", async () => {
    genesys.revokeTokens();
    genesys.faults.push({
      kind: "answer",
      status: 401,
      body: { error: "invalid_client" },
      match: { path: "/oauth/token" },
    });
    const failure = await failureOf(adapter().attributes.write(to, { a: "b" }, call));
    expect(failure).toMatchObject({ kind: "misconfigured", code: "invalid_client" });
  });

  it("no printed form of a failure contains a token", async () => {
    const { inspect } = await import("node:util");
    for (const fault of [{ status: 500 }, { status: 401 }, { status: 403 }]) {
      genesys.faults.push({ ...fault, kind: "answer", times: 2, match: { path } });
      const failure = await failureOf(adapter().attributes.write(to, { a: "b" }, call));
      const printed = `${inspect(failure, { depth: 9, showHidden: true })} ${JSON.stringify(failure)}`;
      expect(printed).not.toMatch(/bearer|authorization|s3cret/i);
      genesys.faults.clear();
    }
  });

  it("an abort ends the request in progress", async () => {
    genesys.faults.push({ kind: "hang", match: { path } });
    const ended = new AbortController();
    const writing = failureOf(
      adapter().attributes.write(to, { a: "b" }, { ...call, signal: ended.signal }),
    );
    await genesys.waitFor(({ fault }) => fault === "hang");
    ended.abort();
    expect(await writing).toMatchObject({ code: "aborted" });
  });
});

describe("external contacts", () => {
  it("are read with numbers and addresses, the mobile phone first", async () => {
    genesys.addContact({
      id: "contact-1",
      workPhone: { display: "(555) 010-0002" },
      cellPhone: { e164: "+15550100001", display: "x" },
      workEmail: "ada@example.com",
    });
    expect(await adapter().contacts.find("contact-1", call)).toEqual({
      phones: ["+15550100001", "(555) 010-0002"],
      emails: ["ada@example.com"],
    });
  });
  it("that Genesys does not have are undefined, not a failure", async () => {
    expect(await adapter().contacts.find("nobody", call)).toBeUndefined();
  });
});
