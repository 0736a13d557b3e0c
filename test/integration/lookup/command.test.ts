import { expect, it } from "vitest";
import { startEnvironment } from "../../support/environment.ts";
import { run as runProgram } from "../../support/program.ts";

/** A sandbox, and the command without the variables of Genesys and the queue: it needs only Oracle. */
async function start() {
  const sandbox = await startEnvironment();
  const oracle = Object.entries(sandbox.environment).filter(([name]) => name.startsWith("ORACLE_"));
  async function run(words: readonly string[], more: Readonly<Record<string, string>> = {}) {
    const environment = { ...Object.fromEntries(oracle), ...more };
    const { code, out, err } = await runProgram(["lookup", ...words], environment);
    return { code, stdout: out, stderr: err };
  }
  return { sandbox, run };
}

it("shows every attribute with its length, and the differences in other languages", async () => {
  const { run } = await start();
  const { code, stdout } = await run(["(555) 019-9999"]);
  expect(code).toBe(0);
  const lines = stdout.split("\n");
  expect(lines[0]).toBe("found");
  expect(stdout).toMatch(/^ {2}oracle_status +5 of 256 {2}found$/m);
  expect(stdout).toMatch(/^ {2}oracle_history +\d+ of 1000 {2}\[\{"ref":"260312-000042"/m);
  expect(stdout).toMatch(/^ {2}oracle_summary +\d+ of 256 {2}2 open cases\. Last: /m);
  expect(stdout).toMatch(/^de:\n.* {2}oracle_summary +\d+ of 256 {2}2 offene Fälle/ms);
  expect(stdout).toMatch(/^ja:\n/m);
  expect(stdout).not.toContain("oracle_customer_name");
});

it("shows the same as JSON, with the data of the lookup API", async () => {
  const { run } = await start();
  const { code, stdout } = await run(["Ada.Example@example.com", "--json"], { LANGUAGE: "de" });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    status: "found",
    data: { customerId: "CUST-1001", openCases: "2" },
    attributes: { oracle_status: "found", oracle_summary: expect.stringContaining("offene") },
    languages: { en: { oracle_summary: expect.stringContaining("open cases") } },
  });
});

it("exits with 0 for a customer who is not found", async () => {
  const { run } = await start();
  expect(await run(["+15550100042"])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^not_found\n/),
  });
});

it("exits with 2 for a text that is neither a number nor an address, and asks Oracle nothing", async () => {
  const { run, sandbox } = await start();
  const garbage = await run(["not a number"]);
  expect(garbage).toMatchObject({ code: 2, stdout: "" });
  expect(garbage.stderr).toMatch(
    /^ringahead: "not a number" is neither a telephone number nor an email address; .*\n {2}Type a/,
  );
  const withheld = await run(["anonymous", "--json"]);
  expect(withheld.code).toBe(2);
  expect(JSON.parse(withheld.stdout)).toMatchObject({ status: "error", why: "withheld" });
  expect(sandbox.oracle.counts.search).toBe(0);
});

it("prints a failure with its cure", async () => {
  const { run, sandbox } = await start();
  sandbox.oracle.faults.push({ kind: "answer", status: 403, match: { path: /search/ } });
  const refused = await run(["+15550199999"]);
  expect(refused).toMatchObject({ code: 2, stdout: "" });
  expect(refused.stderr).toMatch(/answered 403\n {2}The client lacks a role/);
  const unset = await run(["+15550199999"], { ORACLE_BASE_URL: "" });
  expect(unset).toMatchObject({ code: 2, stdout: "" });
  expect(unset.stderr).toMatch(/has 1 mistake:\n {2}ORACLE_BASE_URL is required/);
});
