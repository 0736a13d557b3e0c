import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** The panel's files by name, as they are to be served. */
export interface PanelFile {
  readonly name: "index.html" | "panel.css" | "panel.js";
  readonly type: string;
  readonly body: Uint8Array;
}

const PAGE = new URL("./page/", import.meta.url);

/** Builds the panel: three files, with nothing loaded from elsewhere. */
export async function buildPanel(): Promise<readonly PanelFile[]> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL("main.ts", PAGE))],
    bundle: true,
    write: false,
    minify: true,
    format: "esm",
    target: "es2022",
    legalComments: "none",
    logLevel: "warning",
  });
  const [script] = outputFiles;
  if (script === undefined) throw new TypeError("esbuild made no file");
  return [
    {
      name: "index.html",
      type: "text/html; charset=utf-8",
      body: await readFile(new URL("index.html", PAGE)),
    },
    {
      name: "panel.css",
      type: "text/css; charset=utf-8",
      body: await readFile(new URL("panel.css", PAGE)),
    },
    { name: "panel.js", type: "text/javascript; charset=utf-8", body: script.contents },
  ];
}
