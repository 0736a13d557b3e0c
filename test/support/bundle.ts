import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { bundleProgram } from "../../scripts/bundle.ts";

declare module "vitest" {
  export interface ProvidedContext {
    /** The file that starts the bundled program. */
    program: string;
  }
}

/** Node keeps what it has compiled: every start after the first one is faster. */
const ENTRY = `import { enableCompileCache } from "node:module";
import { join } from "node:path";
enableCompileCache(join(import.meta.dirname, "cache"));
await import("./ringahead.mjs");
`;

/** Bundles the program once for all tests of a run. @returns what removes the bundle */
export async function setup(project: TestProject): Promise<() => void> {
  const folder = mkdtempSync(join(tmpdir(), "ringahead-bundle-"));
  await bundleProgram(folder);
  const program = join(folder, "entry.mjs");
  writeFileSync(program, ENTRY);
  project.provide("program", program);
  return () => rmSync(folder, { recursive: true });
}
