import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { startEnvironment } from "../../support/environment.ts";
import { run } from "../../support/program.ts";

/** What a checkout starts: the sources. */
const ENTRY = fileURLToPath(new URL("../../../bin/ringahead.js", import.meta.url));

async function ringahead(args: readonly string[], env: Record<string, string> = {}) {
  const { code, out, err } = await run(args, env, { entry: ENTRY });
  return { code, stdout: out, stderr: err };
}

describe("the command line", () => {
  it("prints its help", async () => {
    const { code, stdout } = await ringahead(["--help"]);
    expect(code).toBe(0);
    expect(stdout).toContain("worker");
    expect(stdout).toContain("sandbox");
  });

  it.each([[["wroker"]], [["worker", "--fast"]], [["sandbox", "--dialect", "siebel"]], [[]]])(
    "%j is wrong: exit 2",
    async (args) => {
      const { code, stderr } = await ringahead(args);
      expect(code).toBe(2);
      expect(stderr).toMatch(/Usage: ringahead/);
    },
  );
});

describe("a worker that cannot start", () => {
  it("lists every mistake in its configuration and exits 2", async () => {
    const { code, stdout, stderr } = await ringahead(["worker"], { ORACLE_TIMEOUT_MS: "soon" });
    expect(code).toBe(2);
    expect(stdout).toBe("");
    for (const name of [
      "QUEUE_URL",
      "DEAD_LETTER_QUEUE_URL",
      "GENESYS_CLIENT_ID",
      "ORACLE_BASE_URL",
    ]) {
      expect(stderr).toContain(`  ${name} is required`);
    }
    expect(stderr).toContain(
      'ORACLE_TIMEOUT_MS must be a whole number from 10 to 120000, is "soon"',
    );
  });

  it("says which queue cannot be reached, and exits 1", async () => {
    const { code, stderr } = await ringahead(["worker"], {
      QUEUE_URL: "http://127.0.0.1:9/000000000000/events",
      DEAD_LETTER_QUEUE_URL: "http://127.0.0.1:9/000000000000/dead",
      AWS_ENDPOINT_URL: "http://127.0.0.1:9",
      AWS_ACCESS_KEY_ID: "local",
      AWS_SECRET_ACCESS_KEY: "local",
      GENESYS_REGION: "us-east-1",
      GENESYS_CLIENT_ID: "id",
      GENESYS_CLIENT_SECRET: "not-shown",
      ORACLE_BASE_URL: "http://127.0.0.1:9",
      ORACLE_CLIENT_ID: "id",
      ORACLE_CLIENT_SECRET: "not-shown",
    });
    expect(code).toBe(1);
    expect(stderr).toContain("QUEUE_URL http://127.0.0.1:9/000000000000/events");
    expect(stderr).not.toContain("not-shown");
  });
});

it("started by npm, SIGTERM to npm drains the worker", async () => {
  const sandbox = await startEnvironment();
  const npm = spawn("npm", ["run", "--silent", "ringahead", "--", "worker"], {
    cwd: fileURLToPath(new URL("../../..", import.meta.url)),
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...sandbox.environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void npm.kill("SIGKILL"));
  const facts: string[] = [];
  createInterface({ input: npm.stdout }).on("line", (line) => {
    facts.push(JSON.parse(line).fact);
    if (facts.length === 1) npm.kill("SIGTERM");
  });
  expect(await once(npm, "close")).toEqual([0, null]);
  expect(facts).toEqual(["worker.started", "worker.draining", "worker.stopped"]);
});

it("Ctrl-C in the middle of the sandbox leaves no process behind", async () => {
  const sandbox = spawn(process.execPath, [ENTRY, "sandbox", "--json"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void sandbox.kill("SIGKILL"));
  const lines = createInterface({ input: sandbox.stdout });
  await once(lines, "line");
  const children = await childrenOf(sandbox.pid);
  expect(children).toHaveLength(1);
  sandbox.kill("SIGINT");
  const [code] = await once(sandbox, "close");
  expect(code).toBe(1);
  for (const pid of children) expect(() => process.kill(pid, 0)).toThrow(/ESRCH/);
});

/** The processes that a process has started, from the kernel's own list. */
async function childrenOf(pid = 0): Promise<number[]> {
  const { readFile } = await import("node:fs/promises");
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, "utf8");
  return children.trim().split(/\s+/).filter(Boolean).map(Number);
}
