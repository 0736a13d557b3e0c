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

  /** Adds an integration. The result configures and enables it. */
  async function add(type: string, name = "One") {
    const { data } = await ask("POST", "/integrations", { name, integrationType: { id: type } });
    const path = `/integrations/${data.id}`;
    let version = 1;
    return {
      id: data.id as string,
      path,
      created: data,
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
  it("is disabled and not configured at first", async () => {
    const { ask, add } = await start();
    const { path, created } = await add(EVENT_BRIDGE, "Events");
    expect(created).toMatchObject({
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

  it("must be of a type that the org has", async () => {
    const { ask, org } = await start();
    const body = { integrationType: { id: EVENT_BRIDGE } };
    expect((await ask("POST", "/integrations", body)).data.name).toBe("Amazon EventBridge Source");
    org.removeIntegrationType(EVENT_BRIDGE);
    expect((await ask("POST", "/integrations", body)).status).toBe(404);
    expect((await ask("GET", `/integrations/types/${EVENT_BRIDGE}`)).status).toBe(404);
    expect((await ask("POST", "/integrations", { ...body, colour: "red" })).status).toBe(400);
  });

  it("is listed in pages, and by type", async () => {
    const { ask, add } = await start();
    const first = await add(EVENT_BRIDGE);
    await add(WIDGET);
    const page = await ask("GET", "/integrations?pageSize=1&pageNumber=2");
    expect(page.data).toMatchObject({ total: 2, entities: [{ integrationType: { id: WIDGET } }] });
    const { data } = await ask("GET", `/integrations?integrationType=${EVENT_BRIDGE}`);
    expect(data.entities).toEqual([first.created]);
  });

  it("is configured only with its current version", async () => {
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

  it("can report an error", async () => {
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
  it("gets an event source once it is complete and enabled", async () => {
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

  it("must have its own suffix", async () => {
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
  it("have their transports only if requested", async () => {
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

  it("can be limited for EventBridge", async () => {
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

  it("can be written but not read, and belong to a key of the type", async () => {
    const { ask, add, org } = await start();
    const body = credential("amazonWebServicesARN", { ARN });
    const { data: created } = await ask("POST", "/integrations/credentials", body);
    const { data: listed } = await ask("GET", "/integrations/credentials");
    expect(listed.entities).toEqual([created]);
    expect(JSON.stringify([created, listed])).not.toContain(ARN);
    const { configure, enable } = await add(LAMBDA);
    await configure({});
    expect((await enable()).data.message).toContain("AmazonWebServicesARN");
    const of = (key: string, id: string) => ({ credentials: { [key]: { id } } });
    expect((await configure({}, of("AmazonWebServicesARN", "other"))).status).toBe(400);
    expect((await configure({}, of("basicAuth", created.id))).status).toBe(400);
    const configured = await configure({}, of("AmazonWebServicesARN", created.id));
    expect(configured.data.credentials).toEqual({ AmazonWebServicesARN: created });
    expect((await enable()).status).toBe(200);
    const other = ARN.replace("lookup", "other");
    const path = `/integrations/credentials/${created.id}`;
    await ask("PUT", path, credential("amazonWebServicesARN", { ARN: other }));
    expect(org.credentials).toMatchObject([{ id: created.id, fields: { ARN: other } }]);
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

  it("that users define have any fields, and keep their type", async () => {
    const { ask, add } = await start();
    const body = credential("userDefined", { secret: "s", more: "t" });
    const { data: created } = await ask("POST", "/integrations/credentials", body);
    const { configure } = await add("custom-rest-actions");
    expect((await configure({}, { credentials: { basicAuth: { id: created.id } } })).status).toBe(
      200,
    );
    const path = `/integrations/credentials/${created.id}`;
    const basic = credential("basicAuth", { userName: "ada", password: "s" });
    expect((await ask("PUT", path, basic)).status).toBe(400);
  });
});

describe("types", () => {
  it("describe their credentials and the schema of their properties", async () => {
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
  it("a widget must have an https address", async () => {
    const { add } = await start();
    const { configure, enable } = await add(WIDGET);
    expect((await enable()).status).toBe(400);
    expect((await configure({ url: "http://panel.example.com" })).status).toBe(400);
    const url = "https://panel.example.com/?gcConversationId={{gcConversationId}}";
    const sandbox = "allow-scripts,allow-same-origin";
    expect((await configure({ url, sandbox, groups: [] })).status).toBe(200);
    expect((await enable()).status).toBe(200);
  });

  it("only those for data actions have actions", async () => {
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
