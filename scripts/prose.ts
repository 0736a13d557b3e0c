import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  TextlintKernel,
  type TextlintPluginCreator,
  type TextlintRuleModule,
} from "@textlint/kernel";
import { codePlugin } from "./prose/code.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
/** The rules, so that a phrase is found too if it goes on in the next line. */
const RULES = readFileSync(join(ROOT, "prose.yml"), "utf8").replace(/'\/.*\/'/g, (pattern) =>
  pattern.replaceAll(" ", "\\s+"),
);
/** Generated pages, whose source is checked; texts of old logs; published formats; recorded events; examples. */
const LEFT_OUT = [
  "src/observability/facts/earlier-reasons.ts",
  "src/app/published-state.ts",
  "src/domain/summary/lookup-data.ts",
  "test/integration/app/status-server.test.ts",
  "docs/reference/configuration.md",
  "test/fixtures/",
  "test/unit/docs/prose.test.ts",
];

/** One wording that the rules refuse. */
interface Finding {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  /** What is written, and the better word. */
  readonly message: string;
}

// CommonJS, whose default export node and vitest see in different places.
const require = createRequire(import.meta.url);
const markdown: TextlintPluginCreator = require("@textlint/textlint-plugin-markdown").default;
const prh: TextlintRuleModule = require("textlint-rule-prh").default;
const kernel = new TextlintKernel();
const plugins = [
  { pluginId: "markdown", plugin: markdown },
  { pluginId: "code", plugin: codePlugin },
];
const rules = [
  {
    ruleId: "prh",
    rule: prh,
    options: { ruleContents: [RULES], checkLink: true, checkBlockQuote: true, checkEmphasis: true },
  },
];

/** What `prose.yml` refuses in one file: `.md`, `.ts`, `.js` or `.html`. */
export async function findingsIn(path: string, text: string): Promise<readonly Finding[]> {
  const options = { ext: extname(path), filePath: path, plugins, rules };
  const { messages } = await kernel.lintText(text, options);
  return messages.map(({ loc: { start }, message }) => ({
    path,
    ...start,
    message: message.replace(/\s+/g, " "),
  }));
}

/** The files of the repository that people read, those that are not committed yet included. */
function paths(): readonly string[] {
  const kinds = ["*.md", "*.ts", "*.js", "*.html"];
  const list = ["ls-files", "--cached", "--others", "--exclude-standard", ...kinds];
  const { stdout } = spawnSync("git", list, { cwd: ROOT, encoding: "utf8" });
  return stdout
    .split("\n")
    .filter((path) => path !== "" && existsSync(join(ROOT, path)))
    .filter((path) => !LEFT_OUT.some((left) => path.startsWith(left)));
}

/** `npm run prose`, or `npm run prose -- src/queue docs`. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folders = process.argv.slice(2);
  const wanted = paths().filter(
    (path) => folders.length === 0 || folders.some((folder) => path.startsWith(folder)),
  );
  let count = 0;
  for (const path of wanted) {
    const found = await findingsIn(path, readFileSync(join(ROOT, path), "utf8"));
    for (const { line, column, message } of found) {
      process.stdout.write(`${path}:${line}:${column} ${message}\n`);
    }
    count += found.length;
  }
  process.stdout.write(`prose: ${count} findings in ${wanted.length} files\n`);
  if (count > 0) process.exitCode = 1;
}
