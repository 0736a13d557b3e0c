import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { LOCAL_CREDENTIALS } from "../../../../src/sandbox/simulators/sqs/server.ts";
import {
  type Running,
  type StartOptions,
  start as startProgram,
} from "../../../support/program.ts";
import { ACCOUNT, type SetupWorld, startSetupWorld } from "../../../support/setup-world.ts";

/** `ringahead setup` in a process of its own. `input` is what its standard input holds. */
function start(
  { environment }: SetupWorld,
  words: readonly string[],
  input = "",
  options: StartOptions = {},
  credentials: Readonly<Record<string, string>> = {
    AWS_ACCESS_KEY_ID: LOCAL_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey,
  },
): Running {
  return startProgram(
    ["setup", ...words],
    { ...environment, ...credentials },
    { input, ...options },
  );
}

async function ended(running: Running) {
  const { code, out, err } = await running.ended;
  return { code, stdout: out, stderr: err };
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "ringahead-setup-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

const ASKED = ["--aws-account", ACCOUNT, "--access-token", "-"];

describe("ringahead setup", () => {
  it("keeps the secret in a file that only its owner may read, and shows it to nobody", async () => {
    const world = await startSetupWorld();
    const path = join(newFolder(), "genesys secret");
    const words = [...ASKED, "--secret-file", path, "--apply"];
    const { code, stdout, stderr } = await ended(start(world, words, world.administrator.token));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const client = world.genesys.org.clients.find(({ name }) => name === "Ringahead");
    const secret = world.genesys.org.secretOf(client?.id ?? "") ?? "";
    expect(readFileSync(path, "utf8").trim()).toBe(secret);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(stdout).not.toContain(secret);
    // What is printed for the worker is good in a shell.
    const [line = ""] = /GENESYS_CLIENT_SECRET=.*/.exec(stdout) ?? [];
    expect(
      execFileSync("sh", ["-c", `${line}; printf %s "$GENESYS_CLIENT_SECRET"`]).toString(),
    ).toBe(secret);
    const again = await ended(start(world, words.slice(0, -1), world.administrator.token));
    expect(again.stdout).toContain("0 to create, 0 to change,");
  });

  it("signs an administrator in by a browser", async () => {
    const world = await startSetupWorld();
    const { org, url } = world.genesys;
    const port = await freePort();
    org.signIn(world.administrator.id);
    const login = await fetch(`${url}/api/v2/oauth/clients`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${world.administrator.token}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({
        name: "Command line",
        authorizedGrantType: "CODE",
        registeredRedirectUri: [`http://localhost:${port}/callback`],
        scope: ["authorization", "integrations", "oauth"],
      }),
    });
    const { id } = (await login.json()) as { id: string };
    const words = ["--aws-account", ACCOUNT, "--login-client", id, "--port", String(port)];
    const address = Promise.withResolvers<string>();
    const child = start(world, words, "", {
      onErr(said) {
        const [found] = /http\S+authorize\S+\s/.exec(said) ?? [];
        if (found !== undefined) address.resolve(found.trim());
      },
    });
    void child.ended.then(({ err }) =>
      address.reject(new Error(`it ended without an address: ${err}`)),
    );
    const shown = await fetch(await address.promise);
    expect(await shown.text()).toContain("You may close this window");
    const { code, stdout } = await ended(child);
    expect(code).toBe(0);
    expect(stdout).toContain("as Ada Admin");
  });

  it("ends with 1 where something is in the way, and with 2 where nobody may look", async () => {
    const world = await startSetupWorld();
    world.genesys.org.removeIntegrationType("amazon-eventbridge-source");
    const blocked = await ended(start(world, ASKED, world.administrator.token));
    expect(blocked.code).toBe(1);
    expect(blocked.stdout).toContain("1 blocked.");
    world.genesys.revokeTokens();
    const refused = await ended(start(world, ASKED, world.administrator.token));
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/refused the administrator's token\n {2}It has expired/);
  });

  it("says what to do after Ctrl-C in the middle of a request", async () => {
    const world = await startSetupWorld();
    world.genesys.faults.push({ kind: "hang", match: { path: "/api/v2/organizations/me" } });
    const child = start(world, ASKED, world.administrator.token);
    const end = ended(child);
    await expect.poll(() => world.genesys.faults.left).toBe(0);
    child.kill("SIGINT");
    const { code, stderr } = await end;
    expect(code).toBe(1);
    expect(stderr).toMatch(/was called off\n {2}Run the command again: /);
    expect(stderr).not.toMatch(/worker/);
  });

  it.each([
    [["--aws-account", "12"], /12 digits/],
    [[...ASKED, "--suffix", "a b"], /letters, digits/],
    [[...ASKED, "--aws-region", "here"], /eu-central-1/],
    [[...ASKED, "--name", " "], /up to 40 letters/],
    [[...ASKED, "--panel-url", "http://panel"], /https URL/],
    [[...ASKED, "--panel-url", "https://panel/#x"], /https URL/],
    [[...ASKED, "--apply", "--dry-run"], /not both/],
    [[...ASKED, "--function-arn", "x"], /arn:aws:lambda/],
    [[...ASKED, "--login-client", "00000000-0000-4000-8000-000000000000"], /cannot be used with/],
    [["--aws-account", ACCOUNT], /no administrator has signed in\n.*--access-token -/],
  ])("refuses %j", async (words, told) => {
    const world = await startSetupWorld();
    const { code, stderr } = await ended(start(world, words));
    expect(code).toBe(2);
    expect(stderr).toMatch(told);
    expect(world.genesys.calls).toEqual([]);
  });

  it("does not guess the region", async () => {
    const world = await startSetupWorld();
    delete world.environment.AWS_REGION;
    const { code, stderr } = await ended(start(world, ASKED, world.administrator.token));
    expect(code).toBe(2);
    expect(stderr).toContain("give --aws-region, or set AWS_REGION");
  });

  it("says what to do where AWS cannot be asked", async () => {
    const world = await startSetupWorld();
    Object.assign(world.environment, { AWS_EC2_METADATA_DISABLED: "true", HOME: newFolder() });
    const child = start(world, ASKED, world.administrator.token, {}, {});
    const { code, stderr } = await ended(child);
    expect(code).toBe(2);
    expect(stderr).toContain("no AWS credentials were found");
    expect(stderr).toContain("--secret-file");
  });

  it("takes no empty token", async () => {
    const world = await startSetupWorld();
    const { code, stderr } = await ended(start(world, ASKED, "\n"));
    expect(code).toBe(2);
    expect(stderr).toContain("--access-token holds no access token");
  });
});
