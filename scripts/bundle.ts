import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";
import { buildPanel } from "../src/panel/build.ts";

/** Where the bundles are put, from the root of the checkout. */
const PROGRAM_FOLDER = "dist";
const FUNCTION_FOLDER = "dist-lambda";
const PANEL_FOLDER = "dist-panel";

const common: BuildOptions = {
  bundle: true,
  platform: "node",
  target: "node22",
  format: "esm",
  sourcemap: true,
  minify: true,
  // Names in stack traces and of errors that are told apart by them.
  keepNames: true,
  legalComments: "none",
  logLevel: "warning",
  // Started from a checkout only.
  external: ["fauxqs", "../sandbox/*"],
  // What CommonJS packages look for, and ES modules do not have; by names that no minifier chooses.
  banner: {
    js: 'import{createRequire as bannerRequire}from"node:module";import{fileURLToPath as bannerPath}from"node:url";import{dirname as bannerFolder}from"node:path";const require=bannerRequire(import.meta.url),__filename=bannerPath(import.meta.url),__dirname=bannerFolder(__filename);',
  },
};

/**
 * The program in one file, `ringahead.mjs`, with its source map: what the image holds. The sandbox and
 * what only it needs are left out.
 */
export async function bundleProgram(folder = PROGRAM_FOLDER): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  await build({
    ...common,
    stdin: {
      contents:
        'import { main } from "./src/cli/main.ts"; process.exitCode = await main(process.argv.slice(2));',
      resolveDir: ".",
    },
    outfile: join(folder, "ringahead.mjs"),
  });
}

/**
 * The data action as a folder that can be zipped as it stands: handler `index.handler`. What not every
 * invocation needs (Redis, Secrets Manager, Genesys' SDK) is in files of its own, for a cold start is
 * reading code; source maps are left out for the same reason.
 */
export async function bundleFunction(folder = FUNCTION_FOLDER): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  await build({
    ...common,
    entryPoints: { index: "src/app/lambda/index.ts" },
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    splitting: true,
    sourcemap: false,
  });
}

/** The agent's panel: files as a web host serves them, with a policy in a header (docs/how-to/panel.md). */
async function bundlePanel(folder = PANEL_FOLDER): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { name, body } of await buildPanel()) writeFileSync(join(folder, name), body);
}

/** `npm run bundle`: all three. */
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await bundleProgram();
  await bundleFunction();
  await bundlePanel();
  for (const folder of [PROGRAM_FOLDER, FUNCTION_FOLDER, PANEL_FOLDER]) {
    for (const file of readdirSync(folder).filter((name) => /\.m?js$/.test(name))) {
      const size = statSync(join(folder, file)).size / 1_048_576;
      if (size >= 0.04) process.stdout.write(`${join(folder, file)}: ${size.toFixed(2)} MB\n`);
    }
  }
}
