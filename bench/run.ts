/** `npm run bench -- <name> [--full]`: runs one benchmark and prints its table. */
const benchmarks: Readonly<Record<string, () => Promise<{ run(full: boolean): Promise<void> }>>> = {
  limiter: () => import("./limiter.ts"),
};

const [name = "", ...options] = process.argv.slice(2);
const load = benchmarks[name];
if (load === undefined || options.some((option) => option !== "--full")) {
  process.stderr.write(
    `usage: npm run bench -- <name> [--full], where <name> is ${Object.keys(benchmarks).join(", ")}\n`,
  );
  process.exitCode = 2;
} else {
  await (await load()).run(options.includes("--full"));
}
