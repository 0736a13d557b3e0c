import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** One file of the panel, with the media type to serve it with. */
export interface PanelFile {
  readonly name: "index.html" | "panel.css" | "panel.js";
  readonly type: string;
  readonly body: Uint8Array;
}

const PAGE = new URL("./page/", import.meta.url);

/** Builds the panel: three files that load nothing from other origins. */
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
  if (script === undefined) throw new TypeError("esbuild returned no file");
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
