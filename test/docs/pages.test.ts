import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { configurationPage } from "../../scripts/configuration-page.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const pages = [
  "README.md",
  "CHANGELOG.md",
  ...readdirSync(join(ROOT, "docs")).map((name) => `docs/${name}`),
].filter((name) => name.endsWith(".md"));
const read = (page: string) => readFileSync(join(ROOT, page), "utf8");

it("docs/configuration.md is what the table of variables says (`npm run docs`)", () => {
  expect(read("docs/configuration.md")).toBe(configurationPage());
});

describe.each(pages)("%s", (page) => {
  it("links to what is there", () => {
    const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(
      ([, link = ""]) => link,
    );
    const broken = links.filter((link) => !existsSync(join(ROOT, dirname(page), link)));
    expect(broken).toEqual([]);
  });
});

it("docs/failures.md has a row for every failure code", () => {
  const codes = [
    ...readFileSync(join(ROOT, "src/failure.ts"), "utf8").matchAll(/^ {2}\| "(\w+)"/gm),
  ];
  expect(codes.length).toBeGreaterThan(10);
  const missing = codes.filter(([, code]) => !read("docs/failures.md").includes(`| \`${code}\``));
  expect(missing.map(([, code]) => code)).toEqual([]);
});

it("docs/dependencies.md has a line for every dependency", () => {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(read("package.json"));
  const names = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies });
  const missing = names.filter((name) => !read("docs/dependencies.md").includes(`\`${name}\``));
  expect(missing).toEqual([]);
});
