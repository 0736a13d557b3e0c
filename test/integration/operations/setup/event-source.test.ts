import { CreateEventBusCommand, EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import {
  awaitEventSource,
  type EventSourceOptions,
} from "../../../../src/operations/setup/event-source.ts";
import {
  type LoopbackServer,
  startLoopback,
} from "../../../../src/sandbox/simulators/server/loopback-server.ts";
import { start } from "../../../support/eventbridge.ts";

const ORG = "aws.partner/genesys.com/cloud/8a2f0d1e-5b0c-4a55-9a37-1d5b7c3e9f00";
const NAME = `${ORG}/ringahead`;

/** A clock that only pauses move. */
function clock(onPause: (count: number) => void = () => undefined) {
  const pauses: number[] = [];
  const waited: number[] = [];
  let at = 5_000;
  return {
    ...{ pauses, waited, now: () => at, onWaiting: (ms: number) => void waited.push(ms) },
    pause(ms: number, signal: AbortSignal): Promise<void> {
      pauses.push(ms);
      at += ms;
      onPause(pauses.length);
      return signal.aborted ? Promise.reject(signal.reason) : Promise.resolve();
    },
  };
}

function look(bridge: EventBridgeClient, options: Partial<EventSourceOptions> = {}) {
  const { signal } = new AbortController();
  return awaitEventSource({
    ...{ bridge, name: NAME, patienceMs: 0, signal, ...clock() },
    ...options,
  });
}

describe("an event source", () => {
  it("without a bus is PENDING, with its expiry", async () => {
    const { eventBridge, client } = await start();
    eventBridge.addEventSource(NAME);
    expect(await look(client)).toEqual({
      state: "PENDING",
      expiresAt: new Date("2026-01-16T03:04:05Z"),
    });
  });

  it("with a bus is ACTIVE", async () => {
    const { eventBridge, client } = await start();
    eventBridge.addEventSource(NAME);
    await client.send(new CreateEventBusCommand({ Name: NAME, EventSourceName: NAME }));
    expect(await look(client)).toEqual({ state: "ACTIVE" });
  });

  it("that appears later is polled with growing pauses", async () => {
    const { eventBridge, client } = await start();
    const time = clock((count) => count === 6 && eventBridge.addEventSource(NAME));
    const seen = await look(client, { ...time, patienceMs: 600_000 });
    expect(seen.state).toBe("PENDING");
    expect(time.pauses).toEqual([1_000, 2_000, 4_000, 8_000, 15_000, 15_000]);
    expect(time.waited).toEqual([0, 1_000, 3_000, 7_000, 15_000, 30_000]);
  });

  it("that does not appear in time is absent, with the other sources", async () => {
    const { eventBridge, client } = await start();
    const names = Array.from({ length: 101 }, (_, index) => `${ORG}/other-${index}`);
    for (const name of [...names, "aws.partner/other.example/x"]) eventBridge.addEventSource(name);
    const time = clock();
    const seen = await look(client, { ...time, patienceMs: 10_000 });
    expect(seen).toEqual({ state: "absent", others: names });
    expect(time.pauses).toEqual([1_000, 2_000, 4_000, 3_000]);
  });

  it("that was deleted is a failure", async () => {
    const { eventBridge, client } = await start();
    eventBridge.addEventSource(NAME);
    await client.send(new CreateEventBusCommand({ Name: NAME, EventSourceName: NAME }));
    eventBridge.removeEventSource(NAME);
    await expect(look(client)).rejects.toMatchObject({
      ...{ kind: "misconfigured", source: "genesys" },
      message: expect.stringMatching(/DELETED/),
      cure: expect.stringMatching(/event bus.*suffix/),
    });
  });

  it("is not waited for after an abort", async () => {
    const { client } = await start();
    const controller = new AbortController();
    const time = clock(() => controller.abort());
    const waiting = look(client, { ...time, patienceMs: 60_000, signal: controller.signal });
    await expect(waiting).rejects.toMatchObject({ code: "aborted" });
    const aborted = look(client, { signal: AbortSignal.abort() });
    await expect(aborted).rejects.toMatchObject({ code: "aborted" });
  });
});

describe("if EventBridge cannot be queried", () => {
  function clientOf(url: string, credentials = true): EventBridgeClient {
    const keys = { accessKeyId: "local", secretAccessKey: "local" };
    const client = new EventBridgeClient({
      ...{ region: "us-east-1", endpoint: url, maxAttempts: 1 },
      ...(credentials ? { credentials: keys } : {}),
    });
    onTestFinished(() => client.destroy());
    return client;
  }

  async function refusing(code: string): Promise<LoopbackServer> {
    const server = await startLoopback({ bodyLimitBytes: 10_000 }, (app) => {
      app.removeAllContentTypeParsers();
      app.addContentTypeParser("*", (_, payload, done) => {
        payload.resume().on("end", () => done(null));
      });
      app.post("/", (_, reply) => reply.code(400).send({ __type: code, message: "hunter2" }));
    });
    onTestFinished(server.close);
    return server;
  }

  it.each([
    [
      "AccessDeniedException",
      "forbidden",
      /events:DescribeEventSource and events:ListEventSources/,
    ],
    ["ExpiredTokenException", "unauthorized", /Sign in to AWS again/],
    ["UnrecognizedClientException", "unauthorized", /AWS_REGION/],
    ["OperationDisabledException", "bad_request", /region that the integration offers/],
  ])("%s has its cure", async (refusal, code, cure) => {
    const { url } = await refusing(refusal);
    const failure = await look(clientOf(url)).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      ...{ name: "Failure", kind: "misconfigured", code, cure: expect.stringMatching(cure) },
    });
    expect(String(failure)).not.toContain("hunter2");
  });

  it("missing credentials are reported", async () => {
    // All sources of the SDK's chain: environment, files, the machine's role.
    vi.stubEnv("AWS_ACCESS_KEY_ID", undefined);
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", undefined);
    vi.stubEnv("AWS_CONFIG_FILE", "/dev/null");
    vi.stubEnv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null");
    vi.stubEnv("AWS_EC2_METADATA_DISABLED", "true");
    const { eventBridge } = await start();
    await expect(look(clientOf(eventBridge.url, false))).rejects.toMatchObject({
      ...{ code: "unauthorized", kind: "misconfigured" },
      cure: expect.stringMatching(/AWS_PROFILE/),
    });
  });

  it("an unreachable endpoint is retryable", async () => {
    const { url, close } = await refusing("AccessDeniedException");
    await close();
    await expect(look(clientOf(url))).rejects.toMatchObject({
      ...{ code: "network", kind: "retryable" },
      message: expect.stringMatching(/ECONNREFUSED/),
    });
  });
});
