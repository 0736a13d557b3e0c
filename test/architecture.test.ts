import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** Every source file, by its path from the root, and what it imports. */
const files = ["src", "infra"].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => readSource(join(folder, path))),
);

interface Source {
  readonly path: string;
  readonly text: string;
  /** Paths from the root for our own files, names for packages. Types only are left out. */
  readonly imports: readonly string[];
  readonly all: readonly string[];
  /** What is loaded with it: neither types nor what is imported once it is needed. */
  readonly atOnce: readonly string[];
}

function readSource(path: string): Source {
  const text = readFileSync(join(ROOT, path), "utf8");
  const found = [...text.matchAll(/(?:^|\n)(import|export)( type)?\b[^;]*?from "([^"]+)";/g)];
  const dynamic = [...text.matchAll(/import\("([^"]+)"\)/g)].map(([, name]) => resolve(path, name));
  const named = found.map(([, , type, name]) => ({ type, name: resolve(path, name) }));
  const atOnce = named.filter(({ type }) => !type).map(({ name }) => name);
  return {
    path,
    text,
    atOnce,
    imports: [...atOnce, ...dynamic],
    all: [...named.map(({ name }) => name), ...dynamic],
  };
}

function resolve(from: string, name = ""): string {
  return name.startsWith(".") ? relative(ROOT, join(ROOT, dirname(from), name)) : name;
}

function inside(...folders: readonly string[]): readonly Source[] {
  return files.filter(({ path }) => folders.some((folder) => path.startsWith(`${folder}/`)));
}

function offences(sources: readonly Source[], forbidden: (name: string) => boolean): string[] {
  return sources.flatMap(({ path, imports }) =>
    imports.filter(forbidden).map((name) => `${path} imports ${name}`),
  );
}

const under =
  (...folders: readonly string[]) =>
  (name: string) =>
    folders.some((folder) => name.startsWith(`src/${folder}/`));

it("reads the files", () => {
  expect(files.length).toBeGreaterThan(40);
  expect(files.flatMap(({ imports }) => imports)).toContain("src/failure.ts");
});

describe("the pure steps", () => {
  const pure = inside("src/event", "src/route", "src/identify", "src/summarise", "src/backlog");
  const allowedPackages = ["zod", "libphonenumber-js/max"];

  it("import neither I/O nor a package that could do any", () => {
    const own = under("event", "route", "identify", "summarise", "backlog");
    const alsoPure = ["src/failure.ts", "src/history/safe-text.ts"];
    expect(
      offences(
        pure,
        (name) => !own(name) && !alsoPure.includes(name) && !allowedPackages.includes(name),
      ),
    ).toEqual([]);
  });

  it("know neither clock nor chance", () => {
    const impure = pure.filter(({ text }) =>
      /Date\.now\(|new Date\(\)|Math\.random|performance\.now|process\./.test(text),
    );
    expect(impure.map(({ path }) => path)).toEqual([]);
  });
});

describe("what reads a log", () => {
  const readers = inside("src/explain", "src/report");

  it("imports facts, names and nothing that could do I/O", () => {
    const own = under("explain", "report", "facts", "event", "route");
    expect(offences(readers, (name) => !own(name) && name !== "lru-cache")).toEqual([]);
    const impure = readers.filter(({ imports }) =>
      imports.some((name) => /facts\/(log|read-log)\.ts$/.test(name)),
    );
    expect(impure.map(({ path }) => path)).toEqual([]);
  });

  it("knows neither clock nor chance", () => {
    const impure = readers.filter(({ text }) =>
      /Date\.now\(|new Date\(\)|Math\.random|performance\.now|process\./.test(text),
    );
    expect(impure.map(({ path }) => path)).toEqual([]);
  });
});

describe("the plan of a set-up", () => {
  const planning = inside("src/setup/plan");

  it("imports no I/O, knows neither clock nor chance", () => {
    const own = under("setup/plan", "event");
    expect(planning.length).toBeGreaterThan(5);
    expect(offences(planning, (name) => !own(name) && name !== "node:util")).toEqual([]);
    const impure = planning.filter(({ text }) =>
      /Date\.now\(|new Date\(\)|Math\.random|performance\.now|process\./.test(text),
    );
    expect(impure.map(({ path }) => path)).toEqual([]);
  });
});

describe("the ends", () => {
  it.each([
    ["history", ["attributes", "intake", "state", "worker"]],
    ["attributes", ["history", "intake", "state", "worker"]],
    ["intake", ["history", "attributes", "state", "worker"]],
    ["protection", ["history", "attributes", "intake", "worker"]],
    ["http", ["history", "attributes", "intake", "worker"]],
    ["secrets", ["history", "attributes", "intake", "state", "http", "config", "worker"]],
    ["state", ["attributes", "intake", "worker"]],
    ["apis", ["attributes", "intake", "worker", "lookup"]],
    ["lookup", ["intake", "worker", "serve", "lambda"]],
    ["lambda", ["intake", "worker", "attributes"]],
    ["doctor", ["worker", "serve", "lambda", "attributes", "commands"]],
    ["genesys", ["attributes", "actions", "history", "intake", "setup", "state", "worker"]],
    ["setup", ["worker", "serve", "lambda", "attributes", "commands", "doctor", "config"]],
    [
      "panel",
      ["attributes", "history", "http", "intake", "lookup", "protection", "serve", "worker"],
    ],
    ["telemetry", ["history", "attributes", "intake", "state", "http", "protection", "worker"]],
  ])("%s imports none of the others", (folder, others) => {
    expect(offences(inside(`src/${folder}`), under(...others))).toEqual([]);
  });

  it.each([
    ["purecloud-platform-client-v2", ["src/genesys/sdk.ts"]],
    ["axios", ["src/http/client.ts"]],
    ["https-proxy-agent", ["src/http/tunnel.ts"]],
    ["oauth4webapi", ["src/panel/page/sign-in.ts", "src/setup/sign-in/sign-in.ts"]],
    ["jose", ["src/http/assertion.ts", "src/sandbox/signed-assertion.ts"]],
    ["@aws-sdk/client-secrets-manager", ["src/secrets/aws.ts", "src/secrets/store.ts"]],
    ["bottleneck", ["src/protection/limiter.ts"]],
    ["sqs-consumer", ["src/intake/consumer.ts"]],
    ["pino", ["src/facts/log.ts"]],
    ["cockatiel", ["src/protection/breaker.ts"]],
    ["ioredis", ["src/state/redis.ts"]],
    ["@opentelemetry/exporter-prometheus", ["src/telemetry/metrics.ts"]],
    ["@opentelemetry/exporter-trace-otlp-http", ["src/telemetry/traces.ts"]],
    ["@opentelemetry/sdk-trace", ["src/telemetry/traces.ts"]],
  ])("only one file knows %s", (name, expected) => {
    const users = files.filter(({ imports }) => imports.includes(name)).map(({ path }) => path);
    expect(users).toEqual(expected);
  });
});

describe("the whole", () => {
  it("puts the parts together in worker/ and commands/ only", () => {
    const worker = files.filter(({ path }) => !/^src\/(worker|commands)\//.test(path));
    expect(offences(worker, under("worker"))).toEqual([]);
  });

  it("keeps the sandbox out of what is deployed", () => {
    const deployed = files.filter(({ path }) => !/^src\/(sandbox\/|main\.ts)/.test(path));
    expect(offences(deployed, under("sandbox"))).toEqual([]);
  });

  it("reads the environment where processes begin only", () => {
    const readers = files.filter(({ text }) => /process\.env\b/.test(text)).map(({ path }) => path);
    const entries = ["src/main.ts", "src/lambda/index.ts"];
    expect(readers.filter((path) => !entries.includes(path) && !path.startsWith("infra/"))).toEqual(
      [],
    );
  });

  it("loads no client of anything before a command is chosen", () => {
    const loaded = new Map(files.map(({ path, atOnce }) => [path, atOnce]));
    const seen = new Set<string>();
    const visit = (path: string): void => {
      if (seen.has(path)) return;
      seen.add(path);
      for (const next of loaded.get(path) ?? []) visit(next);
    };
    visit("src/main.ts");
    const packages = [...seen].filter((name) => !name.startsWith("src/") && !/^node:/.test(name));
    expect(packages.sort()).toEqual([
      "commander",
      "jose",
      "libphonenumber-js/max",
      "lru-cache",
      "zod",
    ]);
  });

  it("has no cycles", () => {
    const graph = new Map(files.map(({ path, imports }) => [path, imports]));
    const done = new Set<string>();
    function visit(path: string, trail: readonly string[]): void {
      if (trail.includes(path)) throw new Error(`cycle: ${[...trail, path].join(" > ")}`);
      if (done.has(path)) return;
      for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
      done.add(path);
    }
    for (const path of graph.keys()) visit(path, []);
  });

  it("keeps files short enough to hold in the head", () => {
    const long = files.filter(({ text }) => text.split("\n").length > 400);
    expect(long.map(({ path }) => path)).toEqual([]);
  });

  it("names no drawers", () => {
    const drawers = files.filter(({ path }) =>
      /(utils?|helpers?|common|manager|misc)[./]/.test(path),
    );
    expect(drawers.map(({ path }) => path)).toEqual([]);
  });
});
