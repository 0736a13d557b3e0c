#!/usr/bin/env node
// Plain JavaScript, so that an older Node can run it and report its version.
const [major, minor] = process.versions.node.split(".").map(Number);

if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `Ringahead needs Node 22.18 or later. This is ${process.version} (${process.execPath}).\n` +
      "On Linux, run it as `npm run ringahead -- <command>`, which uses Node 24. " +
      "On other systems, install Node 24.",
  );
  process.exit(2);
}

const { main } = await import("../src/cli/main.ts");
process.exitCode = await main(process.argv.slice(2));
