import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "oxc-parser";
import { describe, expect, it } from "vitest";
import { configurationPage } from "../../../scripts/configuration-page.ts";
import { topics } from "../../../src/domain/event/rules.ts";
import { levels } from "../../../src/observability/facts/facts.ts";
import { type Metric, metrics } from "../../../src/observability/metrics/metric-names.ts";
import { adminNeeds, clientNeeds } from "../../../src/operations/setup/plan/permissions.ts";
import { readSources } from "../../support/architecture/sources.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const pages = [
  "README.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  ...readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" }).map(
    (name) => `docs/${name}`,
  ),
].filter((name) => name.endsWith(".md"));
const read = (page: string) => readFileSync(join(ROOT, page), "utf8");

/** Every path of this repository that a text names, from the root. */
function pathsIn(text: string): string[] {
  const path = /(?<![\w./-])(?:src|test|infra|bench|scripts|bin|docs|\.ci|\.github)\/[\w./-]*/g;
  return [...text.matchAll(path)].map(([found]) => found.replace(/[.,]+$/, ""));
}

it("docs/reference/configuration.md is what the table of variables says (`npm run docs`)", () => {
  expect(read("docs/reference/configuration.md")).toBe(configurationPage());
});

describe.each(pages)("%s", (page) => {
  it("links to what is there", () => {
    const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(
      ([, link = ""]) => link,
    );
    const broken = links.filter((link) => !existsSync(join(ROOT, dirname(page), link)));
    expect(broken).toEqual([]);
  });

  it("names paths that exist", () => {
    expect(pathsIn(read(page)).filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

it("comments name paths that exist", () => {
  const named = readSources("src", "infra", "bench", "scripts").flatMap(({ path, text }) =>
    parseSync(path, text).comments.flatMap(({ value }) =>
      pathsIn(value).map((found) => `${path} names ${found}`),
    ),
  );
  expect(named.length).toBeGreaterThan(10);
  const missing = named.filter((one) => !existsSync(join(ROOT, one.split(" names ")[1] ?? "")));
  expect(missing).toEqual([]);
});

describe("the paths of a page", () => {
  it("are those of this repository, without a placeholder's rest", () => {
    const text = "`src/a/b.ts`, test/c, (docs/d.md) infra/e/. scripts/f-g.sh, src/oracle/<name>/";
    expect(pathsIn(text)).toEqual([
      "src/a/b.ts",
      "test/c",
      "docs/d.md",
      "infra/e/",
      "scripts/f-g.sh",
      "src/oracle/",
    ]);
  });

  it("are neither addresses nor packages", () => {
    expect(pathsIn("https://host/src/a node_modules/.bin/node ../docs/a.md api/test/b")).toEqual(
      [],
    );
  });
});

it("docs/reference/failures.md has a row for every failure code", () => {
  const codes = [
    ...readFileSync(join(ROOT, "src/domain/failure.ts"), "utf8").matchAll(/^ {2}\| "(\w+)"/gm),
  ];
  expect(codes.length).toBeGreaterThan(10);
  const missing = codes.filter(
    ([, code]) => !read("docs/reference/failures.md").includes(`| \`${code}\``),
  );
  expect(missing.map(([, code]) => code)).toEqual([]);
});

it("docs/reference/dependencies.md has a line for every dependency", () => {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read("package.json"));
  const names = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
  const missing = names.filter(
    (name) => !read("docs/reference/dependencies.md").includes(`\`${name}\``),
  );
  expect(missing).toEqual([]);
});

it("docs/reference/observability.md has a row for every fact, with its level", () => {
  const rows = Object.entries(levels).map(([fact, level]) => `\n| \`${fact}\` | ${level} | `);
  expect(rows.filter((row) => !read("docs/reference/observability.md").includes(row))).toEqual([]);
});

it("docs/reference/observability.md has a row for every metric, as the table of metrics says", () => {
  const rows = Object.entries<Metric>(metrics).map(([name, metric]) => {
    const { kind, unit, labels, cloudWatch, meaning } = metric;
    return `\n| \`${name}\` | ${kind} | ${unit} | ${labels.join(", ")} | ${cloudWatch.join(", ")} | ${meaning} |\n`;
  });
  expect(rows.filter((row) => !read("docs/reference/observability.md").includes(row))).toEqual([]);
});

it("docs/how-to/runbook.md has a heading for every alarm", () => {
  const names = [
    ...readFileSync(join(ROOT, "infra/alarms.ts"), "utf8").matchAll(/^ +name: "(\w+)"/gm),
  ];
  expect(names.length).toBeGreaterThan(5);
  const missing = names.filter(
    ([, name]) => !read("docs/how-to/runbook.md").includes(`\n## ${name}\n`),
  );
  expect(missing.map(([, name]) => name)).toEqual([]);
});

it("docs/how-to/genesys.md has a row for every permission and topic", () => {
  const page = read("docs/how-to/genesys.md");
  const rows = page.split("\n").filter((line) => line.startsWith("|"));
  const wanted = [...clientNeeds, ...Object.values(adminNeeds)].map(({ permission }) => permission);
  const missing = [...wanted, ...Object.values(topics)].filter(
    (name) => !rows.some((row) => row.includes(`\`${name}\``)),
  );
  expect(missing).toEqual([]);
});

it("docs/how-to/deploy.md has a row for every context value", () => {
  const [schema = ""] = readFileSync(join(ROOT, "infra/context.ts"), "utf8")
    .split("const schema = ")
    .slice(1);
  const names = [...schema.matchAll(/^ {2}(\w+)(?::|,$)/gm)].map(([, name = ""]) => name);
  expect(names).toContain("imageUri");
  expect(names).toContain("environment");
  const missing = names.filter(
    (name) => !new RegExp(`^\\|.*\`${name}\`.*\\|`, "m").test(read("docs/how-to/deploy.md")),
  );
  expect(missing).toEqual([]);
});
