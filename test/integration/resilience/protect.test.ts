import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { systemClocks } from "../../../src/app/clocks.ts";
import { type Call, Priority } from "../../../src/domain/call.ts";
import { asFailure, type Failure } from "../../../src/domain/failure.ts";
import { after } from "../../../src/domain/time.ts";
import type { FactName } from "../../../src/observability/facts/facts.ts";
import { type Api, createApi } from "../../../src/resilience/api.ts";
import { createLocalBudget } from "../../../src/resilience/budget/local-budget.ts";
import type { HttpAnswer } from "../../../src/resilience/http/client.ts";
import {
  type GenesysSimulator,
  startGenesys,
} from "../../../src/sandbox/simulators/genesys-cloud/server.ts";
import type { Fault } from "../../../src/sandbox/simulators/server/faults.ts";
import { secretLogin } from "../../support/login.ts";

const clocks = systemClocks();
const CLIENT = { clientId: "id", clientSecret: "secret" };
const CONVERSATION = "5fd0c8b5-62a5-4a4e-8d4f-2a4d6b1d0c11";
const PATH = `/api/v2/conversations/${CONVERSATION}`;
const stop = new AbortController();

let genesys: GenesysSimulator;
beforeAll(async () => {
  genesys = await startGenesys(CLIENT);
});
afterAll(() => genesys.close());

let api: Api;
let facts: { name: FactName; fact: Record<string, unknown> }[];
interface StartOptions {
  readonly url?: string;
  readonly clientSecret?: string;
  readonly reserve?: number;
  /** Default: long enough for a busy machine. */
  readonly timeoutMs?: number;
}

function start(options: StartOptions = {}): Api {
  const url = options.url ?? genesys.url;
  const budget = createLocalBudget({
    limit: 300,
    windowMs: 60_000,
    reserve: options.reserve ?? 0,
    monotonicNow: clocks.monotonicNow,
    report: (event) => void facts.push({ name: "limiter.paused", fact: { ...event } }),
  });
  const { clientId } = CLIENT;
  const clientSecret = options.clientSecret ?? CLIENT.clientSecret;
  return createApi(
    {
      source: "genesys",
      baseUrl: url,
      timeoutMs: options.timeoutMs ?? 10_000,
      concurrency: 4,
      login: secretLogin(genesys.url, { clientId, clientSecret }),
    },
    {
      budget,
      clocks,
      // No jitter: a retry follows at once, unless the server asks for a wait.
      random: () => 0,
      report: (name, fact) => void facts.push({ name, fact: { ...fact } }),
      signal: stop.signal,
    },
  );
}

beforeEach((context) => {
  genesys.faults.clear();
  genesys.addConversation({
    conversationId: CONVERSATION,
    participantId: "1c8a3f0e-3f0b-4d43-9b0c-6f3d2f0f9a10",
  });
  facts = [];
  api = start();
  context.onTestFinished(() => api.close());
});

function soon(): Call {
  const signal = new AbortController().signal;
  return { signal, priority: Priority.live, deadline: after(clocks.monotonicNow(), 2_000) };
}

function ask(through: Api = api): Promise<HttpAnswer> {
  return through.send({ method: "GET", path: PATH }, soon());
}

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  try {
    await work;
  } catch (error) {
    return asFailure(error);
  }
  throw new Error("it did not fail");
}

function injectFault(fault: Fault): void {
  genesys.faults.push({ match: { path: "/api" }, ...fault });
}

/** Counts requests to the API, without those for tokens, from now on. */
function countRequests(): () => number {
  const before = genesys.counts.conversation;
  return () => genesys.counts.conversation - before;
}

describe("a transient failure is retried, each time with its own slot", () => {
  it.each<Fault>([
    { kind: "drop" },
    { kind: "reset" },
    { kind: "empty" },
    { kind: "html" },
    { status: 409 },
    { status: 408 },
    { status: 500, body: "" },
  ])("%j", async (fault) => {
    const sent = countRequests();
    injectFault(fault);
    expect((await ask()).status).toBe(200);
    expect(sent()).toBe(2);
    expect(api.state().budget.used).toBe(2);
  });

  it("at most three times; then the last answer is returned", async () => {
    const sent = countRequests();
    injectFault({ status: 500, times: 20 });
    expect((await ask()).status).toBe(500);
    expect(sent()).toBe(3);
  });

  it.each<Fault>([{ status: 404 }, { status: 400 }, { status: 413 }])(
    "but not %j, which would get the same answer",
    async (fault) => {
      const sent = countRequests();
      injectFault(fault);
      expect((await ask()).status).toBe(fault.kind === undefined ? fault.status : 0);
      expect(sent()).toBe(1);
      expect(api.state().breaker).toEqual({ state: "closed" });
    },
  );

  it.each<Fault>([{ kind: "hang" }, { kind: "drip", everyMs: 10 }])(
    "nor %j: after a time-out a retry would be too late",
    async (fault) => {
      const impatient = start({ timeoutMs: 200 });
      await impatient.warm();
      const sent = countRequests();
      injectFault(fault);
      const failure = await failureOf(ask(impatient));
      impatient.close();
      expect(failure).toMatchObject({ kind: "retryable", code: "timeout" });
      expect(sent()).toBe(1);
    },
  );

  it("an unreachable port is a network failure, and opens the breaker", async () => {
    const gone = await startGenesys(CLIENT);
    await gone.close();
    const unreachable = start({ url: gone.url });
    expect(await failureOf(ask(unreachable))).toMatchObject({ code: "network" });
    await failureOf(ask(unreachable));
    expect(await failureOf(ask(unreachable))).toMatchObject({
      code: "circuit_open",
      kind: "retryable",
    });
    unreachable.close();
  });
});

describe("a 429", () => {
  it("pauses the API, and a call with an earlier deadline fails at once", async () => {
    injectFault({ status: 429, headers: { "retry-after": "60" } });
    expect((await ask()).status).toBe(429);
    const sent = countRequests();
    const failure = await failureOf(ask());
    expect(failure).toMatchObject({ kind: "retryable", code: "throttled" });
    expect(failure.retryAfterMs).toBeGreaterThan(50_000);
    expect(sent()).toBe(0);
    expect(api.state().budget.pausedForMs).toBeGreaterThan(50_000);
    expect(facts).toContainEqual({
      name: "limiter.paused",
      fact: { kind: "paused", forMs: 60_000 },
    });
  });

  it("is waited for if the deadline allows it; then one request is the probe", async () => {
    injectFault({ status: 429, headers: { "retry-after": "1" } });
    const sent = countRequests();
    const answers = await Promise.all([ask(), ask(), ask()]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(sent()).toBe(4);
  });
});

describe("a misconfiguration opens the breaker for longer, and is reported", () => {
  it("but not one 401: the token is renewed", async () => {
    await ask();
    genesys.revokeTokens();
    expect((await ask()).status).toBe(200);
    expect(api.state().breaker).toEqual({ state: "closed" });
  });

  it.each([
    [401, "unauthorized"],
    [403, "forbidden"],
  ] as const)("%i, with a fresh token too", async (status, code) => {
    injectFault({ status, times: 2 });
    expect((await ask()).status).toBe(status);
    const sent = countRequests();
    expect(await failureOf(ask())).toMatchObject({ kind: "misconfigured", code: "circuit_open" });
    expect(sent()).toBe(0);
    expect(api.state().breaker).toEqual({ state: "open", code });
    const opened = facts.find(({ name }) => name === "breaker.opened");
    expect(opened?.fact).toMatchObject({ code, kind: "misconfigured", source: "genesys" });
    expect(opened?.fact.forMs).toBeGreaterThan(50_000);
  });

  it("invalid_client: the token request is not repeated", async () => {
    const refused = start({ clientSecret: "wrong" });
    expect(await failureOf(ask(refused))).toMatchObject({ code: "invalid_client" });
    const before = genesys.counts.token;
    expect(await failureOf(ask(refused))).toMatchObject({
      kind: "misconfigured",
      code: "circuit_open",
    });
    expect(genesys.counts.token).toBe(before);
    refused.close();
  });
});
