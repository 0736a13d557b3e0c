import { expect, it } from "vitest";
import { canaries, leakedInto } from "../../support/canaries.ts";
import { customer } from "../../support/canary-world.ts";
import { startEnvironment } from "../../support/environment.ts";
import { startLookups } from "../../support/lookups.ts";
import { run } from "../../support/program.ts";

const LOOKUP_SECRET = "canary-lookup-secret-61";
const LOOKUP_SECRET_PREVIOUS = "canary-lookup-previous-62";

it("a measurement of spellings prints none of the planted secrets and personal values", async () => {
  const sandbox = await startEnvironment({ customers: [customer] });
  const answer = { status: 400, body: { error: `${canaries.oracleErrorBody} ${canaries.sms}` } };
  sandbox.oracle.faults.push({ ...answer, match: { method: "POST", path: /search/ } });
  const numbers = [canaries.aniE164, canaries.sipNumber, canaries.sms, canaries.callback];
  const input = [...numbers.map((number) => `+${number}`), canaries.email, canaries.customerName];
  for (const args of [[], ["--json"]]) {
    const ran = await run(
      ["report", "--try-spellings", "-", "--rate", "6000", ...args],
      { ...sandbox.environment, INCLUDE_CUSTOMER_NAME: "true" },
      { input: input.join("\n") },
    );
    expect(ran).toMatchObject({ code: 0, err: expect.stringContaining("Skipped") });
    expect(leakedInto(ran.out + ran.err)).toEqual([]);
  }
});

it("lookups on demand report none of the planted secrets and personal values", async () => {
  const { ask, get, serve, sandbox } = await startLookups({
    customers: [customer],
    environment: { LOOKUP_SECRET, LOOKUP_SECRET_PREVIOUS, INCLUDE_CUSTOMER_NAME: "true" },
  });
  const bearer = { authorization: `Bearer ${LOOKUP_SECRET_PREVIOUS}` };
  const stranger = { authorization: `Bearer ${canaries.challenge}` };
  const statuses = [
    await ask({ phoneNumber: `+${canaries.aniE164}` }, bearer),
    await ask({ phoneNumber: canaries.sms }, bearer),
    await ask({ email: canaries.email }, bearer),
    await ask({ conversationId: "no-such-conversation", note: canaries.unknownField }, bearer),
    await ask({ conversationId: canaries.oddConversationId }, bearer),
    await ask(canaries.notJson, bearer),
    await ask({ email: canaries.mediaType }, stranger),
  ].map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set([200, 400, 404, 401]));
  const headers = { "set-cookie": `session=${canaries.cookie}` };
  for (const status of [400, 500]) {
    const body = { error: `${canaries.oracleErrorBody} ${canaries.dialled}` };
    sandbox.oracle.faults.push({
      ...{ status, headers, body, times: Number.POSITIVE_INFINITY },
      match: { method: "POST", path: /search/ },
    });
    const number = status === 400 ? canaries.dialled : canaries.whatsapp;
    const before = new Set<object>(serve.log);
    // If the retries take longer than the caller waits, the answer is `pending`.
    await ask({ phoneNumber: `+${number}` }, bearer);
    await serve.line((line) => line.fact === "lookup.failed" && !before.has(line));
    sandbox.oracle.faults.clear();
  }
  const metrics = String((await get("/metrics")).body);
  expect(metrics).toContain("ringahead_on_demand_total");
  expect(await serve.stop()).toBe(0);
  expect(serve.log.map(({ fact }) => fact)).toEqual(
    expect.arrayContaining(["lookup.answered", "lookup.failed", "api.called"]),
  );
  const output = [JSON.stringify(serve.log), serve.errors, metrics].join("\n");
  const secrets = [LOOKUP_SECRET, LOOKUP_SECRET_PREVIOUS].filter((one) => output.includes(one));
  expect([...leakedInto(output), ...secrets]).toEqual([]);
});
