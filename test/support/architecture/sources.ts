import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "oxc-parser";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));

/** One import of a file. */
interface Import {
  /** A path from the root for our own files, the name of a package otherwise. */
  readonly name: string;
  /** Whether only types are imported. */
  readonly types: boolean;
  /** Whether it is loaded when it is needed: `import()`. */
  readonly lazy: boolean;
}

/** A source file by its path from the root. */
export interface Source {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

/** Reads every TypeScript file in these folders of the repository. */
export function readSources(...folders: readonly string[]): readonly Source[] {
  return folders.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts"))
      .map((path) => {
        const from = join(folder, path);
        return sourceOf(from, readFileSync(join(ROOT, from), "utf8"));
      }),
  );
}

/** [pure] Reads the imports and re-exports of one file with a parser, types and `import()` included. */
export function sourceOf(path: string, text: string): Source {
  const { module, errors } = parseSync(path, text);
  if (errors.length > 0) throw new SyntaxError(`${path}: ${errors[0]?.message}`);
  const resolve = (name: string) =>
    name.startsWith(".") ? relative("/", join("/", dirname(path), name)) : name;
  const named = module.staticImports.map(({ moduleRequest, entries }) => ({
    name: resolve(moduleRequest.value),
    types: entries.length > 0 && entries.every(({ isType }) => isType),
    lazy: false,
  }));
  const exported = module.staticExports
    .flatMap(({ entries }) => entries)
    .flatMap(({ moduleRequest, isType }) =>
      moduleRequest === null
        ? []
        : [{ name: resolve(moduleRequest.value), types: isType, lazy: false }],
    );
  const lazy = module.dynamicImports.flatMap(({ moduleRequest: { start, end } }) => {
    const [, name] = /^["'`]([^"'`$]+)["'`]$/.exec(text.slice(start, end)) ?? [];
    return name === undefined ? [] : [{ name: resolve(name), types: false, lazy: true }];
  });
  return { path, text, imports: [...named, ...exported, ...lazy] };
}
