import { rmSync, statSync } from "node:fs";
import { build } from "esbuild";

/**
 * `npm run bundle`: the program in one file, `dist/ringahead.mjs`, with its source map: what the image
 * holds. The sandbox and what only it needs are left out.
 */
const OUT = "dist";
const FILE = `${OUT}/ringahead.mjs`;

rmSync(OUT, { recursive: true, force: true });
await build({
  stdin: {
    contents:
      'import { main } from "./src/main.ts"; process.exitCode = await main(process.argv.slice(2));',
    resolveDir: ".",
  },
  outfile: FILE,
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
  external: ["fauxqs", "./sandbox/*"],
  // What CommonJS packages look for, and ES modules do not have.
  banner: {
    js: 'import{createRequire as r}from"node:module";import{fileURLToPath as f}from"node:url";import{dirname as d}from"node:path";const require=r(import.meta.url),__filename=f(import.meta.url),__dirname=d(__filename);',
  },
});
process.stdout.write(`${FILE}: ${(statSync(FILE).size / 1_048_576).toFixed(1)} MB\n`);
