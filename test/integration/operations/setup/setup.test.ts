import { describe, expect, it } from "vitest";
import { topics } from "../../../../src/domain/event/rules.ts";
import { clientNeeds } from "../../../../src/operations/setup/plan/permissions.ts";
import {
  ACCOUNT,
  REGION,
  SECRET_NAME,
  type SetupWorld,
  startSetupWorld,
} from "../../../support/setup-world.ts";

const APPLY = { apply: true } as const;

/** The client that setup created. */
function workerOf({ genesys }: SetupWorld) {
  const client = genesys.org.clients.find(({ name }) => name === "Ringahead");
  if (client?.id === undefined) throw new Error("there is no client");
  return { ...client, id: client.id };
}

const storedSecret = ({ manager }: SetupWorld) =>
  [...manager.secrets].find(([arn]) => arn.includes(SECRET_NAME))?.[1].text;

/** A token with the stored secret, as the worker requests it. */
async function tokenOfWorker(world: SetupWorld): Promise<string> {
  const { id } = workerOf(world);
  const answer = await fetch(`${world.genesys.url}/oauth/token`, {
    method: "POST",
    headers: { authorization: `Basic ${btoa(`${id}:${storedSecret(world)}`)}` },
    body: new URLSearchParams({ grant_type: "client_credentials" }),
  });
  const { access_token: token } = (await answer.json()) as { access_token: string };
  return token;
}

describe("an empty org", () => {
  it("is not changed without --apply", async () => {
    const world = await startSetupWorld();
    const { complete, output } = await world.run();
    expect(complete).toBe(true);
    expect(world.changes()).toEqual([]);
    expect(world.manager.writes).toEqual([]);
    expect(output).toMatch(/^.+ \([\da-f-]{36}\), as Ada Admin\n/);
    expect(output).toContain("create   role Ringahead\n");
    expect(output).toContain("4 to create, 0 to change, 0 unchanged.");
    expect(output).toContain("Nothing was changed. Apply the plan with --apply.");
  });

  it("is in the desired state afterwards, and a second run changes nothing", async () => {
    const world = await startSetupWorld();
    const { complete, output } = await world.run(APPLY);
    expect(complete).toBe(true);
    const { org } = world.genesys;
    const client = workerOf(world);
    expect(client).toMatchObject({
      authorizedGrantType: "CLIENT-CREDENTIALS",
      state: "active",
      roleDivisions: [{ divisionId: org.homeDivisionId }],
    });
    const role = org.roles.find(({ name }) => name === "Ringahead");
    expect(
      role?.policies.flatMap(({ domain, entityName, actionSet }) =>
        actionSet.map((action) => `${domain}:${entityName}:${action}`),
      ),
    ).toEqual(clientNeeds.map(({ permission }) => permission));
    const events = org.integrations.find(({ config }) => config.name === "Ringahead events");
    expect(events).toMatchObject({
      intendedState: "ENABLED",
      config: {
        properties: {
          awsAccountId: ACCOUNT,
          awsAccountRegion: REGION,
          eventSourceSuffix: "ringahead",
          eventFilter: Object.values(topics),
        },
      },
    });
    const source = `aws.partner/genesys.com/cloud/${org.id}/ringahead`;
    expect(output).toContain(`The event source ${source} is PENDING`);
    expect(output).toContain(`-c eventSourceName=${source} -c genesysClientId=${client.id}`);
    expect(output).toMatch(/-c genesysSecretArn=arn:aws:secretsmanager:/);

    const before = world.changes().length;
    for (const args of [{}, APPLY]) {
      const again = await world.run(args);
      expect(again.complete).toBe(true);
      expect(again.output).toContain("0 to create, 0 to change,");
      expect(again.output).toContain(`GENESYS_CLIENT_ID=${client.id}`);
    }
    expect(world.changes()).toHaveLength(before);
  });

  it("stores the secret at the given place, and never prints it", async () => {
    const world = await startSetupWorld();
    const { output, status } = await world.run(APPLY);
    const secret = world.genesys.org.secretOf(workerOf(world).id);
    expect(secret).toMatch(/\S{16}/);
    expect(storedSecret(world)).toBe(secret);
    expect(output + status).not.toContain(secret);
    expect(output + status).not.toContain(world.administrator.token);
  });

  it("creates a client whose token has the permissions that the worker needs", async () => {
    const world = await startSetupWorld();
    await world.run(APPLY);
    const bearer = await tokenOfWorker(world);
    const ask = (path: string) =>
      fetch(`${world.genesys.url}${path}`, { headers: { authorization: `Bearer ${bearer}` } });
    // These ids do not exist: 404 proves the permission.
    expect((await ask("/api/v2/conversations/none")).status).toBe(404);
    expect((await ask("/api/v2/externalcontacts/contacts/none")).status).toBe(404);
    expect((await ask("/api/v2/oauth/clients")).status).toBe(403);
  });

  it("waits for a grant that is not effective at once", async () => {
    const world = await startSetupWorld();
    world.genesys.org.grantsSettleAfter(2);
    const { complete, status } = await world.run(APPLY);
    expect(complete).toBe(true);
    expect(world.pauses.slice(0, 2)).toEqual([5_000, 5_000]);
    expect(status.match(/grant is not effective everywhere yet/g)).toHaveLength(2);
  });

  it("waits as long as Genesys Cloud asks, at most twice and for a minute each", async () => {
    const world = await startSetupWorld();
    const refuse = (times: number, seconds: number) =>
      world.genesys.faults.push({
        match: { path: "/api/v2/users/me" },
        times,
        status: 429,
        headers: { "retry-after": String(seconds) },
        body: { status: 429, code: "too.many.requests", message: "slow down" },
      });
    refuse(2, 7);
    expect((await world.run()).complete).toBe(true);
    expect(world.pauses).toEqual([7_000, 7_000]);
    refuse(3, 7);
    await expect(world.run()).rejects.toMatchObject({ status: 429 });
    refuse(1, 61);
    await expect(world.run()).rejects.toMatchObject({ status: 429 });
    expect(world.pauses).toEqual([7_000, 7_000, 7_000, 7_000]);
  });

  it("revokes the role with --return-role, also in a later run", async () => {
    const world = await startSetupWorld();
    const held = () =>
      world.genesys.org.grants.filter(({ subjectId }) => subjectId === world.administrator.id);
    const before = held().length;
    const { output } = await world.run(APPLY);
    expect(output).toContain("revoke it afterwards with --return-role");
    expect(held()).toHaveLength(before + 1);
    expect((await world.run({ ...APPLY, returnRole: true })).output).toContain(
      "changed  role Ringahead, revoked from you",
    );
    expect(held()).toHaveLength(before);
    expect((await world.run({ returnRole: true })).output).toContain("0 to create, 0 to change,");
  });

  it("prints JSON without the changes", async () => {
    const world = await startSetupWorld();
    const { output } = await world.run({ ...APPLY, json: true });
    const outcome: unknown = JSON.parse(output);
    expect(outcome).toMatchObject({
      result: "done",
      next: { genesysClientId: workerOf(world).id, eventSource: { state: "PENDING" } },
    });
    expect(outcome).toMatchObject({
      steps: expect.arrayContaining([
        { thing: "role Ringahead", does: "create", told: expect.any(Array) },
      ]),
      missing: [],
      made: { roleId: expect.any(String), clientIds: { worker: workerOf(world).id } },
    });
    expect(output).not.toContain("changes");
  });
});

describe("lookups and the panel", () => {
  const args = {
    apiUrl: "https://lookup.example.com",
    functionArn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:ringahead-lookup`,
    functionRole: `arn:aws:iam::${ACCOUNT}:role/genesys`,
    panelUrl: "https://panel.example.com",
  };

  it("get their integrations, credentials and clients, and a second run changes nothing", async () => {
    const world = await startSetupWorld();
    world.environment.LOOKUP_SECRET = "l00kup-secret-of-some-length";
    const { output } = await world.run({ ...APPLY, ...args });
    const { org, actions } = world.genesys;
    expect(actions.published("Ringahead: customer history")).toBeDefined();
    expect(actions.published("Ringahead: customer history (Lambda)")).toBeDefined();
    expect(org.credentials.map(({ type }) => type)).toEqual([
      "userDefined",
      "amazonWebServicesARN",
    ]);
    const panel = org.clients.find(({ name }) => name === "Ringahead panel");
    expect(panel).toMatchObject({
      authorizedGrantType: "CODE",
      registeredRedirectUri: ["https://panel.example.com/"],
      scope: ["conversations:readonly"],
    });
    const widget = org.integrations.find(({ config }) => config.name === "Ringahead panel");
    expect(widget?.config.properties.url).toContain(`clientId=${panel?.id}`);
    expect(output).toContain(`The panel's clientId is ${panel?.id}.`);
    expect(output).not.toContain("l00kup");
    const before = world.changes().length;
    expect((await world.run(args)).output).toContain("0 to create, 0 to change, 10 unchanged");
    expect(world.changes()).toHaveLength(before);
    const more = await world.run({ ...args, fields: ["tier"] });
    expect(more.output).toContain("change   data action Ringahead: customer history\n");
  });

  it("require LOOKUP_SECRET before the first request", async () => {
    const world = await startSetupWorld();
    await expect(world.run({ apiUrl: args.apiUrl })).rejects.toThrow(/LOOKUP_SECRET is required/);
    expect(world.genesys.calls).toEqual([]);
  });
});

describe("what prevents a set-up", () => {
  it("missing permissions are listed, and nothing is changed", async () => {
    const viewPermissions = [
      "authorization:role:view",
      "oauth:client:view",
      "integrations:integration:view",
    ];
    const world = await startSetupWorld([...viewPermissions, "authorization:role:add"]);
    const { complete, output } = await world.run(APPLY);
    expect(complete).toBe(false);
    expect(world.changes()).toEqual([]);
    for (const permission of [
      "authorization:grant:add",
      "oauth:client:add",
      "integrations:integration:add",
      "integrations:integration:edit",
    ]) {
      expect(output).toContain(`  ${permission} to `);
    }
    expect(output).not.toContain("authorization:role:add to");
    expect(output).toContain("Nothing was changed.");
  });

  it("a missing view permission is named", async () => {
    const world = await startSetupWorld(["oauth:client:view", "integrations:integration:view"]);
    await expect(world.run()).rejects.toMatchObject({
      kind: "misconfigured",
      message: expect.stringContaining("needs authorization:role:view"),
    });
  });

  it("an expired token and one of an OAuth client are refused", async () => {
    const world = await startSetupWorld();
    await world.run(APPLY);
    const accessToken = await tokenOfWorker(world);
    await expect(world.run({ accessToken })).rejects.toMatchObject({
      message: expect.stringContaining("the token belongs to no user"),
    });
    world.genesys.revokeTokens();
    await expect(world.run()).rejects.toMatchObject({
      message: expect.stringContaining("refused the administrator's token"),
      cure: expect.stringContaining("GENESYS_REGION"),
    });
  });

  it("an integration that sends to another region is not changed", async () => {
    const world = await startSetupWorld();
    await world.run({ ...APPLY, awsRegion: "eu-central-1" });
    const before = world.changes().length;
    const { complete, output } = await world.run(APPLY);
    expect(complete).toBe(false);
    expect(output).toMatch(/awsAccountRegion is eu-central-1, not us-east-1/);
    expect(world.changes()).toHaveLength(before);
  });

  it("a missing integration type is named", async () => {
    const world = await startSetupWorld();
    world.genesys.org.removeIntegrationType("amazon-eventbridge-source");
    const { complete, output } = await world.run(APPLY);
    expect(complete).toBe(false);
    expect(output).toMatch(
      /BLOCKED {2}integration Ringahead events\n.*does not have the integration type/,
    );
    expect(world.changes()).toEqual([]);
  });

  it("nothing is changed if the secret cannot be stored", async () => {
    const world = await startSetupWorld();
    world.manager.refused.set("CreateSecret", "AccessDeniedException");
    await expect(world.run(APPLY)).rejects.toMatchObject({
      message: expect.stringContaining(SECRET_NAME),
      cure: expect.stringContaining("secretsmanager:CreateSecret"),
    });
    expect(world.changes()).toEqual([]);
  });

  it("a client that an administrator deactivated is activated again", async () => {
    const world = await startSetupWorld();
    await world.run(APPLY);
    world.genesys.org.suspendClient(workerOf(world).id);
    expect((await world.run()).output).toContain("is inactive, becomes active");
    await world.run(APPLY);
    expect(workerOf(world).state).toBe("active");
    expect((await world.run()).output).toContain("0 to create, 0 to change,");
  });

  it("a missing event source is reported with its region and the existing sources", async () => {
    const world = await startSetupWorld();
    const other = "aws.partner/genesys.com/cloud/00000000-0000-4000-8000-0000000000aa/other";
    await world.run(APPLY);
    world.bridge.addEventSource(other);
    world.bridge.removeEventSource(
      `aws.partner/genesys.com/cloud/${world.genesys.org.id}/ringahead`,
    );
    const { complete, output } = await world.run();
    expect(complete).toBe(false);
    expect(output).toMatch(/is not in us-east-1 \(yet\): the region has .*\/other/);
  });
});

describe("an interrupted run", () => {
  it.each([
    ["after the role", "POST", "/api/v2/authorization/subjects/", false],
    ["after the role, with a lost answer", "POST", "/api/v2/authorization/roles", true],
    ["after the grant", "POST", "/api/v2/oauth/clients", false],
    ["after the integration, with a lost answer", "POST", "/api/v2/integrations", true],
    ["before the integration is configured", "PUT", "/api/v2/integrations/", false],
    ["before the integration is active", "PATCH", "/api/v2/integrations/", false],
  ])("%s resumes", async (_, method, path, processed) => {
    const world = await startSetupWorld();
    const { faults, org } = world.genesys;
    faults.push({ match: { method, path }, status: 500, processed });
    await expect(world.run(APPLY)).rejects.toMatchObject({
      message: expect.stringMatching(/could not be set up as planned: .* answered 500/),
      cure: expect.stringContaining("Earlier steps stay done. Run the command again"),
    });
    expect((await world.run(APPLY)).complete).toBe(true);
    expect((await world.run()).output).toContain("0 to create, 0 to change,");
    expect(org.roles.filter(({ name }) => name === "Ringahead")).toHaveLength(1);
    expect(org.clients.filter(({ name }) => name === "Ringahead")).toHaveLength(1);
    expect(
      org.integrations.filter(({ config }) => config.name === "Ringahead events"),
    ).toHaveLength(1);
  });

  it("between the client and its secret needs a decision", async () => {
    const world = await startSetupWorld();
    world.manager.refused.set("PutSecretValue", "InternalServiceError");
    await expect(world.run(APPLY)).rejects.toMatchObject({
      message: expect.stringMatching(
        /OAuth client Ringahead could not be set up as planned: its secret could not be stored/,
      ),
      cure: expect.stringContaining("--new-secret"),
    });
    const first = world.genesys.org.secretOf(workerOf(world).id);
    world.manager.refused.clear();
    const { complete, output } = await world.run(APPLY);
    expect(complete).toBe(false);
    expect(output).toMatch(/an earlier run may have ended before it stored the secret/);
    expect((await world.run({ ...APPLY, newSecret: true })).complete).toBe(true);
    const second = world.genesys.org.secretOf(workerOf(world).id);
    expect(second).not.toBe(first);
    expect(storedSecret(world)).toBe(second);
    expect((await world.run()).output).toContain("0 to create, 0 to change,");
  });
});
