import axios, { type AxiosInstance } from "axios";
import { describe, expect, it, onTestFinished } from "vitest";
import type { AttributesWritten } from "../../../../src/sandbox/simulators/genesys-cloud/operations.ts";
import {
  type GenesysOptions,
  startGenesys,
} from "../../../../src/sandbox/simulators/genesys-cloud/server.ts";

const CLIENT = { clientId: "client-1", clientSecret: "s3:cret" };
const BASIC = { username: CLIENT.clientId, password: CLIENT.clientSecret };
const FORM = "grant_type=client_credentials";
const WRITTEN = { attributes: { oracle_status: "found" } };

/** The path of the PATCH to the conversation that `start` adds. */
const PATCH = "/api/v2/conversations/conversation-1/participants/customer-1/attributes";

async function start(options: Partial<GenesysOptions> = {}) {
  const clock = { at: Date.parse("2026-01-02T03:04:05Z") };
  const genesys = await startGenesys({
    ...CLIENT,
    ...options,
    timing: { now: () => clock.at, ...options.timing },
  });
  onTestFinished(() => genesys.close());
  genesys.addConversation({
    conversationId: "conversation-1",
    participantId: "customer-1",
    sessionId: "session-1",
    mediaType: "VOICE",
  });
  const http = axios.create({ baseURL: genesys.url, validateStatus: () => true });
  return { genesys, clock, http };
}

async function signIn(http: AxiosInstance): Promise<string> {
  const { data } = await http.post("/oauth/token", FORM, { auth: BASIC });
  return `Bearer ${data.access_token}`;
}

/** A simulator, and an HTTP client with a valid token. */
async function startSignedIn(options: Partial<GenesysOptions> = {}) {
  const started = await start(options);
  started.http.defaults.headers.common.authorization = await signIn(started.http);
  return started;
}

describe("POST /oauth/token", () => {
  it("issues a token that expires", async () => {
    const { http, clock } = await start({ timing: { tokenLifeSeconds: 300 } });
    const answer = await http.post("/oauth/token", FORM, { auth: BASIC });
    expect(answer.status).toBe(200);
    expect(answer.data).toEqual({
      access_token: expect.stringMatching(/^[\w-]{20,}$/),
      token_type: "bearer",
      expires_in: 300,
    });
    const authorization = `Bearer ${answer.data.access_token}`;
    clock.at += 299_999;
    expect((await http.patch(PATCH, WRITTEN, { headers: { authorization } })).status).toBe(202);
    clock.at += 1;
    expect((await http.patch(PATCH, WRITTEN, { headers: { authorization } })).data).toMatchObject({
      status: 401,
      code: "bad.credentials",
    });
  });

  it.each([
    ["an unknown client", { username: "other", password: "s3:cret" }, 400, "client not found"],
    ["a wrong secret", { username: "client-1", password: "s3" }, 401, "authentication failed"],
  ])("refuses %s", async (_, auth, status, description) => {
    const { http } = await start();
    const answer = await http.post("/oauth/token", FORM, { auth });
    expect(answer.status).toBe(status);
    expect(answer.data).toEqual({
      error: "invalid_client",
      description,
      error_description: description,
    });
  });

  it("refuses a client that does not use Basic", async () => {
    const { http } = await start();
    const form = `${FORM}&client_id=client-1&client_secret=s3:cret`;
    const answer = await http.post("/oauth/token", form);
    expect(answer.status).toBe(401);
    expect(answer.data.error).toBe("invalid_client");
  });

  it.each([
    ["another grant type", "grant_type=password", "unsupported_grant_type"],
    ["no grant type", "scope=x", "invalid_request"],
    ["a repeated grant type", `${FORM}&${FORM}`, "invalid_request"],
    ["JSON", { grant_type: "client_credentials" }, "invalid_request"],
  ])("refuses %s", async (_, body, error) => {
    const { http } = await start();
    const answer = await http.post("/oauth/token", body, { auth: BASIC });
    expect(answer.status).toBe(400);
    expect(answer.data.error).toBe(error);
  });
});

describe("PATCH attributes", () => {
  it("answers 202 without a body, merges, and confirms afterwards", async () => {
    const confirmed = Promise.withResolvers<AttributesWritten>();
    const { http, genesys, clock } = await startSignedIn({
      events: { onAttributes: confirmed.resolve },
    });
    genesys.addConversation({
      conversationId: "conversation-1",
      participantId: "customer-1",
      sessionId: "session-2",
      mediaType: "CALLBACK",
      attributes: { flow: "kept", oracle_status: "old" },
    });
    const answer = await http.patch(PATCH, WRITTEN);
    expect(answer.status).toBe(202);
    expect(answer.data).toBe("");
    expect(answer.headers["inin-correlation-id"]).toMatch(/^[\w-]{36}$/);
    const attributes = { flow: "kept", oracle_status: "found" };
    expect(genesys.attributesOf("conversation-1", "customer-1")).toEqual(attributes);
    expect(await confirmed.promise).toEqual({
      conversationId: "conversation-1",
      participantId: "customer-1",
      sessionId: "session-2",
      mediaType: "CALLBACK",
      attributes,
      at: clock.at,
    });
  });

  it("refuses a request without a token", async () => {
    const { http } = await start();
    const answer = await http.patch(PATCH, WRITTEN);
    expect(answer.status).toBe(401);
    expect(answer.data).toMatchObject({
      code: "authentication.required",
      status: 401,
      contextId: answer.headers["inin-correlation-id"],
    });
  });

  it("refuses a revoked token, and accepts a new one", async () => {
    const { http, genesys } = await startSignedIn();
    genesys.revokeTokens();
    const answer = await http.patch(PATCH, WRITTEN);
    expect([answer.status, answer.data.code]).toEqual([401, "bad.credentials"]);
    http.defaults.headers.common.authorization = await signIn(http);
    expect((await http.patch(PATCH, WRITTEN)).status).toBe(202);
  });

  it.each([
    ["invalid JSON", "{", "bad.request"],
    ["no body", undefined, "bad.request"],
    ["null", "null", "invalid.value"],
    ["a number as a value", { attributes: { cases: 3 } }, "invalid.value"],
    ["null as a value", { attributes: { cases: null } }, "invalid.value"],
    ["no attributes", {}, "invalid.value"],
    ["an unknown field", { ...WRITTEN, version: 1 }, "invalid.value"],
  ])("refuses %s with 400", async (_, body, code) => {
    const { http, genesys } = await startSignedIn();
    const answer = await http.patch(PATCH, typeof body === "object" ? JSON.stringify(body) : body, {
      headers: { "content-type": "application/json" },
      transformRequest: (text) => text,
    });
    expect([answer.status, answer.data.code]).toEqual([400, code]);
    expect(genesys.patchesOf("conversation-1")).toEqual({ arrived: 1, written: 0 });
  });

  it.each(["text/plain", "application/x-www-form-urlencoded", "application/merge-patch+json"])(
    "refuses %s with 415",
    async (type) => {
      const { http } = await startSignedIn();
      const headers = { "content-type": type };
      const answer = await http.patch(PATCH, JSON.stringify(WRITTEN), { headers });
      expect([answer.status, answer.data.code]).toEqual([415, "unsupported.media.type"]);
    },
  );

  it("accepts 512,000 bytes, but not one more", async () => {
    const { http } = await startSignedIn();
    const room = 512_000 - JSON.stringify({ attributes: { text: "" } }).length;
    const fits = await http.patch(PATCH, { attributes: { text: "x".repeat(room) } });
    expect(fits.status).toBe(202);
    const answer = await http.patch(PATCH, { attributes: { text: "x".repeat(room + 1) } });
    expect([answer.status, answer.data.code]).toEqual([413, "request.entity.too.large"]);
  });

  it.each([
    "/api/v2/conversations/other/participants/customer-1/attributes",
    "/api/v2/conversations/conversation-1/participants/other/attributes",
    "/api/v2/conversations/calls/conversation-1/participants/customer-1/attributes",
  ])("answers 404 to %s", async (path) => {
    const { http } = await startSignedIn();
    const answer = await http.patch(path, WRITTEN);
    expect([answer.status, answer.data.code]).toEqual([404, "not.found"]);
  });

  it("accepts unknown conversations, if configured", async () => {
    const { http, genesys } = await startSignedIn({ unknownConversations: "accept" });
    const path = "/api/v2/conversations/other/participants/p/attributes";
    expect((await http.patch(path, WRITTEN)).status).toBe(202);
    expect(genesys.attributesOf("other", "p")).toEqual(WRITTEN.attributes);
  });
});

describe("reading", () => {
  it("returns a conversation with the attributes of its customer", async () => {
    const { http } = await startSignedIn();
    await http.patch(PATCH, WRITTEN);
    const answer = await http.get("/api/v2/conversations/conversation-1");
    expect(answer.data).toMatchObject({
      id: "conversation-1",
      participants: [{ id: "customer-1", purpose: "customer", ...WRITTEN }],
    });
  });

  it("returns an external contact unchanged", async () => {
    const { http, genesys } = await startSignedIn();
    const contact = {
      id: "contact-1",
      firstName: "Ada",
      workPhone: { display: "+1 555-019-9999", e164: "+15550199999", countryCode: "US" },
      workEmail: "ada@example.com",
    };
    genesys.addContact(contact);
    const answer = await http.get("/api/v2/externalcontacts/contacts/contact-1");
    expect([answer.status, answer.data]).toEqual([200, contact]);
  });

  it.each(["/api/v2/conversations/other", "/api/v2/externalcontacts/contacts/other", "/api/v2/x"])(
    "answers 404 to %s",
    async (path) => {
      const { http } = await startSignedIn();
      const answer = await http.get(path);
      expect([answer.status, answer.data.code]).toEqual([404, "not.found"]);
    },
  );
});

describe("the rate limit", () => {
  it("is in every answer, and beyond it 429 has the time to wait", async () => {
    const { http, genesys, clock } = await startSignedIn({ rateLimit: { limit: 2 } });
    const first = await http.patch(PATCH, WRITTEN);
    expect(first.headers).toMatchObject({
      "inin-ratelimit-count": "1",
      "inin-ratelimit-allowed": "2",
      "inin-ratelimit-reset": "60",
    });
    clock.at += 10_500;
    expect((await http.get("/api/v2/conversations/other")).headers).toMatchObject({
      "inin-ratelimit-count": "2",
      "inin-ratelimit-reset": "50",
    });
    const refused = await http.patch(PATCH, WRITTEN);
    expect(refused.status).toBe(429);
    expect(refused.headers["retry-after"]).toBe("50");
    expect(refused.data).toMatchObject({
      status: 429,
      code: "too.many.requests.retry.after",
      message: "Rate limit exceeded the maximum. Retry the request in [50] seconds",
      limit: {
        key: "client.credentials.token.rate.per.minute",
        namespace: "platform.api",
        value: 2,
      },
    });
    expect(genesys.throttled).toBe(1);
    clock.at += 50_000;
    expect((await http.patch(PATCH, WRITTEN)).status).toBe(202);
  });

  it("counts each token separately, but no token requests and no invalid tokens", async () => {
    const { http } = await startSignedIn({ rateLimit: { limit: 1 } });
    const invalid = { headers: { authorization: "Bearer invalid" } };
    expect((await http.patch(PATCH, WRITTEN, invalid)).status).toBe(401);
    const second = { headers: { authorization: await signIn(http) } };
    expect((await http.patch(PATCH, WRITTEN)).status).toBe(202);
    expect((await http.patch(PATCH, WRITTEN)).status).toBe(429);
    expect((await http.patch(PATCH, WRITTEN, second)).status).toBe(202);
  });

  it("can be lowered at any time, and counts by the configured policy", async () => {
    const { http, genesys, clock } = await startSignedIn({
      rateLimit: { limit: 5, policy: "aligned" },
    });
    expect((await http.patch(PATCH, WRITTEN)).headers["inin-ratelimit-reset"]).toBe("55");
    genesys.setLimit(1);
    const refused = await http.patch(PATCH, WRITTEN);
    expect([refused.status, refused.data.limit.value]).toEqual([429, 1]);
    clock.at += 55_000;
    expect((await http.patch(PATCH, WRITTEN)).status).toBe(202);
  });
});
