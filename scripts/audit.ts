import { spawnSync } from "node:child_process";

// `npm audit` fails for a vulnerability, and for a registry without an audit service. Only a vulnerability
// may stop a build.
const { stdout } = spawnSync("npm", ["audit", "--json"], { encoding: "utf8" });
const counts = readCounts(stdout);
if (counts === undefined) {
  process.stdout.write("audit: skipped, the registry did not return a report\n");
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
