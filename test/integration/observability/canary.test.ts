import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AxiosError, AxiosHeaders } from "axios";
import { describe, expect, it, onTestFinished } from "vitest";
import { asFailure } from "../../../src/domain/failure.ts";
import { failedFields } from "../../../src/observability/facts/facts.ts";
import { logFacts } from "../../../src/observability/log.ts";
import { queueErrorText } from "../../../src/queue/sqs.ts";
import { sampleContact } from "../../../src/sandbox/samples/sample-conversations.ts";
import { canaries, leakedInto } from "../../support/canaries.ts";
import { envelope, failOne, startCanaries, TOKEN } from "../../support/canary-world.ts";
import type { World } from "../../support/world.ts";

/** A start of every channel, each with its own address. */
const starts: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "customer-start-voice": { ani: `tel:+${canaries.aniE164}`, addressFrom: undefined },
  "customer-start-voice-internal": {
    mediaType: "VOICE",
    ani: canaries.aniNational,
    addressFrom: `tel:${canaries.aniNational}`,
  },
  "customer-start-voice-sip": {
    ani: `"${canaries.sipDisplayName}" <sip:+${canaries.sipNumber}@trunk.example>`,
  },
  "customer-start-voice-withheld": {
    ani: `"${canaries.withheldName}" <sip:anonymous@anonymous.invalid>`,
  },
  "customer-start-voice-outbound": { dnis: `tel:+${canaries.dialled}` },
  "customer-start-callback": { callbackNumbers: [canaries.callback] },
  "customer-start-message-sms": { addressFrom: canaries.sms },
  "customer-start-message-whatsapp": { addressFrom: canaries.whatsapp },
  "customer-start-email": { addressFrom: `${canaries.emailName} <${canaries.email}>` },
  "customer-start-message-web": {
    addressFrom: canaries.webAddress,
    externalContactId: sampleContact.id,
  },
  "customer-start-unknown-media": { mediaType: canaries.mediaType },
};

async function sendStarts(world: World): Promise<void> {
  for (const [index, [name, body]] of Object.entries(starts).entries()) {
    const conversationId = `canary-start-${index}`;
    const text = envelope(name, { ...body, conversationId });
    world.sandbox.genesys.addConversation(JSON.parse(text).detail.eventBody);
    await world.send(text);
    await world.worker.line(
      (line) => /written|shadowed|expired/.test(line.fact) && isOf(line, conversationId),
    );
  }
}

const isOf = (line: object, id: string) => "conversationId" in line && line.conversationId === id;

/** Other events, and messages that are not events. */
async function sendOthers(world: World): Promise<void> {
  const user = { user: { id: "u-1", name: canaries.agentName }, ipAddress: canaries.ipAddress };
  await world.send(envelope("user-tokens", { ...user, tokenHash: canaries.tokenHash }));
  await world.send(
    envelope("operations-event", {
      entityName: canaries.operationsName,
      currentValue: canaries.operationsValue,
    }),
  );
  await world.send(envelope("acd-start-voice", {}, { "detail-type": canaries.topic }));
  await world.send(
    envelope("attributes-voice", {
      attributes: { oracle_status: "found", note: canaries.attributeValue },
    }),
  );
  await world.worker.line((line) => line.fact === "operations.noted");
  const bad = [
    canaries.notJson,
    JSON.stringify({ secret: canaries.notJson }),
    envelope("customer-start-voice", { conversationId: canaries.oddConversationId }),
  ];
  for (const body of bad) await world.send(body);
}

/** Responses with errors from both APIs. */
async function sendIntoFaults(world: World): Promise<void> {
  const { oracle, genesys } = world.sandbox;
  const headers = {
    "set-cookie": `session=${canaries.cookie}`,
    "www-authenticate": `Bearer error="${canaries.challenge}"`,
    location: `https://elsewhere.example/${canaries.location}`,
    "content-type": `text/plain; boundary=${canaries.contentType}`,
    "inin-correlation-id": canaries.genesysCorrelationHeader,
  };
  const search = { method: "POST", path: /search/ };
  const patch = { method: "PATCH" };
  const genesysError = {
    message: `${canaries.genesysErrorMessage} ${canaries.aniE164}`,
    code: canaries.genesysErrorCode,
    contextId: canaries.genesysContextId,
    limit: { key: canaries.genesysLimitKey },
  };
  const answers = [
    [oracle, search, { status: 400, headers, body: { error: canaries.oracleErrorBody } }],
    [oracle, search, { status: 200, headers, body: `<p>${canaries.oracleErrorBody}</p>` }],
    [oracle, search, { status: 302, headers, body: canaries.oracleErrorBody }],
    [genesys, patch, { status: 400, headers, body: genesysError }],
    [genesys, patch, { status: 413, headers, body: canaries.genesysErrorMessage }],
  ] as const;
  for (const [index, [api, match, answer]] of answers.entries()) {
    api.faults.push({ ...answer, match });
    await failOne(world, `canary-fault-${index}`);
  }
}

/** The token endpoint refuses the client, with an error description. */
async function sendIntoRefusal(world: World): Promise<void> {
  const { genesys } = world.sandbox;
  const body = { error: "invalid_client", error_description: canaries.tokenRefusal };
  genesys.faults.push(
    { status: 401, match: { method: "PATCH" } },
    { status: 400, body, match: TOKEN },
  );
  await failOne(world, "canary-refused");
}

/** Planted tokens in place of the simulators' own, which are then refused. */
async function sendWithPlantedTokens(world: World): Promise<void> {
  const { oracle, genesys } = world.sandbox;
  for (const [api, value, match] of [
    [genesys, canaries.genesysToken, { method: "PATCH" }],
    [oracle, canaries.oracleToken, { method: "POST", path: /search/ }],
  ] as const) {
    api.faults.push(
      { status: 401, match },
      { status: 200, body: { access_token: value, expires_in: 3600 }, match: TOKEN },
    );
    await failOne(world, api === oracle ? "canary-token-oracle" : "canary-token-genesys");
  }
}

describe("of 60 planted secrets and personal values", () => {
  it("there are 60, all different", () => {
    expect(Object.keys(canaries)).toHaveLength(60);
    expect(new Set(Object.values(canaries)).size).toBe(60);
  });

  it("each one is planted", () => {
    const files = ["canary.test.ts", "canary-oracle.test.ts", "../../support/canary-world.ts"];
    const source = files
      .map((file) => readFileSync(new URL(file, import.meta.url), "utf8"))
      .join("\n");
    // The client secret of the sandbox: in the configuration and in every token request.
    const own = ["genesysSecret", "basicCredentials"];
    const planted = Object.keys(canaries).filter((name) => source.includes(`canaries.${name}`));
    expect([...planted, ...own].toSorted()).toEqual(Object.keys(canaries).toSorted());
  });

  it("none is reported if summaries are written", async () => {
    const { world, leaks } = await startCanaries({});
    await sendStarts(world);
    await sendOthers(world);
    expect(world.sandbox.genesys.patchesOf("canary-start-0").arrived).toBe(1);
    await world.worker.line(
      (line) => line.fact === "event.dead_lettered" && line.reason.includes("conversationId"),
    );
    expect(await leaks()).toEqual([]);
  });

  it("none is reported in shadow mode, with a sample of numbers and an unreachable Redis", async () => {
    const folder = mkdtempSync(join(tmpdir(), "ringahead-canary-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, "sample.jsonl");
    const { world, leaks } = await startCanaries({
      SHADOW: "true",
      SHADOW_SAMPLE_FILE: path,
      REDIS_URL: `redis://default:${canaries.redisPassword}@127.0.0.1:1`,
    });
    await world.worker.line(({ fact }) => fact === "redis.lost");
    await sendStarts(world);
    expect(await leaks()).toEqual([]);
    expect(leakedInto(readFileSync(path, "utf8"))).not.toEqual([]);
  });

  it.each([
    ["respond with errors", sendIntoFaults],
    ["refuse the client", sendIntoRefusal],
    ["refuse the token", sendWithPlantedTokens],
  ])("none is reported if the APIs %s", async (_, send) => {
    const { world, leaks } = await startCanaries({});
    await send(world);
    expect(await leaks()).toEqual([]);
  });
});

describe("an error of a library", () => {
  const request = {
    headers: new AxiosHeaders({ authorization: `Bearer ${canaries.oracleToken}` }),
    data: `phone=${canaries.aniE164}`,
    url: `/search?q=${canaries.email}`,
  };
  const answer = {
    status: 500,
    statusText: canaries.oracleErrorBody,
    data: canaries.customerName,
    headers: { "set-cookie": [canaries.cookie] },
    config: request,
  };
  const named = new Error("x");
  named.name = canaries.genesysToken;
  const sdk = { status: 400, body: { message: canaries.genesysErrorMessage }, error: request };
  const sqs = Object.assign(new Error(`SQS failed: ${canaries.awsSessionToken}`), {
    code: canaries.awsSecretKey,
  });

  it.each([
    ["axios", new AxiosError(canaries.email, "ERR_BAD_REQUEST", request, {}, answer)],
    [
      "with several lines in its message",
      new Error(`one\n    at ${canaries.oracleToken}.ts:1:1\ntwo`),
    ],
    ["with an odd name", named],
    ["of the Genesys SDK, which is not an Error", sdk],
    ["a string", canaries.genesysToken],
    ["without a stack", Object.assign(new Error(canaries.email), { stack: undefined })],
  ])("%s is reported by its name and the place in our code only", (_, thrown) => {
    const lines: string[] = [];
    const report = logFacts("debug", { write: (line) => lines.push(line) });
    report("unavailable.failed", failedFields(asFailure(thrown)));
    expect(lines.join()).toContain('"code":"unexpected"');
    expect(leakedInto(lines.join())).toEqual([]);
  });

  it("has the place where it was thrown", () => {
    expect(asFailure(new TypeError("two\nlines")).message).toMatch(
      /^unexpected TypeError at canary\.test\.ts:\d+$/,
    );
  });

  it("of SQS is reported in our own words", () => {
    expect(leakedInto(queueErrorText(sqs))).toEqual([]);
    const denied = Object.assign(new Error("x"), { code: "AccessDenied" });
    expect(queueErrorText(denied)).toBe("the queue refused sqs:ReceiveMessage (AccessDenied)");
  });
});
