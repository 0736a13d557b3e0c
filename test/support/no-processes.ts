import childProcess from "node:child_process";
import { syncBuiltinESMExports } from "node:module";
import { Server } from "node:net";

/** Unit tests start no process and open no socket: both belong to test/integration. */
function refuse(): never {
  throw new Error("a unit test starts no process and opens no socket: move it to test/integration");
}

const starts = [
  "exec",
  "execFile",
  "execFileSync",
  "execSync",
  "fork",
  "spawn",
  "spawnSync",
] as const;
for (const name of starts) childProcess[name] = refuse as never;
Server.prototype.listen = refuse;
syncBuiltinESMExports();
