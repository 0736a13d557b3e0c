import { describe, expect, it } from "vitest";
import { topics } from "../../../../src/domain/event/rules.ts";
import { startOrg } from "../../../support/genesys-org.ts";

const SOURCE = {
  awsAccountId: "111122223333",
  awsAccountRegion: "eu-central-1",
  eventSourceSuffix: "ringahead",
  eventFilter: [topics.customerStart, topics.customerEnd],
};
const ARN = "arn:aws:iam::111122223333:role/ringahead-lookup";
const LAMBDA = "aws-lambda-data-actions";
const EVENT_BRIDGE = "amazon-eventbridge-source";
const WIDGET = "embedded-client-app-interaction-widget";

async function start() {
  const sources: { name: string; region: string }[] = [];
  const started = await startOrg({
    organization: { id: "org-1", name: "Example" },
    events: {
      onEventSource: (name, { awsAccountRegion }) =>
        sources.push({ name, region: awsAccountRegion }),
    },
  });
  const { ask } = started;

  /** Adds one; configures it; enables it. */
  async function add(type: string, name = "One") {
    const { data } = await ask("POST", "/integrations", { name, integrationType: { id: type } });
    const path = `/integrations/${data.id}`;
    let version = 1;
    return {
      id: data.id as string,
      path,
      made: data,
      async configure(properties: object, more: object = {}) {
        const content = { name, version, properties, advanced: {}, notes: "", credentials: {} };
        const answer = await ask("PUT", `${path}/config/current`, { ...content, ...more });
        if (answer.status === 200) version = answer.data.version;
        return answer;
      },
      enable: () => ask("PATCH", path, { intendedState: "ENABLED" }),
    };
  }
  return { ...started, sources, add };
}

describe("an integration", () => {
  it("starts disabled, with nothing configured", async () => {
    const { ask, add } = await start();
    const { path, made } = await add(EVENT_BRIDGE, "Events");
    expect(made).toMatchObject({
      name: "Events",
      integrationType: { id: EVENT_BRIDGE },
      intendedState: "DISABLED",
      reportedState: { code: "INACTIVE" },
    });
    expect((await ask("GET", `${path}/config/current`)).data).toMatchObject({
      name: "Events",
      version: 1,
      properties: {},
      advanced: {},
      notes: "",
      credentials: {},
    });
  });

  it("is of a type that the org has", async () => {
    const { ask, org } = await start();
    const body = { integrationType: { id: EVENT_BRIDGE } };
    expect((await ask("POST", "/integrations", body)).data.name).toBe("Amazon EventBridge Source");
    org.removeIntegrationType(EVENT_BRIDGE);
    expect((await ask("POST", "/integrations", body)).status).toBe(404);
    expect((await ask("GET", `/integrations/types/${EVENT_BRIDGE}`)).status).toBe(404);
    expect((await ask("POST", "/integrations", { ...body, colour: "red" })).status).toBe(400);
  });

  it("is listed by the page, and by its type", async () => {
    const { ask, add } = await start();
    const first = await add(EVENT_BRIDGE);
    await add(WIDGET);
    const page = await ask("GET", "/integrations?pageSize=1&pageNumber=2");
    expect(page.data).toMatchObject({ total: 2, entities: [{ integrationType: { id: WIDGET } }] });
    const { data } = await ask("GET", `/integrations?integrationType=${EVENT_BRIDGE}`);
    expect(data.entities).toEqual([first.made]);
  });

  it("is configured over its current version only", async () => {
    const { add, org } = await start();
    const { configure } = await add(EVENT_BRIDGE);
    expect((await configure({}, { version: 2 })).data).toMatchObject({
      status: 409,
      code: "conflict",
    });
    expect((await configure(SOURCE, { name: "Renamed" })).data).toMatchObject({
      name: "Renamed",
      version: 2,
      properties: SOURCE,
    });
    expect((await configure(SOURCE, { version: 1 })).status).toBe(409);
    expect((await configure(SOURCE)).data.version).toBe(3);
    expect(org.integrations).toMatchObject([{ config: { version: 3, properties: SOURCE } }]);
  });

  it("may be found not to work", async () => {
    const { ask, add, org } = await start();
    const { id, path } = await add(EVENT_BRIDGE);
    org.reportState(id, "ERROR", "The account refused the event source.");
    expect((await ask("GET", path)).data.reportedState).toEqual({
      code: "ERROR",
      detail: { message: "The account refused the event source." },
    });
  });
});

describe("an EventBridge integration", () => {
  it("has an event source once it is complete and enabled", async () => {
    const { ask, add, sources } = await start();
    const { path, configure, enable } = await add(EVENT_BRIDGE);
    expect((await enable()).status).toBe(400);
    const { eventSourceSuffix: _, ...incomplete } = SOURCE;
    expect((await configure(incomplete)).status).toBe(200);
    const refused = await enable();
    expect([refused.status, refused.data.message]).toEqual([
      400,
      expect.stringContaining("eventSourceSuffix"),
    ]);
    await configure(SOURCE);
    expect(sources).toEqual([]);
    expect((await enable()).data).toMatchObject({
      intendedState: "ENABLED",
      reportedState: { code: "ACTIVE" },
    });
    await configure({ ...SOURCE, eventFilter: [topics.contact] });
    await ask("PATCH", path, { intendedState: "DISABLED" });
    expect((await ask("GET", path)).data.reportedState.code).toBe("INACTIVE");
    await enable();
    const name = "aws.partner/genesys.com/cloud/org-1/ringahead";
    expect(sources).toEqual([{ name, region: "eu-central-1" }]);
    expect((await configure({})).status).toBe(400);
    await configure({ ...SOURCE, awsAccountRegion: "us-east-1" });
    expect(sources.at(-1)).toEqual({ name, region: "us-east-1" });
  });

  it("has a suffix of its own", async () => {
    const { add } = await start();
    await (await add(EVENT_BRIDGE)).configure(SOURCE);
    const { configure } = await add(EVENT_BRIDGE, "Two");
    expect((await configure(SOURCE)).data).toMatchObject({
      code: "conflict",
      message: "The event source suffix ringahead is already in use.",
    });
    expect((await configure({ ...SOURCE, eventSourceSuffix: "other" })).status).toBe(200);
  });

  it.each([
    ["awsAccountId", "1111"],
    ["awsAccountRegion", "Frankfurt"],
    ["eventSourceSuffix", "x".repeat(65)],
    ["eventSourceSuffix", "a/b"],
    ["eventFilter", topics.customerStart],
    ["eventFilter", ["v2.users.{id}.conversations"]],
    ["eventFilter", ["v2.detail.events.conversation.1.customer.start"]],
    ["colour", "red"],
  ])("is refused with %s: %j", async (name, value) => {
    const { add } = await start();
    const { configure } = await add(EVENT_BRIDGE);
    const refused = await configure({ ...SOURCE, [name]: value });
    expect([refused.status, refused.data.code]).toEqual([400, "invalid.value"]);
    expect(refused.data.message).toContain(name);
  });
});

describe("topics", () => {
  it("name their transports only where they are asked for", async () => {
    const { ask, org } = await start();
    const plain = await ask("GET", "/notifications/availabletopics");
    expect(plain.data.entities).toContainEqual({ id: topics.customerStart });
    for (const expand of ["expand=visibility,transports", "expand=visibility&expand=transports"]) {
      const { data } = await ask("GET", `/notifications/availabletopics?${expand}`);
      expect(data.entities).toContainEqual({
        id: topics.customerStart,
        transports: ["All"],
        visibility: "Public",
      });
    }
    expect(org.offeredTopics.toSorted()).toEqual(Object.values(topics).toSorted());
  });

  it("may be offered to EventBridge or not", async () => {
    const { ask, add, org } = await start();
    org.offerToEventBridge([topics.customerStart]);
    const { data } = await ask("GET", "/notifications/availabletopics?expand=transports");
    expect(data.entities).toContainEqual({ id: topics.customerEnd, transports: ["Websocket"] });
    const { configure } = await add(EVENT_BRIDGE);
    expect((await configure(SOURCE)).status).toBe(400);
    expect((await configure({ ...SOURCE, eventFilter: [topics.customerStart] })).status).toBe(200);
  });
});

describe("credentials", () => {
  const credential = (type: string, credentialFields: object) => ({
    name: "One",
    type: { name: type },
    credentialFields,
  });

  it("are written and never read, and belong to a key of the type", async () => {
    const { ask, add, org } = await start();
    const body = credential("amazonWebServicesARN", { ARN });
    const { data: made } = await ask("POST", "/integrations/credentials", body);
    const { data: listed } = await ask("GET", "/integrations/credentials");
    expect(listed.entities).toEqual([made]);
    expect(JSON.stringify([made, listed])).not.toContain(ARN);
    const { configure, enable } = await add(LAMBDA);
    await configure({});
    expect((await enable()).data.message).toContain("AmazonWebServicesARN");
    const of = (key: string, id: string) => ({ credentials: { [key]: { id } } });
    expect((await configure({}, of("AmazonWebServicesARN", "other"))).status).toBe(400);
    expect((await configure({}, of("basicAuth", made.id))).status).toBe(400);
    const configured = await configure({}, of("AmazonWebServicesARN", made.id));
    expect(configured.data.credentials).toEqual({ AmazonWebServicesARN: made });
    expect((await enable()).status).toBe(200);
    const other = ARN.replace("lookup", "other");
    const path = `/integrations/credentials/${made.id}`;
    await ask("PUT", path, credential("amazonWebServicesARN", { ARN: other }));
    expect(org.credentials).toMatchObject([{ id: made.id, fields: { ARN: other } }]);
  });

  it.each([
    ["amazonWebServicesARN", {}],
    ["amazonWebServicesARN", { ARN: "ringahead" }],
    ["amazonWebServicesARN", { ARN, more: "x" }],
    ["basicAuth", { userName: "ada" }],
    ["magic", { a: "b" }],
  ])("of type %s are refused with %j", async (type, fields) => {
    const { ask } = await start();
    const refused = await ask("POST", "/integrations/credentials", credential(type, fields));
    expect([refused.status, refused.data.code]).toEqual([400, "invalid.value"]);
  });

  it("of a user's own making have any fields, and not another type", async () => {
    const { ask, add } = await start();
    const body = credential("userDefined", { secret: "s", more: "t" });
    const { data: made } = await ask("POST", "/integrations/credentials", body);
    const { configure } = await add("custom-rest-actions");
    expect((await configure({}, { credentials: { basicAuth: { id: made.id } } })).status).toBe(200);
    const path = `/integrations/credentials/${made.id}`;
    const basic = credential("basicAuth", { userName: "ada", password: "s" });
    expect((await ask("PUT", path, basic)).status).toBe(400);
  });
});

describe("types", () => {
  it("tell their credentials and the schema of their properties", async () => {
    const { ask } = await start();
    const { data } = await ask("GET", "/integrations/types");
    expect(data.entities.map(({ id }: { id: string }) => id)).toContain("custom-rest-actions");
    expect((await ask("GET", `/integrations/types/${LAMBDA}`)).data.credentials).toEqual({
      AmazonWebServicesARN: {
        required: true,
        title: "Amazon Web Services ARN",
        credentialTypes: ["amazonWebServicesARN"],
      },
    });
    const schema = `/integrations/types/${EVENT_BRIDGE}/configschemas/properties`;
    expect((await ask("GET", schema)).data).toMatchObject({
      type: "object",
      required: Object.keys(SOURCE),
      additionalProperties: false,
    });
    expect((await ask("GET", schema.replace("properties", "other"))).status).toBe(404);
  });
});

describe("other integrations", () => {
  it("a widget is at an https address", async () => {
    const { add } = await start();
    const { configure, enable } = await add(WIDGET);
    expect((await enable()).status).toBe(400);
    expect((await configure({ url: "http://panel.example.com" })).status).toBe(400);
    const url = "https://panel.example.com/?gcConversationId={{gcConversationId}}";
    const sandbox = "allow-scripts,allow-same-origin";
    expect((await configure({ url, sandbox, groups: [] })).status).toBe(200);
    expect((await enable()).status).toBe(200);
  });

  it("only those of data actions have actions", async () => {
    const { ask, add, genesys } = await start();
    const { id } = await add(WIDGET);
    const action = {
      category: "Ringahead",
      name: "Look up",
      config: { request: { requestUrlTemplate: "https://x", requestType: "POST" }, response: {} },
      contract: {
        input: { inputSchema: { type: "object", properties: {} } },
        output: { successSchema: { type: "object", properties: {} } },
      },
    };
    const draft = (integrationId: string) =>
      ask("POST", "/integrations/actions/drafts", { ...action, integrationId });
    expect((await draft(id)).status).toBe(400);
    expect((await draft((await add("custom-rest-actions")).id)).status).toBe(200);
    expect((await draft(genesys.actions.addIntegration("Two", LAMBDA))).status).toBe(200);
  });
});
