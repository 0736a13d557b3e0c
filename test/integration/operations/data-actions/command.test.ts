import axios from "axios";
import { describe, expect, it, onTestFinished } from "vitest";
import { httpAction, lambdaAction } from "../../../../src/operations/data-actions/definitions.ts";
import { contains } from "../../../../src/operations/data-actions/register.ts";
import { startGenesys } from "../../../../src/sandbox/simulators/genesys-cloud/server.ts";
import { run as runProgram } from "../../../support/program.ts";

const CLIENT = { clientId: "client-1", clientSecret: "s3:cret" };
const API = "https://lookup.example.com/";
const ARN = "arn:aws:lambda:eu-central-1:111122223333:function:ringahead-lookup";
const HTTP_NAME = "Ringahead: customer history";
const LAMBDA_NAME = "Ringahead: customer history (Lambda)";

async function start() {
  const genesys = await startGenesys(CLIENT);
  onTestFinished(() => genesys.close());
  const environment: Record<string, string> = {
    GENESYS_API_URL: genesys.url,
    GENESYS_LOGIN_URL: genesys.url,
    GENESYS_CLIENT_ID: CLIENT.clientId,
    GENESYS_CLIENT_SECRET: CLIENT.clientSecret,
  };
  async function run(...args: readonly string[]) {
    const { code, out, err } = await runProgram(["actions", ...args], environment);
    return { code, stdout: out, stderr: err };
  }
  /** The number of requests so far that may have changed something. */
  const changes = () =>
    genesys.calls.filter(({ method, path }) => method !== "GET" && path !== "/oauth/token").length;
  return { genesys, run, changes, environment };
}

async function startWithIntegrations() {
  const started = await start();
  started.genesys.actions.addIntegration("Web services", "custom-rest-actions");
  started.genesys.actions.addIntegration("Functions", "aws-lambda-data-actions");
  return started;
}

describe("ringahead actions", () => {
  it("registers both, and changes nothing the second time", async () => {
    const { genesys, run, changes } = await startWithIntegrations();
    expect(await run("--api-url", API, "--function-arn", ARN)).toEqual({
      code: 0,
      stdout: `${HTTP_NAME}, in Web services: created\n${LAMBDA_NAME}, in Functions: created\n`,
      stderr: "",
    });
    const { integrationType: _, ...http } = httpAction(API);
    expect(genesys.actions.published(HTTP_NAME)).toMatchObject(http);
    const { integrationType: __, ...lambda } = lambdaAction(ARN);
    expect(genesys.actions.published(LAMBDA_NAME)).toMatchObject(lambda);
    // A draft and its publication for each action.
    expect(changes()).toBe(4);
    const again = await run("--api-url", API, "--function-arn", ARN, "--json");
    expect(
      again.stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { action: HTTP_NAME, integration: "Web services", did: "nothing", dryRun: false },
      { action: LAMBDA_NAME, integration: "Functions", did: "nothing", dryRun: false },
    ]);
    expect(changes()).toBe(4);
  });

  it("registers with an administrator's token, without a client", async () => {
    const { genesys, run, environment } = await startWithIntegrations();
    delete environment.GENESYS_CLIENT_ID;
    const { token } = genesys.org.addUser({
      name: "Ada Admin",
      permissions: [
        "integrations:integration:view",
        ...["integrations:action:view", "integrations:action:add", "integrations:action:edit"],
      ],
    });
    expect(await run("--api-url", API, "--access-token", token)).toMatchObject({
      code: 0,
      stdout: `${HTTP_NAME}, in Web services: created\n`,
    });
    const { token: other } = genesys.org.addUser({
      name: "Bob",
      permissions: ["routing:queue:view"],
    });
    const refused = await run("--api-url", API, "--access-token", other);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain("Have integrations:integration:view granted");
  });

  it("changes a different action under the same id; --dry-run changes nothing", async () => {
    const { genesys, run, changes } = await startWithIntegrations();
    await run("--api-url", API);
    const [id] = genesys.actions.known.keys();
    const before = changes();
    const dry = await run("--api-url", "https://other.example.com", "--dry-run");
    expect(dry.stdout).toBe(`${HTTP_NAME}, in Web services: would be changed\n`);
    expect(changes()).toBe(before);
    const real = await run("--api-url", "https://other.example.com");
    expect(real.stdout).toBe(`${HTTP_NAME}, in Web services: changed\n`);
    expect([...genesys.actions.known.keys()]).toEqual([id]);
    expect(genesys.actions.published(HTTP_NAME)?.config.request.requestUrlTemplate).toBe(
      "https://other.example.com/api/customer/lookup",
    );
  });

  it("reuses the draft of a failed run", async () => {
    const { genesys, run } = await startWithIntegrations();
    genesys.faults.push({
      kind: "answer",
      status: 403,
      match: { method: "POST", path: /\/publish$/ },
    });
    const broken = await run("--api-url", API);
    expect(broken).toMatchObject({ code: 2, stdout: "" });
    expect(broken.stderr).toContain("answered 403");
    expect(genesys.actions.published(HTTP_NAME)).toBeUndefined();
    expect((await run("--api-url", API)).stdout).toMatch(/created\n$/);
    expect(genesys.actions.known.size).toBe(1);
  });

  it("requires one active integration, and lists the existing ones", async () => {
    const { genesys, run, changes } = await start();
    const none = await run("--api-url", API);
    expect(none).toMatchObject({ code: 2 });
    expect(none.stderr).toMatch(/the org has none\n {2}Add it in Admin > Integrations/);
    genesys.actions.addIntegration("One", "custom-rest-actions");
    genesys.actions.addIntegration("Two", "custom-rest-actions", "DISABLED");
    expect((await run("--api-url", API)).stderr).toMatch(/"One", "Two"\n {2}Name it/);
    expect((await run("--api-url", API, "--integration", "Two")).stderr).toMatch(/is not active/);
    expect(changes()).toBe(0);
    expect((await run("--api-url", API, "--integration", "One")).code).toBe(0);
  });

  it("refuses an invalid address, and prints definitions without a request", async () => {
    const { genesys, run } = await start();
    expect((await run()).code).toBe(2);
    expect((await run("--api-url", "http://lookup.example.com")).code).toBe(2);
    expect((await run("--function-arn", "ringahead")).code).toBe(2);
    const printed = await run("--function-arn", ARN, "--print");
    expect(JSON.parse(printed.stdout)).toEqual([lambdaAction(ARN)]);
    expect(genesys.calls).toEqual([]);
  });
});

describe("the definitions", () => {
  it("map every output, with an empty text for missing ones", () => {
    for (const { config, contract } of [httpAction(API), lambdaAction(ARN)]) {
      const names = Object.keys(contract.output.successSchema.properties);
      const { translationMap, translationMapDefaults, successTemplate } = config.response;
      expect(Object.keys(translationMap)).toEqual(names);
      // As Genesys Cloud fills it if no path resolves.
      const filled = successTemplate.replace(
        /\$\{(\w+)\}/g,
        (_, name: string) => translationMapDefaults[name] ?? "missing",
      );
      const empty = Object.fromEntries(names.map((name) => [name, ""]));
      expect(JSON.parse(filled)).toEqual({ ...empty, result: "error" });
    }
  });

  it("contain only the name of the secret", () => {
    expect(httpAction(API).config.request).toMatchObject({
      requestUrlTemplate: "https://lookup.example.com/api/customer/lookup",
      headers: { Authorization: "Bearer $" + "{credentials.secret}" },
      requestTemplate: "$" + "{input.rawRequest}",
    });
  });

  it.each([
    [{ a: 1, more: 2 }, { a: 1 }, true],
    [{ a: { b: [1] }, c: 1 }, { a: { b: [1] } }, true],
    [{ a: { b: [1, 2] } }, { a: { b: [1] } }, false],
    [{}, { a: "" }, false],
    [null, { a: 1 }, false],
    [{ a: null }, { a: {} }, false],
  ])("%j contains %j: %s", (actual, expectedMembers, expected) => {
    expect(contains(actual, expectedMembers)).toBe(expected);
  });
});

describe("the simulator", () => {
  it("refuses another version, a second draft, and a template with an unknown name", async () => {
    const { genesys } = await start();
    const id = genesys.actions.addIntegration("Web services", "custom-rest-actions");
    const http = axios.create({ baseURL: genesys.url, validateStatus: () => true });
    const auth = { username: CLIENT.clientId, password: CLIENT.clientSecret };
    const { data: token } = await http.post("/oauth/token", "grant_type=client_credentials", {
      auth,
    });
    http.defaults.headers.common.authorization = `Bearer ${token.access_token}`;
    // Genesys' SDK sends the content type even without a body.
    const headers = { "content-type": "application/json" };
    const ask = (method: string, path: string, data: unknown = "") =>
      http.request({ method, url: `/api/v2/integrations/actions${path}`, data, headers });
    const { integrationType: _, ...content } = httpAction(API);
    expect((await ask("POST", "/drafts", content)).status).toBe(400);
    expect((await ask("POST", "/drafts", { ...content, integrationId: "?" })).status).toBe(404);
    const created = await ask("POST", "/drafts", { ...content, integrationId: id });
    const path = `/${created.data.id}/draft`;
    expect((await ask("PATCH", path, { version: 7 })).status).toBe(409);
    expect((await ask("PATCH", path, { version: 1, colour: "red" })).status).toBe(400);
    const { response } = content.config;
    const wrong = { ...response, successTemplate: "$" + "{unknown}" };
    await ask("PATCH", path, { version: 1, config: { ...content.config, response: wrong } });
    expect((await ask("GET", `${path}/validation`)).data).toMatchObject({ valid: false });
    expect((await ask("POST", `${path}/publish`, { version: 2 })).status).toBe(400);
    await ask("PATCH", path, { version: 2, config: content.config });
    expect((await ask("POST", `${path}/publish`, { version: 3 })).status).toBe(200);
    expect((await ask("POST", path)).status).toBe(200);
    expect((await ask("POST", path)).status).toBe(409);
  });
});
