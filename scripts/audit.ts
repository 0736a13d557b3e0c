import { spawnSync } from "node:child_process";

// `npm audit` fails in the same way for a hole and for a registry that has no such service. Only the
// first is to stop a build.
const { stdout } = spawnSync("npm", ["audit", "--json"], { encoding: "utf8" });
const counts = readCounts(stdout);
if (counts === undefined) {
  process.stdout.write("audit: the registry does not answer; nothing was checked\n");
} else {
  const severe = (counts.high ?? 0) + (counts.critical ?? 0);
  process.stdout.write(`audit: ${JSON.stringify(counts)}\n`);
  if (severe > 0) process.exitCode = 1;
}

function readCounts(json: string): Readonly<Record<string, number>> | undefined {
  try {
    return JSON.parse(json).metadata?.vulnerabilities;
  } catch {
    return undefined;
  }
}
