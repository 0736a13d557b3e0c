import { describe, expect, it } from "vitest";
import { fileCycles, folderCycles, wrongArrows } from "../support/architecture/guard.ts";
import { SANDBOX_COMMAND, wings } from "../support/architecture/map.ts";
import { tooLong } from "../support/architecture/sizes.ts";
import { readSources, type Source, sourceOf } from "../support/architecture/sources.ts";

const files = readSources("src", "infra");
const inside = (...folders: readonly string[]) =>
  files.filter(({ path }) => folders.some((folder) => path.startsWith(`src/${folder}/`)));
const pathsOf = (found: readonly Source[]) => found.map(({ path }) => path);

/** Imports of `sources` that are neither of one of these folders nor one of these packages. */
function others(sources: readonly Source[], folders: readonly string[], packages: string[] = []) {
  return sources.flatMap(({ path, imports }) =>
    imports
      .map(({ name }) => name)
      .filter((name) => !folders.some((folder) => name.startsWith(`src/${folder}/`)))
      .filter((name) => !packages.includes(name))
      .map((name) => `${path} imports ${name}`),
  );
}

const knowsClockOrChance = ({ text }: Source) =>
  /Date\.now\(|new Date\(\)|Math\.random|performance\.now|process\./.test(text);

describe("the map", () => {
  it("has every folder of src, fifteen at most", () => {
    const found = new Set(
      files.filter(({ path }) => path.startsWith("src/")).map(({ path }) => path.split("/")[1]),
    );
    expect([...found].sort()).toEqual(Object.keys(wings).sort());
    expect(found.size).toBeLessThanOrEqual(15);
  });

  it("lets arrows go to wings above only", () => {
    const names = Object.keys(wings);
    const down = Object.entries(wings).flatMap(([name, { imports }]) =>
      imports
        .filter((to) => names.indexOf(to) >= names.indexOf(name))
        .map((to) => `${name} > ${to}`),
    );
    expect(down).toEqual([]);
  });

  it("has no arrow that is not used", () => {
    const used = new Set(
      files.flatMap(({ path, imports }) =>
        imports.map(({ name }) => `${path.split("/")[1]} > ${name.split("/")[1]}`),
      ),
    );
    const unused = Object.entries(wings).flatMap(([name, { imports }]) =>
      imports.map((to) => `${name} > ${to}`).filter((arrow) => !used.has(arrow)),
    );
    expect(unused).toEqual([]);
  });

  it("is what the sources import, types included", () => {
    expect(wrongArrows(files)).toEqual([]);
  });

  it("leaves no cycle between folders, types included", () => {
    expect(folderCycles(files)).toEqual([]);
  });

  it("leaves no cycle between files, types included", () => {
    expect(fileCycles(files)).toEqual([]);
  });
});

describe("the guard", () => {
  const queue = sourceOf("src/queue/a.ts", 'import { b } from "../pipeline/b.ts";');
  const pipeline = sourceOf("src/pipeline/b.ts", 'import { a } from "../queue/a.ts";');
  const typeOnly = sourceOf("src/queue/a.ts", 'import type { B } from "../pipeline/b.ts";');

  it("is red on a cycle", () => {
    expect(folderCycles([queue, pipeline])).toEqual([
      "folders import each other: src/queue/a.ts > src/pipeline/b.ts, src/pipeline/b.ts > src/queue/a.ts. Move the line that both need to one of them.",
    ]);
    expect(fileCycles([queue, pipeline])).toHaveLength(1);
  });

  it("is red on a cycle of types alone", () => {
    expect(folderCycles([typeOnly, pipeline])).toHaveLength(1);
    expect(fileCycles([typeOnly, pipeline])).toHaveLength(1);
    const inline = sourceOf("src/queue/a.ts", 'import { type B } from "../pipeline/b.ts";');
    expect(folderCycles([inline, pipeline])).toHaveLength(1);
    const exported = sourceOf("src/queue/a.ts", 'export type { B } from "../pipeline/b.ts";');
    expect(folderCycles([exported, pipeline])).toHaveLength(1);
  });

  it("is red on a cycle through a lazy import", () => {
    const lazy = sourceOf("src/queue/a.ts", 'const b = () => import("../pipeline/b.ts");');
    expect(folderCycles([lazy, pipeline])).toHaveLength(1);
  });

  it("is red on a product file that imports the sandbox", () => {
    const product = sourceOf(
      "src/pipeline/worker.ts",
      'import type { Faults } from "../sandbox/simulators/server/faults.ts";',
    );
    expect(wrongArrows([product])).toEqual([
      "src/pipeline/worker.ts imports src/sandbox/simulators/server/faults.ts: product code never imports the sandbox. Only src/cli/sandbox.ts starts it; move what both need to the wing that owns it.",
    ]);
    const command = sourceOf(SANDBOX_COMMAND, 'const run = () => import("../sandbox/sandbox.ts");');
    expect(wrongArrows([command])).toEqual([]);
  });

  it("is red on a simulator that imports product code", () => {
    const simulator = sourceOf(
      "src/sandbox/simulators/sqs/server.ts",
      'import { MAX_RECEIVE_COUNT } from "../../../queue/limits.ts";',
    );
    expect(wrongArrows([simulator])[0]).toContain("a simulator imports no product code");
  });

  it("is red on an arrow that the map does not have, and says where the line belongs", () => {
    expect(wrongArrows([queue])).toEqual([
      "src/queue/a.ts imports src/pipeline/b.ts: the map has no arrow from queue (SQS: receive, settle, dead-letter message) to pipeline. Cure: pipeline may import queue, not the other way round: move the line to pipeline, or declare the port in domain.",
    ]);
    const adapters = sourceOf("src/oracle/a.ts", 'import type { S } from "../genesys/sdk.ts";');
    expect(wrongArrows([adapters])[0]).toContain("connect the two in app");
    const homeless = sourceOf("src/utils/a.ts", 'import { b } from "../queue/b.ts";');
    expect(wrongArrows([homeless])[0]).toContain("is in no wing of the map");
  });
});

describe("what is pure", () => {
  it("imports neither I/O nor a package that could do any", () => {
    // Of node:url, domains are converted by pure functions.
    const pure = ["zod", "libphonenumber-js/max", "node:url"];
    expect(others(inside("domain"), ["domain"], pure)).toEqual([]);
    expect(others(inside("pipeline/backlog"), ["domain", "pipeline/backlog"])).toEqual([]);
    expect(
      others(
        inside("operations/explain", "operations/report"),
        ["domain", "observability/facts", "operations/explain", "operations/report"],
        ["lru-cache"],
      ),
    ).toEqual([]);
    expect(
      others(
        inside("operations/setup/plan"),
        ["domain", "operations/setup/plan", "operations/data-actions"],
        ["node:util"],
      ),
    ).toEqual([]);
  });

  it.each([
    "domain",
    "pipeline/backlog",
    "operations/explain",
    "operations/report",
    "operations/setup/plan",
  ])("%s knows neither clock nor chance", (folder) => {
    expect(inside(folder).length).toBeGreaterThan(2);
    expect(pathsOf(inside(folder).filter(knowsClockOrChance))).toEqual([]);
  });
});

describe("the edges", () => {
  it.each([
    ["purecloud-platform-client-v2", ["src/genesys/sdk.ts"]],
    ["axios", ["src/resilience/http/client.ts"]],
    ["https-proxy-agent", ["src/resilience/http/tunnel.ts"]],
    ["oauth4webapi", ["src/operations/setup/sign-in/sign-in.ts", "src/panel/page/sign-in.ts"]],
    [
      "jose",
      ["src/resilience/sign-in/assertion.ts", "src/sandbox/simulators/server/signed-assertion.ts"],
    ],
    [
      "@aws-sdk/client-secrets-manager",
      ["src/config/secrets/aws.ts", "src/config/secrets/store.ts"],
    ],
    ["bottleneck", ["src/resilience/limiter.ts"]],
    ["sqs-consumer", ["src/queue/intake.ts"]],
    ["pino", ["src/observability/log.ts"]],
    ["ioredis", ["src/fleet/redis.ts"]],
    ["@opentelemetry/exporter-prometheus", ["src/observability/metrics/metrics.ts"]],
    ["@opentelemetry/exporter-trace-otlp-http", ["src/observability/traces/traces.ts"]],
    ["@opentelemetry/sdk-trace", ["src/observability/traces/traces.ts"]],
  ])("only the expected files know %s", (name, expected) => {
    const users = files.filter(({ imports }) =>
      imports.some((one) => one.name === name && !one.types),
    );
    expect(pathsOf(users).sort()).toEqual(expected);
  });

  it("reads the environment where processes begin only", () => {
    const readers = files.filter(
      ({ path, text }) => /process\.env\b/.test(text) && !path.startsWith("infra/"),
    );
    expect(pathsOf(readers).sort()).toEqual(["src/app/lambda/index.ts", "src/cli/main.ts"]);
  });

  it("loads no client of anything before a command is chosen", () => {
    const loaded = new Map(files.map(({ path, imports }) => [path, imports]));
    const seen = new Set<string>();
    const visit = (path: string): void => {
      if (seen.has(path)) return;
      seen.add(path);
      for (const { name, types, lazy } of loaded.get(path) ?? []) if (!types && !lazy) visit(name);
    };
    visit("src/cli/main.ts");
    const packages = [...seen].filter((name) => !name.startsWith("src/") && !/^node:/.test(name));
    expect(packages.sort()).toEqual([
      "commander",
      "jose",
      "libphonenumber-js/max",
      "lru-cache",
      "zod",
    ]);
  });
});

describe("the sizes", () => {
  it("let a reader keep a function, a closure, a file and its options in mind", () => {
    expect(files.flatMap(tooLong)).toEqual([]);
  });

  it("are red on what is too long", () => {
    const lines = (count: number) => Array.from({ length: count }, () => "  f();").join("\n");
    const long = `function long() {\n${lines(60)}\n}`;
    const closure = `function closure() {\n  function inner() {\n    f();\n  }\n${lines(120)}\n}`;
    const options = "interface FooOptions { a: 1; b: 1; c: 1; d: 1; e: 1; f: 1; g: 1; h: 1 }";
    expect(tooLong(sourceOf("src/a.ts", long))).toEqual(["src/a.ts: function long has 62 lines"]);
    expect(tooLong(sourceOf("src/a.ts", closure))).toEqual([
      "src/a.ts: closure closure has 125 lines",
    ]);
    expect(tooLong(sourceOf("src/a.ts", options))).toEqual(["src/a.ts: FooOptions has 8 members"]);
    expect(tooLong(sourceOf("src/a.ts", `${lines(301)}\n`))).toEqual(["src/a.ts has 301 lines"]);
  });

  it("name no drawers", () => {
    const drawers = files.filter(({ path }) =>
      /(utils?|helpers?|common|manager|misc)[./]/.test(path),
    );
    expect(pathsOf(drawers)).toEqual([]);
  });
});
