import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { validate } from "dockerfile-utils";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";

const dockerfile = readFileSync("Dockerfile", "utf8");

describe("the Dockerfile", () => {
  it("passes a linter", () => {
    expect(validate(dockerfile).map(({ message }) => message)).toEqual([]);
  });
  it("pins its base images, runs without root, and has a health check", () => {
    const stages = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image);
    expect(stages).toHaveLength(2);
    for (const image of stages) expect(image).toMatch(/:(?!latest)\S*(\d|nonroot)\S*$/);
    expect(stages[1]).toMatch(/:nonroot$/);
    expect(dockerfile).toMatch(/^HEALTHCHECK /m);
    expect(dockerfile).toMatch(/--enable-source-maps/);
  });
});

describe("the bundle in the image", () => {
  beforeAll(() => {
    const bundled = spawnSync(process.execPath, ["scripts/bundle.ts"], { encoding: "utf8" });
    expect(bundled.stderr).toBe("");
  });

  /** Runs it in a folder without packages. */
  function run(...words: readonly string[]) {
    const folder = mkdtempSync(join(tmpdir(), "ringahead-image-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    cpSync("dist", folder, { recursive: true });
    const file = join(folder, "ringahead.mjs");
    return spawnSync(process.execPath, [file, ...words], {
      encoding: "utf8",
      cwd: folder,
      env: { NODE_OPTIONS: "--enable-source-maps" },
    });
  }

  it("contains the whole program", () => {
    const { status, stdout } = run("--help");
    expect(status).toBe(0);
    expect(stdout).toContain("dlq");
  });

  it("lists every mistake in its configuration, and exits with 2", () => {
    const { status, stderr } = run("worker");
    expect(status).toBe(2);
    expect(stderr).toContain("QUEUE_URL is required");
  });

  it("starts a worker as far as its first call to the queue", () => {
    const folder = mkdtempSync(join(tmpdir(), "ringahead-image-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    cpSync("dist", folder, { recursive: true });
    const { status, stderr, stdout } = spawnSync(
      process.execPath,
      [join(folder, "ringahead.mjs"), "worker"],
      {
        encoding: "utf8",
        cwd: folder,
        env: {
          QUEUE_URL: "http://127.0.0.1:1/000000000000/events",
          DEAD_LETTER_QUEUE_URL: "http://127.0.0.1:1/000000000000/dead",
          AWS_REGION: "us-east-1",
          AWS_ENDPOINT_URL: "http://127.0.0.1:1",
          AWS_ACCESS_KEY_ID: "a",
          AWS_SECRET_ACCESS_KEY: "b",
          GENESYS_REGION: "us-east-1",
          GENESYS_CLIENT_ID: "a",
          GENESYS_CLIENT_SECRET: "b",
          ORACLE_BASE_URL: "http://127.0.0.1:1",
          ORACLE_CLIENT_ID: "a",
          ORACLE_CLIENT_SECRET: "b",
        },
      },
    );
    expect(status).toBe(1);
    expect(`${stdout}${stderr}`).toMatch(/sqs:GetQueueAttributes failed/);
  });
});
