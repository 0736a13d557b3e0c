import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { beforeEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { examine } from "../../../../src/app/doctor.ts";
import { groupSetupArgs } from "../../../../src/cli/setup-args.ts";
import { runSetup } from "../../../../src/cli/setup-run.ts";
import { topics } from "../../../../src/domain/event/rules.ts";
import type { Finding } from "../../../../src/operations/doctor/finding.ts";
import {
  EVENT_SOURCE,
  type SandboxEnvironment,
} from "../../../../src/sandbox/environment/sandbox-environment.ts";
import { LOCAL_CREDENTIALS } from "../../../../src/sandbox/simulators/sqs/server.ts";
import { expectFinding, problemsIn } from "../../../support/doctor-findings.ts";
import { startEnvironment } from "../../../support/environment.ts";

beforeEach(() => {
  vi.stubEnv("AWS_ACCESS_KEY_ID", LOCAL_CREDENTIALS.accessKeyId);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", LOCAL_CREDENTIALS.secretAccessKey);
});

const ABOUT = /^(org|OAuth client|permissions|EventBridge integration|topics)$/;

interface Installation {
  readonly sandbox: SandboxEnvironment;
  readonly environment: Record<string, string>;
  readonly administrator: { readonly id: string; readonly token: string };
  bus: string | undefined;
}

/** An org after `ringahead setup`, and an installation that uses it. */
async function install(): Promise<Installation> {
  const sandbox = await startEnvironment();
  const folder = mkdtempSync(join(tmpdir(), "ringahead-org-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const environment = { ...sandbox.environment };
  const { org } = sandbox.genesys;
  const administrator = org.addUser({ name: "Ada Admin" });
  const complete = await runSetup(
    environment,
    groupSetupArgs({
      ...{ awsAccount: "000000000000", suffix: "ringahead-sandbox", name: "Ringahead" },
      ...{ port: 0, accessToken: administrator.token, apply: true },
      ...{ secret: "unused", secretFile: join(folder, "secret") },
    }),
    {
      ...{ stdin: Readable.from([]), print: () => undefined, printStatus: () => undefined },
      ...{ pause: () => Promise.resolve(), now: () => 0 },
    },
  );
  expect(complete).toBe(true);
  const client = org.clients.find(({ name }) => name === "Ringahead");
  environment.GENESYS_CLIENT_ID = client?.id ?? "";
  environment.GENESYS_CLIENT_SECRET = org.secretOf(client?.id ?? "") ?? "";
  return { sandbox, environment, administrator, bus: undefined };
}

function runDoctor({ environment, administrator, bus }: Installation) {
  return examine(environment, {
    ...{ bus, known: undefined, conversation: undefined, log: undefined },
    ...{ stdin: Readable.from([]), now: Date.now },
    adminToken: () => Promise.resolve(administrator.token),
  });
}

const orgFindings = (findings: readonly Finding[]) =>
  findings.filter(({ about }) => ABOUT.test(about));
it("finds no problem after `ringahead setup`", async () => {
  const findings = await runDoctor(await install());
  expect(problemsIn(findings)).toEqual([]);
  expect(orgFindings(findings).map(({ about, what }) => `${about}: ${what}`)).toEqual([
    "OAuth client: Ringahead, active, client credentials",
    "permissions: exactly conversation:communication:view, externalContacts:contact:view",
    expect.stringMatching(/^org: Ringahead sandbox \(/),
    "EventBridge integration: Ringahead events to account 000000000000, region us-east-1, suffix ringahead-sandbox",
    "topics: all 7 are sent",
  ]);
});

it("skips the org if nobody has signed in", async () => {
  const { environment } = await install();
  const findings = await examine(environment, {
    ...{ bus: undefined, known: undefined, conversation: undefined, log: undefined },
    ...{ stdin: Readable.from([]), now: Date.now, adminToken: () => Promise.resolve(undefined) },
  });
  expect(orgFindings(findings)).toEqual([
    expect.objectContaining({ about: "org", standing: "skipped" }),
  ]);
});

/** Changes the integration's settings with an administrator's token. */
async function configure(
  { sandbox, administrator }: Installation,
  properties: Readonly<Record<string, unknown>>,
): Promise<void> {
  const [integration] = sandbox.genesys.org.integrations;
  if (integration === undefined) throw new Error("there is no integration");
  const { config } = integration;
  const url = `${sandbox.genesys.url}/api/v2/integrations/${integration.id}/config/current`;
  const answer = await fetch(url, {
    method: "PUT",
    headers: {
      authorization: `Bearer ${administrator.token}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({
      ...{ name: config.name, version: config.version, notes: "", advanced: {}, credentials: {} },
      properties: { ...config.properties, ...properties },
    }),
  });
  expect(answer.status).toBe(200);
}

const broken: readonly (readonly [
  string,
  (installation: Installation) => unknown,
  RegExp,
  RegExp,
])[] = [
  [
    "the client is of another org",
    ({ environment }) => {
      environment.GENESYS_CLIENT_ID = randomUUID();
    },
    /the org has no client/,
    /GENESYS_REGION/,
  ],
  [
    "the client was deactivated",
    ({ sandbox, environment }) =>
      sandbox.genesys.org.suspendClient(environment.GENESYS_CLIENT_ID ?? ""),
    /it is inactive/,
    /Activate it/,
  ],
  [
    "a permission is not granted",
    ({ sandbox, environment }) =>
      sandbox.genesys.org.setPermissions(environment.GENESYS_CLIENT_ID ?? "", [
        "conversation:communication:view",
      ]),
    /externalContacts:contact:view is not granted/,
    /ringahead setup/,
  ],
  [
    "more is granted than is needed",
    ({ sandbox, environment }) =>
      sandbox.genesys.org.setPermissions(environment.GENESYS_CLIENT_ID ?? "", [
        ...["conversation:communication:view", "externalContacts:contact:view"],
        "routing:queue:view",
      ]),
    /1 more than needed, for example routing:queue:view/,
    /only the role Ringahead/,
  ],
  [
    "the integration sends to another region",
    (installation) => configure(installation, { awsAccountRegion: "eu-central-1" }),
    /none sends to account 000000000000, region us-east-1.* there is Ringahead events to .*eu-central-1/,
    /another event source/,
  ],
  [
    "a topic is not selected",
    (installation) =>
      configure(installation, {
        eventFilter: Object.values(topics).filter((topic) => topic !== topics.customerStart),
      }),
    /customer\.start is not sent/,
    /topic filter/,
  ],
  [
    "Genesys Cloud reports an error of the integration",
    ({ sandbox }) =>
      sandbox.genesys.org.reportState(sandbox.genesys.org.integrations[0]?.id ?? "", "ERROR"),
    /reports an error of Ringahead events/,
    /Admin > Integrations/,
  ],
  [
    "the administrator lacks a permission",
    ({ sandbox, administrator }) =>
      sandbox.genesys.org.setPermissions(administrator.id, ["integrations:integration:view"]),
    /oauth\/clients.* answered 403 \(.*needs oauth:client:view/,
    /Have oauth:client:view granted/,
  ],
];

describe("finds a problem of the org and names the cure", () => {
  it.each(broken)("%s", async (_, breakIt, what, cure) => {
    const installation = await install();
    await breakIt(installation);
    expectFinding(await runDoctor(installation), what, cure);
  });

  it("the bus is of another org", async () => {
    const installation = await install();
    const other = EVENT_SOURCE.replace(/cloud\/[^/]+/, `cloud/${randomUUID()}`);
    installation.bus = other;
    const found = problemsIn(await runDoctor(installation));
    expect(found).toContainEqual(
      expect.objectContaining({
        about: "org",
        standing: "broken",
        what: expect.stringMatching(/the event bus is of the org/),
      }),
    );
  });
});
