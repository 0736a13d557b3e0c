import { createServer } from "node:net";
import { networkInterfaces } from "node:os";
import { describe, expect, it, onTestFinished } from "vitest";
import {
  type AdministratorSignInDeps,
  signInAdministrator,
} from "../../../../src/operations/setup/sign-in/sign-in.ts";
import {
  type GenesysSimulator,
  startGenesys,
} from "../../../../src/sandbox/simulators/genesys-cloud/server.ts";

const CANARY = "hunter2";

async function genesys(): Promise<GenesysSimulator> {
  const simulator = await startGenesys({ clientId: "c", clientSecret: "s" });
  onTestFinished(simulator.close);
  return simulator;
}

/** What a person does with the login's address. */
type Person = (url: URL, redirectUri: string) => unknown;

/** Signs in at any free port, with a client that has the redirect URI. */
function begin(
  simulator: GenesysSimulator,
  person: Person,
  options: Partial<AdministratorSignInDeps> = {},
): Promise<string> {
  return signInAdministrator({
    loginUrl: simulator.url,
    clientId: simulator.allowPage("http://localhost:1/callback"),
    ...{ port: 0, signal: new AbortController().signal, timeoutMs: 60_000 },
    showUrl(address) {
      const url = new URL(address);
      const redirectUri = url.searchParams.get("redirect_uri") ?? "";
      simulator.allowPage(redirectUri);
      Promise.resolve(person(url, redirectUri)).catch(() => undefined);
    },
    ...options,
  });
}

/** Opens the login's page and follows its redirect, as a browser does. */
async function browse(url: URL): Promise<Response> {
  const page = await fetch(url, { redirect: "manual", headers: { connection: "close" } });
  return await visit(page.headers.get("location") ?? "");
}

const visit = (url: string, init: RequestInit = {}) =>
  fetch(url, { redirect: "manual", ...init, headers: { connection: "close" } });

/** Redirects from the login with a changed answer. */
const answerWith =
  (change: (answer: URLSearchParams) => void): Person =>
  (url, redirectUri) => {
    const answer = new URLSearchParams({
      code: CANARY,
      state: url.searchParams.get("state") ?? "",
    });
    change(answer);
    return visit(`${redirectUri}?${answer}`);
  };

async function failureOf(signingIn: Promise<string>) {
  const failure = await signingIn.catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: "Failure", source: "genesys" });
  expect(JSON.stringify(failure) + String(failure)).not.toContain(CANARY);
  return failure;
}

describe("an administrator", () => {
  it("signs in and gets a token that the API accepts", async () => {
    const simulator = await genesys();
    const token = await begin(simulator, browse);
    const answer = await visit(`${simulator.url}/api/v2/conversations/x`);
    expect(answer.status).toBe(401);
    const known = await fetch(`${simulator.url}/api/v2/conversations/x`, {
      headers: { authorization: `bearer ${token}`, connection: "close" },
    });
    expect(known.status).toBe(404);
  });

  it("sees a page that runs nothing and sends no referrer", async () => {
    const simulator = await genesys();
    const seen = Promise.withResolvers<Response>();
    await begin(simulator, (url) => browse(url).then(seen.resolve, seen.reject));
    const page = await seen.promise;
    expect(page.status).toBe(200);
    expect(await page.text()).toMatch(/You can close this window/);
    expect(page.headers.get("content-security-policy")).toMatch(/^default-src 'none'/);
    expect(page.headers.get("referrer-policy")).toBe("no-referrer");
    expect(page.headers.get("cache-control")).toBe("no-store");
  });

  it("can sign in after unrelated requests to the port", async () => {
    const simulator = await genesys();
    const statuses: number[] = [];
    await begin(simulator, async (url, redirectUri) => {
      const { origin } = new URL(redirectUri);
      const state = url.searchParams.get("state");
      for (const path of ["/", "/favicon.ico", "/callback", `/callback/?code=1&state=${state}`]) {
        statuses.push((await visit(origin + path)).status);
      }
      const posted = await visit(`${redirectUri}?code=1&state=${state}`, { method: "POST" });
      statuses.push(posted.status);
      await browse(url);
    });
    expect(statuses).toEqual([404, 404, 404, 404, 404]);
  });

  // Empty on a machine without IPv6.
  const addresses = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  const v6 = addresses.some(({ address }) => address === "::1") ? ["[::1]"] : [];
  it.each(["127.0.0.1", "localhost", ...v6])("can be redirected to %s", async (host) => {
    const simulator = await genesys();
    const token = await begin(simulator, async (url) => {
      const sent = await visit(url.href);
      await visit((sent.headers.get("location") ?? "").replace("localhost", host));
    });
    expect(token).not.toBe("");
  });

  it("leaves no open port", async () => {
    const simulator = await genesys();
    let callback = "";
    await begin(simulator, (url, redirectUri) => {
      callback = redirectUri;
      return browse(url);
    });
    await expect(visit(callback)).rejects.toThrow();
  });
});

describe("a failed login reports the reason and the cure", () => {
  it("the port is in use", async () => {
    const simulator = await genesys();
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void other.close());
    const address = other.address();
    const port = typeof address === "object" ? (address?.port ?? 0) : 0;
    expect(await failureOf(begin(simulator, () => undefined, { port }))).toMatchObject({
      ...{ kind: "misconfigured", errno: "EADDRINUSE" },
      message: expect.stringContaining(`port ${port} `),
      cure: expect.stringMatching(/--port.*redirect URIs/),
    });
  });

  it.each<[string, Person, object, RegExp, RegExp]>([
    [
      "refused by the person",
      answerWith((answer) => {
        answer.delete("code");
        answer.set("error", "access_denied");
        answer.set("error_description", CANARY);
      }),
      { kind: "misconfigured", code: "forbidden" },
      /access_denied/,
      /administrator/,
    ],
    [
      "refused for the client",
      answerWith((answer) => answer.set("error", "unauthorized_client")),
      { kind: "misconfigured", code: "invalid_client" },
      /unauthorized_client/,
      /Code Authorization/,
    ],
    [
      "refused with an invalid error name",
      answerWith((answer) => answer.set("error", `<b>${CANARY}</b>`)),
      { kind: "misconfigured" },
      /refused \(no name\)/,
      /Code Authorization/,
    ],
    [
      "not available",
      answerWith((answer) => answer.set("error", "temporarily_unavailable")),
      { kind: "retryable", code: "server_error" },
      /temporarily_unavailable/,
      /later/,
    ],
    [
      "of another login",
      answerWith((answer) => answer.set("state", "another")),
      { kind: "retryable", code: "bad_request" },
      /wrong state/,
      /earlier logins/,
    ],
    [
      "without a state",
      answerWith((answer) => answer.delete("state")),
      { kind: "retryable", code: "bad_request" },
      /wrong state/,
      /earlier logins/,
    ],
    [
      "with a code that the token endpoint does not know",
      answerWith(() => undefined),
      { kind: "misconfigured", code: "invalid_client", status: 400 },
      /invalid_grant/,
      /GENESYS_REGION.*http:\/\/localhost:\d+\/callback among its redirect URIs/,
    ],
    [
      "with two codes",
      answerWith((answer) => answer.append("code", "another")),
      { kind: "retryable", code: "malformed_answer" },
      /not an answer of Genesys Cloud's login/,
      /proxy/,
    ],
  ])("%s", async (_, person, failure, message, cure) => {
    const simulator = await genesys();
    expect(await failureOf(begin(simulator, person))).toMatchObject({
      ...failure,
      message: expect.stringMatching(message),
      cure: expect.stringMatching(cure),
    });
  });

  it.each<[number, object, object, RegExp]>([
    [401, { error: "invalid_client" }, { kind: "misconfigured", code: "invalid_client" }, /401/],
    [404, { what: "a page" }, { kind: "misconfigured", code: "invalid_client" }, /404/],
    [429, { error: "throttled" }, { kind: "retryable", code: "throttled" }, /429/],
    [503, {}, { kind: "retryable", code: "server_error" }, /503/],
    [200, { what: "a page" }, { kind: "retryable", code: "malformed_answer" }, /GENESYS_REGION/],
  ])("the token endpoint answers %i", async (status, body, failure, words) => {
    const simulator = await genesys();
    simulator.faults.push({ kind: "answer", status, body, match: { path: "/oauth/token" } });
    const seen = await failureOf(begin(simulator, browse));
    expect(seen).toMatchObject(failure);
    expect(JSON.stringify(seen) + String(seen)).toMatch(words);
  });

  it("the token endpoint cannot be reached", async () => {
    const simulator = await genesys();
    const person: Person = async (url, redirectUri) => {
      const state = url.searchParams.get("state");
      await simulator.close();
      await visit(`${redirectUri}?code=1&state=${state}`);
    };
    expect(await failureOf(begin(simulator, person))).toMatchObject({
      ...{ kind: "retryable", code: "network", errno: "ECONNREFUSED" },
    });
  });

  it("nobody completes the login in time, for example with an unknown redirect URI", async () => {
    const simulator = await genesys();
    expect(await failureOf(begin(simulator, () => undefined, { timeoutMs: 1 }))).toMatchObject({
      ...{ kind: "retryable", code: "timeout", message: expect.stringMatching(/within 0.001 s/) },
      cure: expect.stringMatching(/redirect URI http:\/\/localhost:\d+\/callback/),
    });
  });

  it("it is aborted, before or during the wait", async () => {
    const simulator = await genesys();
    const controller = new AbortController();
    const { signal } = controller;
    const failed = { kind: "retryable", code: "aborted" };
    expect(await failureOf(begin(simulator, () => controller.abort(), { signal }))).toMatchObject(
      failed,
    );
    expect(await failureOf(begin(simulator, () => undefined, { signal }))).toMatchObject(failed);
  });
});
