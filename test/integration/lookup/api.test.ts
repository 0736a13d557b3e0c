import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { PREVIOUS, SECRET, startLookups } from "../../support/lookups.ts";

const run = promisify(execFile);
const ADA = { phoneNumber: "+15550199999" };
const NOBODY = { phoneNumber: "+15550100042" };
const ISO = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

describe("POST /api/customer/lookup", () => {
  it("answers curl as the contract says", async () => {
    const { url } = await startLookups({ environment: { INCLUDE_CUSTOMER_NAME: "true" } });
    const curl = async (body: string, ...more: readonly string[]) => {
      const { stdout } = await run("curl", [
        ...["--silent", "--write-out", " %{http_code}", "--request", "POST"],
        `${url}/api/customer/lookup`,
        ...["--header", "Content-Type: application/json", "--data", body, ...more],
      ]);
      return stdout;
    };
    const bearer = ["--header", `Authorization: Bearer ${SECRET}`];
    const found = await curl('{"phoneNumber":"+15550199999"}', ...bearer);
    expect(found).toMatch(/ 200$/);
    expect(JSON.parse(found.replace(/ 200$/, ""))).toEqual({
      status: "success",
      data: {
        customerId: "CUST-1001",
        firstName: "Ada",
        lastName: "Example",
        account: "Analytical Engines Ltd",
        lastInteractionDate: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
        openCases: "2",
        lastCaseNumber: "260312-000042",
        lastCaseSubject: "Printer on fire",
        lastCaseStatus: "active",
        caseUrl: "",
        matchedBy: "phone:exact",
        summary: expect.stringContaining("2 open cases"),
        asOf: expect.stringMatching(ISO),
      },
    });
    expect(await curl('{"phoneNumber":"+15550100042"}', ...bearer)).toBe(
      '{"status":"not_found","data":null} 200',
    );
    expect(await curl("{}", ...bearer)).toBe('{"error":"Missing phoneNumber field"} 400');
    expect(await curl('{"phoneNumber":"+15550199999"}')).toBe('{"error":"Unauthorized"} 401');
    expect(
      await curl(
        '{"phoneNumber":"+15550199999"}',
        "--header",
        "Authorization: Bearer not-the-secret-0",
      ),
    ).toBe('{"error":"Unauthorized"} 401');
  });

  it("accepts a number in any spelling, and a repeat costs no request", async () => {
    const { ask, sandbox } = await startLookups();
    const spellings = ["+15550199999", "15550199999", "+1 (555) 019-9999", "(555) 019-9999"];
    for (const phoneNumber of [...spellings, "tel:+15550199999", 15550199999]) {
      const { body } = await ask({ phoneNumber });
      expect(body, String(phoneNumber)).toMatchObject({ data: { customerId: "CUST-1001" } });
    }
    expect(sandbox.oracle.counts).toMatchObject({ search: 1, cases: 1 });
  });

  it("omits names if they are switched off, and masks as the worker does", async () => {
    const { ask } = await startLookups({ environment: { DEFAULT_PHONE_REGION: "DE" } });
    const { body } = await ask({ phoneNumber: "0170 1234567" });
    expect(body).toMatchObject({
      status: "success",
      data: { lastCaseSubject: expect.stringMatching(/^Card \[card\] charged twice/) },
    });
    expect(JSON.stringify(body)).not.toMatch(/4111|konrad@|firstName|Konrad|Muster/);
  });

  it("accepts an email, and distinguishes no customer from several", async () => {
    const { ask } = await startLookups();
    expect((await ask({ email: "ADA.example@example.com" })).body).toMatchObject({
      data: { customerId: "CUST-1001" },
    });
    expect(await ask({ phoneNumber: "+4930901820" })).toMatchObject({
      status: 200,
      body: { status: "ambiguous", data: null },
    });
    const both = { phoneNumber: "", email: "nobody@example.com" };
    expect(await ask(both)).toMatchObject({
      status: 200,
      body: { status: "not_found", data: null },
    });
  });

  it("sends no request for a withheld number, and gives the reason", async () => {
    const { ask, sandbox } = await startLookups();
    expect(await ask({ phoneNumber: "anonymous" })).toMatchObject({
      status: 200,
      body: { status: "not_found", data: null, reason: "withheld" },
    });
    expect(sandbox.oracle.counts.search).toBe(0);
  });

  it("finds the customer of a conversation", async () => {
    const { ask, sandbox } = await startLookups();
    sandbox.genesys.addConversation({
      conversationId: "c-1",
      participantId: "p-1",
      mediaType: "VOICE",
      address: "tel:+15550199999",
    });
    for (const _ of [1, 2]) {
      expect((await ask({ conversationId: "c-1" })).body).toMatchObject({
        status: "success",
        data: { customerId: "CUST-1001" },
      });
    }
    expect(sandbox.genesys.counts.conversation).toBe(1);
    expect(await ask({ conversationId: "c-2" })).toMatchObject({
      status: 404,
      body: { error: "Unknown conversationId" },
    });
    expect(await ask({ conversationId: "../tokens/me" })).toMatchObject({
      status: 400,
      body: { error: "Invalid conversationId field" },
    });
  });

  it("finds the caller of a conversation in which an agent dialled somebody else", async () => {
    const { ask, sandbox } = await startLookups();
    const ids = { conversationId: "consult", mediaType: "VOICE" };
    const station = "sip:642c404d6bdd551ab7a27c54+acme.orgspan.com@localhost";
    const leg = { direction: "outbound", calls: [{ direction: "outbound" }], ani: station };
    const caller = { ...ids, participantId: "z-caller", address: "tel:+15550199999" };
    sandbox.genesys.addConversation(caller);
    sandbox.genesys.addConversation({
      ...ids,
      participantId: "a-leg",
      address: "tel:+15550100006",
      participant: { ...leg, dnis: "tel:+15550100006" },
    });
    sandbox.genesys.endParticipant("consult", "z-caller");
    expect((await ask({ conversationId: "consult" })).body).toMatchObject({
      status: "success",
      data: { customerId: "CUST-1001" },
    });
  });

  it("finds the person whom an agent called, by the dialled number", async () => {
    const { ask, sandbox } = await startLookups();
    const station = "sip:642c404d6bdd551ab7a27c54+acme.orgspan.com@localhost";
    const participant = { calls: [{ direction: "outbound" }], ani: station };
    sandbox.genesys.addConversation({
      conversationId: "dialled",
      participantId: "p",
      participant: { ...participant, dnis: "tel:+15550199999" },
    });
    expect((await ask({ conversationId: "dialled" })).body).toMatchObject({
      data: { customerId: "CUST-1001" },
    });
  });

  it("needs Genesys Cloud only for conversations", async () => {
    const { ask } = await startLookups({
      environment: { GENESYS_CLIENT_ID: "", GENESYS_CLIENT_SECRET: "", GENESYS_API_URL: "" },
    });
    expect((await ask(ADA)).status).toBe(200);
    expect(await ask({ conversationId: "c-1" })).toMatchObject({
      status: 400,
      body: { error: "conversationId is not served here" },
    });
  });

  it.each([
    ["1;2", "opaque"],
    ["x".repeat(60), "opaque"],
    ["", "no_address"],
    [null, "no_address"],
  ])("a mistyped reference %j is nobody, without an error", async (reference, reason) => {
    const { ask, sandbox } = await startLookups();
    expect(await ask({ reference })).toMatchObject({
      status: 200,
      body: { status: "not_found", data: null, reason },
    });
    expect(sandbox.oracle.counts.search).toBe(0);
  });

  it("a mistyped reference does not hide the customer who has the number", async () => {
    const { ask } = await startLookups();
    expect(await ask({ ...ADA, reference: "12#; --" })).toMatchObject({
      status: 200,
      body: { status: "success", data: { customerId: "CUST-1001", matchedBy: "phone:exact" } },
    });
  });

  it.each(["", " ", null])(
    "answers an unknown caller's number %j without an error",
    async (phoneNumber) => {
      const { ask, sandbox } = await startLookups();
      expect(await ask({ phoneNumber })).toMatchObject({
        status: 200,
        body: { status: "not_found", data: null, reason: "no_address" },
      });
      expect(sandbox.oracle.counts.search).toBe(0);
    },
  );

  it("answers pending at the deadline, continues, and has the answer the next time", async () => {
    const { ask, sandbox, serve } = await startLookups({
      environment: { LOOKUP_DEADLINE_MS: "50" },
      oracleLatencyMs: () => 300,
    });
    expect(await ask(ADA)).toMatchObject({ status: 200, body: { status: "pending", data: null } });
    await sandbox.oracle.waitFor(({ kind, status }) => kind === "cases" && status === 200);
    await expect.poll(async () => (await ask(ADA)).body).toMatchObject({ status: "success" });
    expect(sandbox.oracle.counts).toMatchObject({ search: 1, cases: 1 });
    const answers = serve.log.filter(({ fact }) => fact === "lookup.answered");
    expect(answers[0]).toMatchObject({ status: "pending", by: "phone" });
    expect(answers.at(-1)).toMatchObject({ status: "found", cached: true });
    expect(JSON.stringify(serve.log)).not.toContain("5550199999");
  });
});

describe("what is refused", () => {
  it("everything but the two valid secrets, in any spelling of the scheme", async () => {
    const { ask } = await startLookups();
    const status = async (authorization: string) => (await ask(NOBODY, { authorization })).status;
    expect(await status(`Bearer ${SECRET}`)).toBe(200);
    expect(await status(`bearer  ${PREVIOUS}`)).toBe(200);
    expect(await status(`Bearer ${SECRET}x`)).toBe(401);
    expect(await status(`Bearer ${SECRET.slice(0, -1)}`)).toBe(401);
    expect(await status(`Basic ${SECRET}`)).toBe(401);
    expect(await status(SECRET)).toBe(401);
  });

  it("a caller without a secret, before the body is read; many such callers get 429", async () => {
    const { ask, sandbox } = await startLookups();
    const stranger = { authorization: "Bearer guess-number-000001" };
    expect(await ask("{", stranger)).toMatchObject({
      status: 401,
      body: { error: "Unauthorized" },
    });
    const answers = await Promise.all(Array.from({ length: 80 }, () => ask(ADA, stranger)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBe(21);
    expect(Number(refused[0]?.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(sandbox.oracle.counts.search).toBe(0);
    expect((await ask(ADA)).status).toBe(200);
  });

  it("no lookup whose caller typed anything as a reference", async () => {
    const { ask } = await startLookups();
    for (const reference of ["12", "#", "1;2", "' or 1=1", 2 ** 60]) {
      expect(await ask({ ...ADA, reference }), String(reference)).toMatchObject({
        ...{ status: 200, body: { status: "success" } },
      });
      expect(await ask({ phoneNumber: "", reference }), String(reference)).toMatchObject({
        ...{ status: 200, body: { status: "not_found", reason: "opaque" } },
      });
    }
  });

  it("an invalid request", async () => {
    const { ask } = await startLookups();
    const json = "Content-Type must be application/json";
    const requests = [
      ["no JSON", "{", {}, 400, "Body is not valid JSON"],
      ["nothing", "", {}, 400, "Missing phoneNumber field"],
      ["a list", [ADA], {}, 400, "Missing phoneNumber field"],
      ["null", null, {}, 400, "Missing phoneNumber field"],
      ["an empty address", { email: " " }, {}, 400, "Missing phoneNumber field"],
      ["an object as number", { phoneNumber: {} }, {}, 400, "Invalid phoneNumber field"],
      [
        "a very long number",
        { phoneNumber: "1".repeat(600) },
        {},
        400,
        "Invalid phoneNumber field",
      ],
      ["a large body", { ...ADA, more: "x".repeat(5_000) }, {}, 413, "Body is too large"],
      ["text", "+15550199999", { "content-type": "text/plain" }, 415, json],
      [
        "a form",
        "phoneNumber=%2B15550199999",
        { "content-type": "application/x-www-form-urlencoded" },
        415,
        json,
      ],
    ] as const;
    for (const [what, body, headers, status, error] of requests) {
      expect(await ask(body, headers), what).toMatchObject({ status, body: { error } });
    }
  });

  it("more requests than the limit: 429 with Retry-After", async () => {
    const { ask } = await startLookups({ environment: { LOOKUP_REQUESTS_PER_MINUTE: "3" } });
    const answers = [];
    for (let i = 0; i < 4; i++) answers.push(await ask(NOBODY));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
    expect(answers[3]?.body).toEqual({ error: "Too many requests" });
    expect(Number(answers[3]?.headers.get("retry-after"))).toBeGreaterThan(0);
  });
});

describe("when Oracle is down", () => {
  it("answers 503 with Retry-After, serves cached histories, and shows the reason in readiness", async () => {
    const { ask, get, sandbox } = await startLookups();
    expect((await get("/livez")).status).toBe(200);
    await expect.poll(async () => (await get("/readyz")).status).toBe(200);
    expect((await ask(ADA)).status).toBe(200);
    sandbox.oracle.faults.push({ kind: "answer", status: 403, times: Infinity });
    const down = await ask(NOBODY);
    expect(down).toMatchObject({ status: 503, body: { error: "Oracle is unavailable" } });
    expect(Number(down.headers.get("retry-after"))).toBeGreaterThan(0);
    const again = await ask(NOBODY);
    expect(again.status).toBe(503);
    expect(Number(again.headers.get("retry-after"))).toBeGreaterThan(30);
    expect((await ask(ADA)).body).toMatchObject({ status: "success" });
    expect(await get("/readyz")).toMatchObject({
      status: 503,
      body: { ready: false, reasons: ["oracle: the breaker is open (forbidden)"] },
    });
  });

  it("shows a refused client in readiness, and serves as soon as it is accepted", async () => {
    const { get, ask, serve } = await startLookups({
      before: ({ oracle }) =>
        oracle.faults.push({
          kind: "answer",
          status: 401,
          body: { error: "invalid_client" },
          match: { path: /token/ },
        }),
    });
    await serve.line(({ fact }) => fact === "token.failed");
    expect(await get("/readyz")).toMatchObject({ status: 503, body: { phase: "proving" } });
    expect((await ask(ADA)).status).toBe(200);
  });
});

describe("ringahead serve", () => {
  it("completes requests in progress before it stops", async () => {
    const { ask, sandbox, serve } = await startLookups({ oracleLatencyMs: () => 300 });
    const asked = ask(ADA);
    await sandbox.oracle.waitFor(({ kind }) => kind === "search");
    serve.kill("SIGTERM");
    expect(await asked).toMatchObject({ status: 200, body: { status: "success" } });
    expect(await serve.ended).toBe(0);
    expect(serve.log.at(-1)).toMatchObject({ fact: "serve.stopped", because: "SIGTERM" });
  });
});
