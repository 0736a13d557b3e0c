import { expect } from "vitest";
import { topics } from "../../src/domain/event/rules.ts";
import { sampleContact } from "../../src/sandbox/samples/sample-conversations.ts";
import type { SandboxCustomer } from "../../src/sandbox/simulators/oracle-cx/site/customers.ts";
import { canaries, leakedInto } from "./canaries.ts";
import { sampleBody } from "./events.ts";
import { startCollector } from "./otlp.ts";
import { startWorld, type World, type WorldOptions } from "./world.ts";

/** The customer of all canary tests, with every value that Oracle can have. */
export const customer: SandboxCustomer = {
  customerId: "CUST-9001",
  firstName: canaries.customerName.split(" ")[0] ?? "",
  lastName: canaries.customerName.split(" ")[1] ?? "",
  accountName: canaries.accountName,
  phones: [canaries.aniE164, canaries.sipNumber, canaries.contactPhone].map((one) => `+${one}`),
  emails: [canaries.email],
  cases: [
    {
      caseNumber: "260312-000042",
      subject: `${canaries.caseSubject} card ${canaries.cardNumber} ${canaries.contactEmail}`,
      status: "open",
      lastUpdateDate: "2026-03-12T10:00:00.000Z",
    },
  ],
};

const secretEnvironment = {
  AWS_SECRET_ACCESS_KEY: canaries.awsSecretKey,
  AWS_SESSION_TOKEN: canaries.awsSessionToken,
  OTEL_EXPORTER_OTLP_HEADERS: `x-api-key=${canaries.otlpHeader}`,
  INCLUDE_CUSTOMER_NAME: "true",
  AGENT_PANEL_LABELS: "true",
  METRICS_EMF: "true",
  HTTP_PORT: "0",
};

/** Fields of each event beside the addresses. */
const otherFields = {
  customerName: canaries.unknownField,
  subject: canaries.subjectOfEvent,
};

/** An event as it is in the queue, with planted values. */
export function envelope(name: string, body: object, more: object = {}): string {
  const read = JSON.parse(sampleBody(name, { ...otherFields, ...body }));
  read.detail.metadata = { CorrelationId: canaries.correlationId };
  return JSON.stringify({ ...read, ...more });
}

/** The token endpoint of any API. */
export const TOKEN = { method: "POST", path: /token/ };

/** Sends a start and waits for any failure after it: an earlier conversation may get the fault. */
export async function failOne(world: World, conversationId: string): Promise<void> {
  const seen = new Set<object>(world.worker.log);
  const ani = `tel:+1555019${String(1000 + seen.size).slice(-4)}`;
  const body = envelope("customer-start-voice", { conversationId, ani });
  world.sandbox.genesys.addConversation(JSON.parse(body).detail.eventBody);
  await world.send(body);
  await world.worker.line(
    (line) => /dead_lettered|delayed|unavailable.failed/.test(line.fact) && !seen.has(line),
  );
}

/** Starts a worker with planted values in its configuration, customers and contacts. */
export async function startCanaries(
  environment: Readonly<Record<string, string>>,
  options: Pick<WorldOptions, "dialect" | "prepare"> = {},
) {
  const collector = await startCollector();
  const world = await startWorld({
    ...options,
    customers: [customer],
    environment: {
      ...secretEnvironment,
      ...environment,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      DEFAULT_PHONE_REGION: "US",
    },
  });
  const { sandbox, worker } = world;
  sandbox.genesys.addContact({
    id: sampleContact.id,
    cellPhone: { e164: `+${canaries.contactPhone}` },
    personalEmail: canaries.contactEmail,
  });

  /**
   * Stops the worker and returns the planted values in its log, metrics, traces and dead letters.
   * @param secrets further secrets that were created for this run
   */
  async function leaks(secrets: readonly string[] = []): Promise<string[]> {
    const { port } = await world.fact("http.listening");
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(await worker.stop()).toBe(0);
    const dead = worker.log.filter(({ fact }) => fact === "event.dead_lettered").length;
    const deadLetters = [];
    while (deadLetters.length < dead) deadLetters.push(await world.deadLetter());
    // Every fault was used, and every output has content.
    expect([sandbox.oracle.faults.left, sandbox.genesys.faults.left]).toEqual([0, 0]);
    const log = worker.log.map((line) => JSON.stringify(line)).join("\n");
    expect(log).toContain('"Namespace":"Ringahead"');
    expect(log).toContain(topics.customerStart);
    expect(metrics).toContain("ringahead_received_total");
    expect(collector.raw).toContain("process ringahead-events");
    const attributes = deadLetters.map(({ MessageAttributes }) => MessageAttributes?.failure);
    expect(attributes).not.toContain(undefined);
    const outputs = [log, worker.errors, metrics, collector.raw, JSON.stringify(attributes)];
    return outputs.flatMap((text) => [
      ...leakedInto(text),
      ...secrets.filter((secret) => text.includes(secret)),
    ]);
  }

  return { world, leaks };
}
