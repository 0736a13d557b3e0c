#!/usr/bin/env node
// Plain JavaScript: an older Node cannot parse the TypeScript behind it, but can run this.
const [major, minor] = process.versions.node.split(".").map(Number);

if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `Ringahead needs Node 22.18 or later; this is ${process.version} (${process.execPath}).\n` +
      "Run it as `npm run ringahead -- <command>`: npm brings Node 24 along on Linux. " +
      "Elsewhere, install Node 24.",
  );
  process.exit(2);
}

const { main } = await import("../src/cli/main.ts");
process.exitCode = await main(process.argv.slice(2));
