import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";
import { buildPanel } from "../src/panel/build.ts";

/** Folders of the bundles, relative to the root of the repository. */
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
  // For stack traces, and for errors that are distinguished by name.
  keepNames: true,
  legalComments: "none",
  logLevel: "warning",
  // The sandbox runs only from a checkout.
  external: ["fauxqs", "../sandbox/*"],
  // CommonJS packages need these names, which ES modules do not have. The import names avoid collisions.
  banner: {
    js: 'import{createRequire as bannerRequire}from"node:module";import{fileURLToPath as bannerPath}from"node:url";import{dirname as bannerFolder}from"node:path";const require=bannerRequire(import.meta.url),__filename=bannerPath(import.meta.url),__dirname=bannerFolder(__filename);',
  },
};

/**
 * Bundles the program into one file, `ringahead.mjs`, with a source map. The container image has it. The
 * sandbox and its packages are left out.
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
 * Bundles the data action into a folder for a zip file, with the handler `index.handler`. Code that only some
 * invocations need (Redis, Secrets Manager, Genesys' SDK) is in separate files, and there are no source maps,
 * because reading code takes most of a cold start.
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

/** Bundles the agent's panel into files for a web host, which must send the policy (docs/how-to/panel.md). */
async function bundlePanel(folder = PANEL_FOLDER): Promise<void> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { name, body } of await buildPanel()) writeFileSync(join(folder, name), body);
}

/** `npm run bundle`: creates all three, and prints their sizes. */
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
