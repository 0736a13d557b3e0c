import axios from "axios";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import {
  type GenesysOptions,
  startGenesys,
} from "../../../../src/sandbox/simulators/genesys-cloud/server.ts";

const CLIENT = { clientId: "client-1", clientSecret: "secret-1" };
const WRITTEN = { attributes: { oracle_status: "found" } };

/** The path of the PATCH to the conversation that `start` adds. */
const PATCH = "/api/v2/conversations/conversation-1/participants/customer-1/attributes";

/** A simulator, and an HTTP client with a valid token. */
async function start(options: Partial<GenesysOptions> = {}) {
  const genesys = await startGenesys({ ...CLIENT, ...options });
  onTestFinished(() => genesys.close());
  genesys.addConversation({ conversationId: "conversation-1", participantId: "customer-1" });
  const http = axios.create({ baseURL: genesys.url, validateStatus: () => true });
  const auth = { username: CLIENT.clientId, password: CLIENT.clientSecret };
  const { data } = await http.post("/oauth/token", "grant_type=client_credentials", { auth });
  http.defaults.headers.common.authorization = `Bearer ${data.access_token}`;
  return { genesys, http };
}

describe("faults", () => {
  it("are applied to matching requests, in order, as often as planned", async () => {
    const { http, genesys } = await start({ rateLimit: { limit: 10 } });
    genesys.faults.push(
      { match: { method: "GET" }, times: Number.POSITIVE_INFINITY, status: 500 },
      {
        match: { method: "PATCH", path: "/api/v2/conversations/" },
        times: 2,
        status: 503,
        headers: { "retry-after": "7" },
        body: { code: "service.unavailable" },
      },
      { match: { path: /attributes$/ }, kind: "html" },
      { match: { path: /attributes$/ }, kind: "empty", status: 504 },
    );
    const first = await http.patch(PATCH, WRITTEN);
    expect([first.status, first.headers["retry-after"], first.data]).toEqual([
      503,
      "7",
      { code: "service.unavailable" },
    ]);
    expect((await http.patch(PATCH, WRITTEN)).status).toBe(503);
    const page = await http.patch(PATCH, WRITTEN);
    expect([page.status, page.headers["content-type"]]).toEqual([502, "text/html"]);
    const empty = await http.patch(PATCH, WRITTEN);
    expect([empty.status, empty.data]).toEqual([504, ""]);
    expect((await http.patch(PATCH, WRITTEN)).headers["inin-ratelimit-count"]).toBe("1");
    expect((await http.get("/api/v2/conversations/conversation-1")).status).toBe(500);
    genesys.faults.clear();
    expect((await http.get("/api/v2/conversations/conversation-1")).status).toBe(200);
    expect(genesys.patchesOf("conversation-1")).toEqual({ arrived: 5, written: 1 });
  });

  it.each([
    { kind: "reset", code: "ERR_BAD_RESPONSE" },
    { kind: "drop", code: "ECONNRESET" },
  ] as const)("$kind closes the connection", async ({ kind, code }) => {
    const { http, genesys } = await start();
    genesys.faults.push({ kind });
    await expect(http.patch(PATCH, WRITTEN)).rejects.toMatchObject({ code });
    expect((await http.patch(PATCH, WRITTEN)).status).toBe(202);
  });

  it.each(["hang", "drip"] as const)("%s never ends", async (kind) => {
    const { http, genesys } = await start();
    genesys.faults.push({ kind });
    const abort = new AbortController();
    const request = http.patch(PATCH, WRITTEN, { signal: abort.signal });
    const [call] = await genesys.waitFor(({ fault }) => fault === kind);
    expect(call?.status).toBeUndefined();
    abort.abort();
    await expect(request).rejects.toMatchObject({ code: "ERR_CANCELED" });
  });

  it("can replace the answer of a request that was executed", async () => {
    const { http, genesys } = await start();
    genesys.faults.push({ kind: "drop", processed: true });
    await expect(http.patch(PATCH, WRITTEN)).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(genesys.patchesOf("conversation-1")).toEqual({ arrived: 1, written: 1 });
    expect((await genesys.nextPatch("conversation-1")).fault).toBe("drop");
  });
});

describe("the record", () => {
  it("counts by kind and waits for past and future calls", async () => {
    const { http, genesys } = await start();
    const next = genesys.nextPatch("conversation-1");
    await http.patch(PATCH, { attributes: { n: "1" } });
    await http.patch(PATCH, { attributes: { n: "2" } });
    await http.get("/api/v2/conversations/conversation-1");
    expect(await next).toMatchObject({ kind: "patch", status: 202, written: { n: "1" } });
    const second = await genesys.nextPatch("conversation-1", { count: 2 });
    expect(second.written).toEqual({ n: "2" });
    expect(genesys.counts).toEqual({ token: 1, patch: 2, contact: 0, conversation: 1, other: 0 });
    expect(genesys.calls.map(({ kind }) => kind)).toEqual([
      "token",
      "patch",
      "patch",
      "conversation",
    ]);
  });

  it("stops waiting if the signal is aborted", async () => {
    const { genesys } = await start();
    const abort = new AbortController();
    const waiting = genesys.nextPatch("conversation-1", { signal: abort.signal });
    abort.abort(new Error("enough"));
    await expect(waiting).rejects.toThrow("enough");
    await expect(genesys.nextPatch("x", { signal: abort.signal })).rejects.toThrow("enough");
  });
});

describe("closing", () => {
  it("neither waits for nor executes delayed and hanging requests", async () => {
    const received = Promise.withResolvers<void>();
    const onAttributes = vi.fn();
    let latency = () => 0;
    const { http, genesys } = await start({
      events: { onAttributes },
      timing: { latencyMs: () => latency() },
    });
    latency = () => {
      received.resolve();
      return 3_600_000;
    };
    const late = http.patch(PATCH, WRITTEN);
    await received.promise;
    genesys.faults.push({ kind: "hang" });
    const hanging = http.get("/api/v2/conversations/conversation-1");
    const ended = Promise.allSettled([late, hanging]);
    await genesys.waitFor(({ fault }) => fault === "hang");
    await genesys.close();
    expect((await ended).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(genesys.patchesOf("conversation-1")).toEqual({ arrived: 1, written: 0 });
    expect(onAttributes).not.toHaveBeenCalled();
  });
});
