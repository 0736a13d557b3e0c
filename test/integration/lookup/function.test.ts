import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { bundleFunction } from "../../../scripts/bundle.ts";
import { createHandler, type Handler } from "../../../src/app/lambda/handler.ts";
import { lookupData, noData } from "../../../src/domain/summary/lookup-data.ts";
import { actionOutput, actionSchemas } from "../../../src/lookup/action.ts";
import { errorAnswer } from "../../../src/lookup/lambda/contract.ts";
import { startEnvironment } from "../../support/environment.ts";

async function start(environment: Readonly<Record<string, string>> = {}) {
  const sandbox = await startEnvironment();
  const all = { ...sandbox.environment, QUEUE_URL: "", LOG_LEVEL: "error", ...environment };
  const invoke = createHandler(all);
  const handler = async (...given: Parameters<Handler>) => {
    const answer = await invoke(...given);
    if ("statusCode" in answer) throw new Error("it answered API Gateway");
    return answer;
  };
  return { sandbox, environment: all, invoke, handler };
}

const ADA = { phoneNumber: "+15550199999" };
const named = (data: unknown) => ({ actionName: "FetchUser", requestId: "req-123456", data });

describe("the function", () => {
  it("gives the same answer to both contracts, with every field", async () => {
    const { handler } = await start();
    const found = await handler(named(ADA));
    expect(found).toMatchObject({
      status: "success",
      data: { result: "success", customerId: "CUST-1001", firstName: "", openCases: "2" },
    });
    expect(Object.keys(found.data)).toEqual(["result", ...Object.keys(lookupData.shape)]);
    expect(Object.values(found.data).every((value) => typeof value === "string")).toBe(true);
    expect(await handler(ADA)).toEqual(found);
    expect(await handler({ email: "ada.example@example.com" })).toMatchObject({
      data: { customerId: "CUST-1001" },
    });
  });

  it.each([
    ["+15550100042", "not_found"],
    ["anonymous", "not_found"],
    ["+4930901820", "ambiguous"],
  ])("%s is %s: a success with empty fields", async (phoneNumber, match) => {
    const { handler } = await start();
    expect(await handler({ phoneNumber })).toEqual({
      status: "success",
      data: { result: match, ...noData([]) },
    });
  });

  it.each([
    [{}, "Invalid input: 'data' key missing from event."],
    [null, "Invalid input: 'data' key missing from event."],
    ["text", "Invalid input: 'data' key missing from event."],
    [{ actionName: "FetchUser", requestId: "1" }, "Invalid input: 'data' key missing from event."],
    [named(null), "Invalid input: 'data' key missing from event."],
    [named({}), "Missing required parameter: phoneNumber"],
    [{ email: "" }, "Missing required parameter: phoneNumber"],
    [named({ phoneNumber: [] }), "Invalid parameter: phoneNumber"],
    [named({ conversationId: "c-2" }), "Unknown conversationId."],
  ])("%j: %s", async (event, error) => {
    const { handler } = await start();
    expect(await handler(event)).toEqual(errorAnswer(error));
  });

  it.each([
    [{ kind: "answer", status: 403 }, {}, "HTTP Error: 403 Forbidden"],
    [{ kind: "answer", status: 400 }, {}, "HTTP Error: 400 Bad Request"],
    [{ kind: "hang" }, { ORACLE_TIMEOUT_MS: "50" }, "Request to external API timed out."],
    [{ kind: "hang" }, { LOOKUP_DEADLINE_MS: "50" }, "Request to external API timed out."],
  ] as const)("Oracle: %j %j", async (fault, environment, error) => {
    const { handler, sandbox } = await start(environment);
    sandbox.oracle.faults.push({ ...fault, match: { path: /search/ } });
    expect(await handler(ADA)).toEqual(errorAnswer(error));
  });

  it("answers before its invocation times out", async () => {
    const { handler, sandbox } = await start();
    sandbox.oracle.faults.push({ kind: "hang", match: { path: /search/ } });
    const answer = await handler(ADA, { getRemainingTimeInMillis: () => 250 });
    expect(answer).toEqual(errorAnswer("Request to external API timed out."));
  });

  it("does not throw if it is not configured", async () => {
    const { environment } = await start();
    const handler = createHandler({ ...environment, ORACLE_BASE_URL: "nowhere" });
    expect(await handler(ADA)).toEqual(errorAnswer("The function is not configured: see its log."));
  });
});

/** As API Gateway sends it. */
const request = (body: string, headers: Readonly<Record<string, string>> = {}) => ({
  version: "2.0",
  routeKey: "POST /api/customer/lookup",
  rawPath: "/api/customer/lookup",
  rawQueryString: "",
  headers: { "content-type": "application/json", "content-length": `${body.length}`, ...headers },
  requestContext: {
    http: { method: "POST", sourceIp: "203.0.113.7", path: "/" },
    sandbox: "$default",
  },
  body: Buffer.from(body).toString("base64"),
  isBase64Encoded: true,
});

describe("behind API Gateway", () => {
  const bearer = { authorization: "Bearer first-secret-of-callers" };
  const LOOKUP_SECRET = "first-secret-of-callers";

  it.each([
    [JSON.stringify(ADA), bearer, 200, { status: "success" }],
    ['{"phoneNumber":"+15550100042"}', bearer, 200, { status: "not_found", data: null }],
    [JSON.stringify(ADA), {}, 401, { error: "Unauthorized" }],
    ["{}", bearer, 400, { error: "Missing phoneNumber field" }],
    ["{", bearer, 400, { error: "Body is not valid JSON" }],
  ])("%s %j: %i", async (body, headers, status, expected) => {
    const { invoke } = await start({ LOOKUP_SECRET });
    const answer = await invoke(request(body, headers));
    if (!("statusCode" in answer)) throw new Error("it answered a data action");
    expect(answer.statusCode).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject(expected);
    expect(answer.headers["content-type"]).toContain("application/json");
  });

  it("answers 401 if no secret is set, and 503 if it is not configured", async () => {
    const { invoke, environment } = await start();
    expect(await invoke(request(JSON.stringify(ADA), bearer))).toMatchObject({ statusCode: 401 });
    const wrong = createHandler({ ...environment, ORACLE_BASE_URL: "nowhere" });
    expect(await wrong(request("{}", bearer))).toMatchObject({ statusCode: 503 });
  });
});

describe("the schemas", () => {
  it("are flat text, and the function's answer fits them", () => {
    const { input, output } = actionSchemas(["tier"]);
    expect(output.properties).toHaveProperty("tier");
    expect(Object.keys(input.properties)).toEqual([
      "phoneNumber",
      "email",
      "conversationId",
      "reference",
    ]);
    for (const schema of [input, output]) {
      expect(schema.$schema).toBe("http://json-schema.org/draft-04/schema#");
      for (const property of Object.values(schema.properties)) expect(property.type).toBe("string");
    }
    expect(actionOutput.safeParse({ result: "success", error: "", ...noData([]) }).success).toBe(
      true,
    );
  });
});

describe("the bundle", () => {
  it("answers from a folder without packages", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ringahead-function-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    await bundleFunction(folder);
    const { sandbox, environment } = await start();
    sandbox.genesys.addConversation({
      conversationId: "c-1",
      participantId: "p-1",
      mediaType: "EMAIL",
      address: "ada.example@example.com",
    });
    const answers = await invoke(folder, environment, [ADA, { conversationId: "c-1" }]);
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: "success", data: { customerId: "CUST-1001" } });
    }
  });
});

/** Invokes the bundle in a process of its own, as the runtime does: by module and name. */
async function invoke(
  folder: string,
  environment: Readonly<Record<string, string>>,
  events: readonly unknown[],
): Promise<Awaited<ReturnType<Handler>>[]> {
  const program =
    'const { handler } = await import("./index.mjs"); const answers = [];' +
    "for (const event of JSON.parse(process.argv[1])) answers.push(await handler(event, {getRemainingTimeInMillis: () => 3000}));" +
    "process.stdout.write(JSON.stringify(answers), () => process.exit(0));";
  const child = spawn(
    process.execPath,
    ["--input-type=module", "--eval", program, JSON.stringify(events)],
    { cwd: folder, env: { ...environment }, stdio: ["ignore", "pipe", "inherit"] },
  );
  let text = "";
  for await (const chunk of child.stdout) text += chunk;
  return JSON.parse(text);
}
