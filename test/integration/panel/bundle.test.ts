import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect, it } from "vitest";

it("the page holds neither the classic form of zod nor telephone numbering plans", async () => {
  const page = new URL("../../../src/panel/page/main.ts", import.meta.url);
  const { metafile } = await build({
    entryPoints: [fileURLToPath(page)],
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    logLevel: "silent",
  });
  const files = Object.keys(metafile.inputs);
  expect(files.some((file) => file.endsWith("src/domain/conversation/parties.ts"))).toBe(true);
  expect(files.filter((file) => /libphonenumber|zod\/v4\/classic/.test(file))).toEqual([]);
});
