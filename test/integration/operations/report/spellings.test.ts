import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { SandboxDialect } from "../../../../src/sandbox/environment/oracle-dialects.ts";
import type { SandboxCustomer } from "../../../../src/sandbox/simulators/oracle-cx/site/customers.ts";
import { startEnvironment } from "../../../support/environment.ts";
import { sampleBody } from "../../../support/events.ts";
import { run, start } from "../../../support/program.ts";
import { startWorld } from "../../../support/world.ts";

/** Austrian numbers; the site's home country is the US. */
const HOME = { DEFAULT_PHONE_REGION: "US", ORACLE_HOME_COUNTRIES: "1" };
const FAST = ["--rate", "6000"];

const customer = (id: number, phones: readonly string[]): SandboxCustomer => ({
  customerId: `${1000 + id}`,
  firstName: "Ada",
  lastName: "Canaryname",
  accountName: `Canary Account ${id}`,
  phones: [...phones],
  emails: [],
  cases: [],
});

/** A site that stores Austrian numbers as people in Austria dial them. */
const site = [
  customer(1, ["06641234561"]),
  customer(2, ["06641234562"]),
  customer(3, ["06641234563"]),
  customer(4, ["06641234563"]),
  customer(5, ["+12025550123"]),
];
const list = [
  ...["+436641234561", "0043 664 1234562", "+436641234563", "+436641234564"],
  "+12025550123",
];

interface SpellingWorldOptions {
  readonly dialect?: SandboxDialect;
  readonly environment?: Readonly<Record<string, string>>;
}

async function startSite({ dialect = "gateway", environment = {} }: SpellingWorldOptions = {}) {
  const sandbox = await startEnvironment({ dialect, customers: site });
  const oracle = Object.entries(sandbox.environment).filter(([name]) => name.startsWith("ORACLE_"));
  const variables = { ...Object.fromEntries(oracle), ...HOME, ...environment };
  const measure = (input: string, ...args: readonly string[]) =>
    run(["report", "--try-spellings", "-", ...FAST, ...args], variables, { input });
  return { sandbox, variables, measure };
}

const asLines = (numbers: readonly string[]) => numbers.map((number) => `${number}\n`).join("");

/** Whether any output has a part of a number or a name. */
const personal = /664\D?123|2025550123|canary/i;

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), "ringahead-spellings-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

describe("ringahead report --try-spellings", () => {
  it.each(["gateway", "b2c", "fusion"] as const)(
    "shows what the national forms of another country would find (%s)",
    async (dialect) => {
      const { measure, sandbox } = await startSite({ dialect });
      const { code, out, err } = await measure(asLines(list), "--json");
      expect([code, err]).toEqual([0, expect.stringContaining("5 of 5 numbers asked")]);
      const report = JSON.parse(out);
      const none = { failed: 0, reserved: 0 };
      expect(report).toMatchObject({
        ...{ lines: 5, wrongLines: 0, numbers: 5, end: "done" },
        rows: [
          { country: "AT", forms: "live", asked: 4, found: 0, ambiguous: 0, ...none },
          { country: "AT", forms: "national", asked: 4, found: 2, ambiguous: 1, ...none },
          { country: "US", forms: "live", asked: 1, found: 1, ambiguous: 0, ...none },
        ],
      });
      expect(report.advice.join("\n")).toContain("ORACLE_HOME_COUNTRIES=1,43.");
      const { token: _, ...counts } = sandbox.oracle.counts;
      expect(report.requests).toBe(Object.values(counts).reduce((sum, count) => sum + count, 0));
      expect(out + err).not.toMatch(personal);
    },
  );

  it("prints a table, and the same numbers with the same seed", async () => {
    const { measure } = await startSite();
    const args = ["--sample", "2", "--seed", "7"];
    const first = await measure(asLines(list), ...args);
    expect(first).toMatchObject({ code: 0 });
    expect(first.out).toMatch(
      /^2 numbers chosen from 5 lines \(seed 7\)\n\d+ requests to Oracle\n/,
    );
    expect(first.out).toMatch(/^AT {7}as a live lookup /m);
    expect((await measure(asLines(list), ...args)).out).toBe(first.out);
  });

  it("skips wrong lines by their numbers, without their content", async () => {
    const { measure } = await startSite();
    const { code, out, err } = await measure(`Ada Canaryname\n${list[0]}\nada@canary.example\n`);
    expect(code).toBe(0);
    expect(err).toContain("Skipped 2 lines that hold no telephone number: 1, 3\n");
    expect(out + err).not.toMatch(personal);
  });

  it("loses one row if Oracle refuses one lookup", async () => {
    const { measure, sandbox } = await startSite();
    sandbox.oracle.faults.push({ status: 400, match: { path: /search/ } });
    const { code, out } = await measure(asLines(list.slice(0, 3)), "--json");
    expect(code).toBe(0);
    expect(JSON.parse(out).rows).toMatchObject([
      { country: "AT", forms: "live", asked: 3, failed: 1 },
      { country: "AT", forms: "national", asked: 2 },
    ]);
  });

  it("stops with the cure if Oracle refuses the login", async () => {
    const { measure, sandbox } = await startSite({
      environment: { ORACLE_CLIENT_SECRET: "not-the-secret-of-this-client" },
    });
    const { code, out, err } = await measure(asLines(list));
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain("ORACLE_CLIENT_SECRET");
    expect(err).not.toContain("not-the-secret");
    expect(sandbox.oracle.counts.search).toBe(0);
  });

  it("stops with what there is if the client lacks a role", async () => {
    const { measure, sandbox } = await startSite();
    sandbox.oracle.faults.push({ status: 403, match: { path: /search/ } });
    const { code, out, err } = await measure(asLines(list), "--json");
    expect(code).toBe(2);
    expect(JSON.parse(out)).toMatchObject({ end: "failed", rows: [{ asked: 1, failed: 1 }] });
    expect(err).toContain("The client lacks a role");
  });

  it.each([
    ["", /"-" is empty\n {2}Give the file that a worker wrote with SHADOW=true/],
    ["Ada Canaryname\n", /holds no telephone number in its 1 lines\n/],
  ])("exits with 2 and the cure for a sample without a number: %j", async (input, message) => {
    const { measure, sandbox } = await startSite();
    const { code, out, err } = await measure(input);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(message);
    expect(err).not.toMatch(personal);
    expect(sandbox.oracle.counts.token).toBe(0);
  });

  it("exits with 2 for a file that is not there, and for a wrong command line", async () => {
    const { variables } = await startSite();
    const missing = await run(["report", "--try-spellings", "/no/such/file"], variables);
    expect(missing).toMatchObject({ code: 2, out: "" });
    expect(missing.err).toMatch(/cannot be read \(ENOENT\)\n {2}Give --try-spellings/);
    for (const args of [[], ["--log", "a", "--try-spellings", "b"]]) {
      expect(await run(["report", ...args], variables)).toMatchObject({ code: 2, out: "" });
    }
  });

  it("prints what there is when it is interrupted, and exits with 130", async () => {
    const { variables } = await startSite();
    const args = ["report", "--try-spellings", "-", "--rate", "60", "--json"];
    const input = asLines(Array.from({ length: 10 }, (_, n) => `+4366412345${60 + n}`));
    let asked = false;
    const running = start(args, variables, {
      input,
      onErr(soFar) {
        if (asked || !soFar.includes("1 of 10 numbers asked")) return;
        asked = true;
        running.kill("SIGINT");
      },
    });
    const { code, out } = await running.ended;
    expect(code).toBe(130);
    const { end, rows } = JSON.parse(out);
    expect(end).toBe("interrupted");
    expect(rows[0]).toMatchObject({ country: "AT", forms: "live", failed: 0 });
    expect(rows[0].asked).toBeLessThan(10);
  });
});

describe("shadow mode", () => {
  it("keeps a sample that can be measured, and no number in its log", async () => {
    const path = join(folder(), "sample.jsonl");
    const world = await startWorld({
      customers: site,
      environment: { ...HOME, SHADOW: "true", SHADOW_SAMPLE_FILE: path },
    });
    for (const [index, ani] of [list[0], list[4], list[0]].entries()) {
      const conversationId = `shadow-${index}`;
      await world.send(sampleBody("customer-start-voice", { conversationId, ani: `tel:${ani}` }));
      await world.fact("enrichment.shadowed", conversationId);
    }
    expect(await world.worker.stop()).toBe(0);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(path, "utf8")).toBe(
      '{"number":"+436641234561","match":"not_found","country":"AT"}\n',
    );
    expect(JSON.stringify(world.worker.log) + world.worker.errors).not.toMatch(personal);
    const args = ["report", "--try-spellings", path, ...FAST];
    const { code, out, err } = await run(args, { ...world.sandbox.environment, ...HOME });
    expect(code).toBe(0);
    expect(out).toMatch(/^AT {7}without country code +1 +1 +0 +0 +0$/m);
    expect(err).toContain(`${path} holds personal data: delete it`);
    expect(out + err).not.toMatch(personal);
  });

  it("does not start with a file that holds something else, and leaves it as it is", async () => {
    const path = join(folder(), "notes.txt");
    writeFileSync(path, "Canary notes\n");
    const sandbox = await startEnvironment();
    const environment = { ...sandbox.environment, SHADOW: "true", SHADOW_SAMPLE_FILE: path };
    const { code, err } = await run(["worker"], environment);
    expect(code).toBe(2);
    expect(err).toMatch(/holds something other than a sample of shadow mode\n {2}Name a path/);
    expect(readFileSync(path, "utf8")).toBe("Canary notes\n");
  });
});
