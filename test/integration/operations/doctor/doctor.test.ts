import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import {
  CreateEventBusCommand,
  DeleteRuleCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import {
  CreateQueueCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from "@aws-sdk/client-sqs";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { type Examination, examine } from "../../../../src/app/doctor.ts";
import { REFERENCE_RULE, topics } from "../../../../src/domain/event/rules.ts";
import type { Finding } from "../../../../src/operations/doctor/finding.ts";
import { startRedisServer } from "../../../../src/sandbox/environment/redis-server.ts";
import {
  EVENT_SOURCE,
  type SandboxEnvironment,
} from "../../../../src/sandbox/environment/sandbox-environment.ts";
import { startEventBridge } from "../../../../src/sandbox/simulators/eventbridge/server.ts";
import { LOCAL_CREDENTIALS } from "../../../../src/sandbox/simulators/sqs/server.ts";
import { expectFinding, problemsIn } from "../../../support/doctor-findings.ts";
import { startEnvironment } from "../../../support/environment.ts";
import { run } from "../../../support/program.ts";
import { startSqsProxy } from "../../../support/sqs-proxy.ts";

// The SDK reads them from the environment of the process.
beforeEach(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", LOCAL_CREDENTIALS.accessKeyId);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", LOCAL_CREDENTIALS.secretAccessKey);
});

const ADA = { by: "phone", address: "+15550199999" } as const;

interface Installation {
  readonly sandbox: SandboxEnvironment;
  readonly bridge: EventBridgeClient;
  /** The doctor's environment. Tests break it. */
  readonly environment: Record<string, string>;
  examination: Partial<Examination>;
}

async function install(dialect: "gateway" | "fusion" = "gateway"): Promise<Installation> {
  const sandbox = await startEnvironment({ dialect });
  const bridge = new EventBridgeClient({
    region: "us-east-1",
    endpoint: sandbox.eventBridge.url,
    credentials: LOCAL_CREDENTIALS,
  });
  onTestFinished(() => bridge.destroy());
  sandbox.genesys.addConversation({
    conversationId: "c-1",
    participantId: "p-1",
    mediaType: "EMAIL",
    address: "ada.example@example.com",
  });
  return { sandbox, bridge, environment: { ...sandbox.environment }, examination: { known: ADA } };
}

function runDoctor({ environment, examination }: Installation): Promise<readonly Finding[]> {
  return examine(environment, {
    ...{ bus: undefined, known: undefined, conversation: undefined, log: undefined },
    ...{ stdin: Readable.from([]), now: Date.now, adminToken: () => Promise.resolve(undefined) },
    ...examination,
  });
}

/** A log whose last event came `agoMs` ago. */
function logOf(agoMs: number): string {
  const folder = mkdtempSync(join(tmpdir(), "ringahead-doctor-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "worker.log");
  const line = {
    level: "info",
    time: new Date(Date.now() - agoMs).toISOString(),
    fact: "event.received",
    ...{ messageId: "m", happenedAt: 0, busAt: 0, queuedAt: 0, receiveCount: 1 },
  };
  writeFileSync(file, `${JSON.stringify(line)}\n`);
  return file;
}

it.each(["gateway", "fusion"] as const)(
  "finds no problem in a working installation (%s)",
  async (dialect) => {
    const installation = await install(dialect);
    await using redis = await startRedisServer();
    installation.environment.REDIS_URL = redis.url;
    installation.examination = { known: ADA, conversation: "c-1", log: logOf(60_000) };
    const findings = await runDoctor(installation);
    expect(problemsIn(findings)).toEqual([]);
    // No administrator has signed in: org.test.ts covers this check.
    expect(
      findings.filter(({ standing }) => standing === "skipped").map(({ about }) => about),
    ).toEqual(["org"]);
    expect(installation.sandbox.genesys.counts.patch).toBe(0);
  },
);

const rule = (name: string) => ({ Rule: name, EventBusName: EVENT_SOURCE });
const setQueue = ({ sandbox }: Installation, Attributes: Record<string, string>) =>
  sandbox.sqs.client.send(
    new SetQueueAttributesCommand({ QueueUrl: sandbox.sqs.queue.url, Attributes }),
  );

/** An account without a deployment. */
async function startBridge() {
  const bridge = await startEventBridge({
    ...{ deliver: () => Promise.resolve(), now: Date.now, newId: () => "none" },
  });
  onTestFinished(() => bridge.close());
  return bridge;
}

type Break = (installation: Installation) => unknown;
const START = "ringahead-customer-start";

const broken: readonly (readonly [string, Break, RegExp, RegExp])[] = [
  [
    "a variable is missing",
    ({ environment }) => delete environment.ORACLE_CLIENT_ID,
    /ORACLE_CLIENT_ID/,
    /configuration\.md/,
  ],
  [
    "the queue does not exist",
    ({ environment }) => {
      environment.QUEUE_URL += "-gone";
    },
    /QUEUE_URL .*does not exist/,
    /Check the URL/,
  ],
  [
    "the dead-letter queue does not exist",
    ({ environment }) => {
      environment.DEAD_LETTER_QUEUE_URL += "-gone";
    },
    /DEAD_LETTER_QUEUE_URL .*does not exist/,
    /Check the URL/,
  ],
  [
    "another dead-letter queue is configured",
    async ({ sandbox, environment }) => {
      const created = await sandbox.sqs.client.send(new CreateQueueCommand({ QueueName: "other" }));
      environment.DEAD_LETTER_QUEUE_URL = created.QueueUrl ?? "";
    },
    /dead letters go to .*ringahead-dead-letters, not to DEAD_LETTER_QUEUE_URL/,
    /redrive policy/,
  ],
  [
    "messages are dead-lettered after few receives",
    (installation) =>
      setQueue(installation, {
        RedrivePolicy: JSON.stringify({
          deadLetterTargetArn: installation.sandbox.sqs.deadLetters.arn,
          maxReceiveCount: 3,
        }),
      }),
    /maxReceiveCount is 3/,
    /maxReceiveCount 100/,
  ],
  [
    "the retention is one hour",
    (installation) => setQueue(installation, { MessageRetentionPeriod: "3600" }),
    /keeps messages for 3600 s/,
    /retention to at least a day/,
  ],
  [
    "EventBridge is not allowed to send",
    (installation) =>
      setQueue(installation, { Policy: JSON.stringify({ Version: "2012-10-17", Statement: [] }) }),
    /EventBridge is not allowed to send/,
    /sqs:SendMessage/,
  ],
  [
    "a dead letter waits",
    ({ sandbox }) =>
      sandbox.sqs.client.send(
        new SendMessageCommand({ QueueUrl: sandbox.sqs.deadLetters.url, MessageBody: "x" }),
      ),
    /1 are dead letters/,
    /dlq list/,
  ],
  [
    "the bus does not exist",
    ({ examination }) => Object.assign(examination, { bus: "nobody's" }),
    /EventBridge cannot be queried/,
    /name of the bus/,
  ],
  [
    "the event source has no bus yet",
    async ({ environment }) => {
      const bridge = await startBridge();
      bridge.addEventSource(EVENT_SOURCE);
      environment.AWS_ENDPOINT_URL_EVENTBRIDGE = bridge.url;
    },
    /the event source .*ringahead-sandbox is PENDING: it has no bus yet and expires at 20/,
    /cdk deploy|-c eventSourceName=aws\.partner/,
  ],
  [
    "there is no event source",
    async ({ environment }) => {
      environment.AWS_ENDPOINT_URL_EVENTBRIDGE = (await startBridge()).url;
    },
    /neither an event source nor a bus/,
    /ringahead setup/,
  ],
  [
    "there is a second partner bus",
    async ({ bridge, sandbox }) => {
      const Name = EVENT_SOURCE.replace("ringahead-sandbox", "a-test");
      sandbox.eventBridge.addEventSource(Name);
      await bridge.send(new CreateEventBusCommand({ Name, EventSourceName: Name }));
    },
    /was checked; aws\.partner\/.* exists too/,
    /--bus/,
  ],
  [
    "EventBridge cannot be reached",
    ({ environment }) => {
      environment.AWS_ENDPOINT_URL_EVENTBRIDGE = "http://127.0.0.1:9";
    },
    /EventBridge cannot be queried/,
    /AWS_REGION/,
  ],
  [
    "a rule is missing",
    async ({ bridge }) => {
      await bridge.send(new RemoveTargetsCommand({ ...rule(START), Ids: ["queue"] }));
      await bridge.send(new DeleteRuleCommand({ Name: START, EventBusName: EVENT_SOURCE }));
    },
    /no rule matches v2\.detail\.events\.conversation\.\{id\}\.customer\.start/,
    /Deploy the stack/,
  ],
  [
    "the rule for collected references is missing",
    async ({ bridge }) => {
      await bridge.send(new RemoveTargetsCommand({ ...rule(REFERENCE_RULE), Ids: ["queue"] }));
      await bridge.send(
        new DeleteRuleCommand({ Name: REFERENCE_RULE, EventBusName: EVENT_SOURCE }),
      );
    },
    /no rule matches .*attributes with the attribute of REFERENCE_ATTRIBUTE/,
    /-c referenceAttribute=/,
  ],
  [
    "a rule has a wildcard instead of the template",
    ({ bridge }) =>
      bridge.send(
        new PutRuleCommand({
          Name: START,
          EventBusName: EVENT_SOURCE,
          EventPattern: JSON.stringify({
            "detail-type": [topics.customerStart.replace("{id}", "*")],
          }),
        }),
      ),
    /no rule matches .*customer\.start/,
    /literal \{id\}/,
  ],
  [
    "a rule is disabled",
    ({ bridge }) =>
      bridge.send(
        new PutRuleCommand({
          Name: START,
          EventBusName: EVENT_SOURCE,
          State: "DISABLED",
          EventPattern: JSON.stringify({ "detail-type": [topics.customerStart] }),
        }),
      ),
    /ringahead-customer-start is disabled/,
    /Enable it/,
  ],
  [
    "a rule has a different pattern",
    ({ bridge }) =>
      bridge.send(
        new PutRuleCommand({
          Name: START,
          EventBusName: EVENT_SOURCE,
          EventPattern: JSON.stringify({ "detail-type": [topics.customerStart] }),
        }),
      ),
    /a different pattern than this version/,
    /Deploy the stack/,
  ],
  [
    "the target of a rule is another queue",
    ({ bridge, sandbox }) =>
      bridge.send(
        new PutTargetsCommand({
          ...rule(START),
          Targets: [{ Id: "queue", Arn: sandbox.sqs.deadLetters.arn }],
        }),
      ),
    /its target is not QUEUE_URL's queue/,
    /Deploy the stack/,
  ],
  [
    "a target has no dead-letter queue",
    ({ bridge, sandbox }) =>
      bridge.send(
        new PutTargetsCommand({
          ...rule(START),
          Targets: [{ Id: "queue", Arn: sandbox.sqs.queue.arn }],
        }),
      ),
    /its target has no dead-letter queue/,
    /Deploy the stack/,
  ],
  [
    "Genesys Cloud refuses the client",
    ({ environment }) => {
      environment.GENESYS_CLIENT_SECRET = "another";
    },
    /genesys|Genesys|oauth\/token/,
    /GENESYS_CLIENT_SECRET/,
  ],
  [
    "Genesys Cloud cannot be reached",
    ({ environment }) => {
      environment.GENESYS_API_URL = "http://127.0.0.1:9";
    },
    /127\.0\.0\.1:9/,
    /DNS|reached|firewall|host/i,
  ],
  [
    "a permission is missing",
    ({ sandbox }) =>
      sandbox.genesys.faults.push({
        kind: "answer",
        status: 403,
        body: { status: 403, code: "missing.permissions", message: "" },
        match: { path: "/api/v2/externalcontacts" },
      }),
    /403: externalContacts:contact:view is not granted/,
    /externalContacts:contact:view/,
  ],
  [
    "Oracle refuses the client",
    ({ environment }) => {
      environment.ORACLE_CLIENT_SECRET = "another";
    },
    /token|sign/i,
    /ORACLE_CLIENT_SECRET/,
  ],
  [
    "Oracle does not let the client see customers",
    ({ sandbox }) =>
      sandbox.oracle.faults.push({
        kind: "answer",
        status: 403,
        times: 9,
        match: { path: /search/ },
      }),
    /403/,
    /role or permission/,
  ],
  [
    "the known customer is not found",
    ({ examination }) =>
      Object.assign(examination, { known: { by: "phone", address: "+15550100042" } }),
    /no customer is found by this phone/,
    /DEFAULT_PHONE_REGION/,
  ],
  [
    "the known customer has a duplicate",
    ({ examination }) =>
      Object.assign(examination, { known: { by: "phone", address: "+4930901820" } }),
    /more than one customer has this phone/,
    /duplicates/,
  ],
  [
    "the conversation does not exist",
    ({ examination }) => Object.assign(examination, { conversation: "c-2" }),
    /no such conversation/,
    /GENESYS_REGION/,
  ],
  [
    "Redis cannot be reached",
    ({ environment }) => {
      environment.REDIS_URL = "redis://127.0.0.1:9";
    },
    /it cannot be used/,
    /REDIS_URL/,
  ],
  [
    "the clock is wrong",
    ({ examination }) => Object.assign(examination, { now: () => Date.now() + 400_000 }),
    /(399|400|401) s ahead of (Genesys Cloud|AWS)/,
    /NTP/,
  ],
  [
    "the clock differs from the clock of AWS",
    async ({ sandbox, environment }) => {
      const behind = () => Date.now() - 400_000;
      const endpoint = await startSqsProxy(sandbox.sqs.endpoint, () => undefined, behind);
      Object.assign(environment, {
        AWS_ENDPOINT_URL: endpoint,
        QUEUE_URL: sandbox.sqs.queue.url.replace(sandbox.sqs.endpoint, endpoint),
        DEAD_LETTER_QUEUE_URL: sandbox.sqs.deadLetters.url.replace(sandbox.sqs.endpoint, endpoint),
      });
    },
    /(399|400|401) s ahead of AWS/,
    /NTP/,
  ],
  [
    "the clock is so wrong that AWS refuses requests",
    async ({ sandbox, environment }) => {
      const body = { __type: "com.amazon.coral.service#RequestExpired", message: "expired" };
      const ahead = () => Date.now() + 3_600_000;
      environment.AWS_ENDPOINT_URL = await startSqsProxy(
        sandbox.sqs.endpoint,
        () => ({ status: 400, body }),
        ahead,
      );
    },
    /(3599|3600|3601) s behind AWS/,
    /NTP/,
  ],
  [
    "the last event came an hour ago",
    ({ examination }) => Object.assign(examination, { log: logOf(3_600_000) }),
    /60 min ago/,
    /NoEvents/,
  ],
];

describe("finds a problem and names the cure", () => {
  it.each(broken)("%s", async (_, breakIt, what, cure) => {
    const installation = await install();
    await breakIt(installation);
    const found = expectFinding(await runDoctor(installation), what, cure);
    // No finding contains a secret.
    expect(JSON.stringify(found)).not.toMatch(/not-a-secret-here|another"/);
  });

  it("a telephone attribute does not exist (fusion)", async () => {
    const installation = await install("fusion");
    installation.environment.ORACLE_PHONE_ATTRIBUTES = "MobileNumber,Nowhere";
    const found = problemsIn(await runDoctor(installation));
    expect(found).toContainEqual(
      expect.objectContaining({
        about: "ORACLE_PHONE_ATTRIBUTES",
        what: expect.stringContaining("Nowhere"),
      }),
    );
  });
});

it("the command exits 1 if something is broken, and prints JSON", async () => {
  const { environment } = await install();
  const doctor = (...args: readonly string[]) => run(["doctor", ...args], environment);
  const well = await doctor("--phone", "+15550199999");
  expect(well.code).toBe(0);
  expect(well.out).toContain("0 broken");
  environment.GENESYS_CLIENT_SECRET = "wrong";
  const failed = await doctor("--json");
  expect(failed.code).toBe(1);
  expect(JSON.parse(failed.out).findings.length).toBeGreaterThan(5);
  for (const misuse of [["--nonsense"], ["--log", "-", "--access-token", "-"]]) {
    const misused = await doctor(...misuse);
    expect(misused.code).toBe(2);
  }
});
