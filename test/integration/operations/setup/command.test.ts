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

/** Starts `ringahead setup` in a child process. @param input its standard input */
function start(
  { environment }: SetupWorld,
  args: readonly string[],
  input = "",
  options: StartOptions = {},
  credentials: Readonly<Record<string, string>> = {
    AWS_ACCESS_KEY_ID: LOCAL_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey,
  },
): Running {
  return startProgram(
    ["setup", ...args],
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

const REQUIRED = ["--aws-account", ACCOUNT, "--access-token", "-"];

describe("ringahead setup", () => {
  it("stores the secret in a file that only its owner can read, and never prints it", async () => {
    const world = await startSetupWorld();
    const path = join(newFolder(), "genesys secret");
    const args = [...REQUIRED, "--secret-file", path, "--apply"];
    const { code, stdout, stderr } = await ended(start(world, args, world.administrator.token));
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const client = world.genesys.org.clients.find(({ name }) => name === "Ringahead");
    const secret = world.genesys.org.secretOf(client?.id ?? "") ?? "";
    expect(readFileSync(path, "utf8").trim()).toBe(secret);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(stdout).not.toContain(secret);
    // A shell can evaluate the line that is printed for the worker.
    const [line = ""] = /GENESYS_CLIENT_SECRET=.*/.exec(stdout) ?? [];
    expect(
      execFileSync("sh", ["-c", `${line}; printf %s "$GENESYS_CLIENT_SECRET"`]).toString(),
    ).toBe(secret);
    const again = await ended(start(world, args.slice(0, -1), world.administrator.token));
    expect(again.stdout).toContain("0 to create, 0 to change,");
  });

  it("signs an administrator in with a browser", async () => {
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
    const args = ["--aws-account", ACCOUNT, "--login-client", id, "--port", String(port)];
    const address = Promise.withResolvers<string>();
    const child = start(world, args, "", {
      onErr(output) {
        const [found] = /http\S+authorize\S+\s/.exec(output) ?? [];
        if (found !== undefined) address.resolve(found.trim());
      },
    });
    void child.ended.then(({ err }) =>
      address.reject(new Error(`setup ended without an address: ${err}`)),
    );
    const shown = await fetch(await address.promise);
    expect(await shown.text()).toContain("You can close this window");
    const { code, stdout } = await ended(child);
    expect(code).toBe(0);
    expect(stdout).toContain("as Ada Admin");
  });

  it("exits 1 if a step is blocked, and 2 if the token is refused", async () => {
    const world = await startSetupWorld();
    world.genesys.org.removeIntegrationType("amazon-eventbridge-source");
    const blocked = await ended(start(world, REQUIRED, world.administrator.token));
    expect(blocked.code).toBe(1);
    expect(blocked.stdout).toContain("1 blocked.");
    world.genesys.revokeTokens();
    const refused = await ended(start(world, REQUIRED, world.administrator.token));
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(/refused the administrator's token\n {2}Sign in again/);
  });

  it("says what to do after Ctrl-C during a request", async () => {
    const world = await startSetupWorld();
    world.genesys.faults.push({ kind: "hang", match: { path: "/api/v2/organizations/me" } });
    const child = start(world, REQUIRED, world.administrator.token);
    const end = ended(child);
    await expect.poll(() => world.genesys.faults.left).toBe(0);
    child.kill("SIGINT");
    const { code, stderr } = await end;
    expect(code).toBe(1);
    expect(stderr).toMatch(/interrupted.*\n {2}Run the command again: /);
    expect(stderr).not.toMatch(/worker/);
  });

  it.each([
    [["--aws-account", "12"], /12 digits/],
    [[...REQUIRED, "--suffix", "a b"], /letters, digits/],
    [[...REQUIRED, "--aws-region", "here"], /eu-central-1/],
    [[...REQUIRED, "--name", " "], /up to 40 letters/],
    [[...REQUIRED, "--panel-url", "http://panel"], /https URL/],
    [[...REQUIRED, "--panel-url", "https://panel/#x"], /https URL/],
    [[...REQUIRED, "--apply", "--dry-run"], /not both/],
    [[...REQUIRED, "--function-arn", "x"], /arn:aws:lambda/],
    [
      [...REQUIRED, "--login-client", "00000000-0000-4000-8000-000000000000"],
      /cannot be used with/,
    ],
    [["--aws-account", ACCOUNT], /no administrator has signed in\n.*--access-token -/],
  ])("refuses %j", async (args, message) => {
    const world = await startSetupWorld();
    const { code, stderr } = await ended(start(world, args));
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
    expect(world.genesys.calls).toEqual([]);
  });

  it("requires a region", async () => {
    const world = await startSetupWorld();
    delete world.environment.AWS_REGION;
    const { code, stderr } = await ended(start(world, REQUIRED, world.administrator.token));
    expect(code).toBe(2);
    expect(stderr).toContain("give --aws-region, or set AWS_REGION");
  });

  it("says what to do if there are no AWS credentials", async () => {
    const world = await startSetupWorld();
    Object.assign(world.environment, { AWS_EC2_METADATA_DISABLED: "true", HOME: newFolder() });
    const child = start(world, REQUIRED, world.administrator.token, {}, {});
    const { code, stderr } = await ended(child);
    expect(code).toBe(2);
    expect(stderr).toContain("no AWS credentials were found");
    expect(stderr).toContain("--secret-file");
  });

  it("refuses an empty token", async () => {
    const world = await startSetupWorld();
    const { code, stderr } = await ended(start(world, REQUIRED, "\n"));
    expect(code).toBe(2);
    expect(stderr).toContain("--access-token holds no access token");
  });
});
