import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { bundleFunction } from "../scripts/bundle.ts";
import { startSandboxEnvironment } from "../src/sandbox/environment/sandbox-environment.ts";

const STARTS = 30;
const CONVERSATION = "7d3f7c1c-5b0c-4a55-9a37-1d5b7c3e9f00";

/** The times of one start of the function in its own process, in ms. */
interface Start {
  /** From the start of the process until the module is loaded, including the start of Node. */
  readonly loadedMs: number;
  /** From then until the first answer: configuration, token, two requests to Oracle. */
  readonly answeredMs: number;
  /** Until the second answer, from the cache. */
  readonly cachedMs: number;
}

const PROGRAM = `
const event = JSON.parse(process.argv[1]);
const invocation = { getRemainingTimeInMillis: () => 3000 };
const { handler } = await import("./index.mjs");
const loadedMs = performance.now();
const answer = await handler(event, invocation);
const answered = performance.now();
await handler(event, invocation);
const cachedMs = performance.now() - answered;
if (answer.status !== "success") throw new Error(JSON.stringify(answer));
process.stdout.write(JSON.stringify({ loadedMs, answeredMs: answered - loadedMs, cachedMs }), () => process.exit(0));
`;

/**
 * `npm run bench -- coldstart`: the time from the start of the bundled Lambda function until its first
 * answer, compared with an empty function. The simulated Oracle has no latency.
 */
export async function run(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "ringahead-coldstart-"));
  const sandbox = await startSandboxEnvironment({
    oracleLatencyMs: () => 0,
    genesysLatencyMs: () => 0,
  });
  sandbox.genesys.setLimit(10_000);
  sandbox.genesys.addConversation({
    conversationId: CONVERSATION,
    participantId: "p-1",
    mediaType: "VOICE",
    address: "tel:+15550199999",
  });
  try {
    const ours = join(folder, "ringahead");
    await bundleFunction(ours);
    const empty = join(folder, "empty");
    mkdirSync(empty);
    writeFileSync(
      join(empty, "index.mjs"),
      'export const handler = () => Promise.resolve({ status: "success", data: {} });\n',
    );
    const { environment } = sandbox;
    const start = (path: string, event: unknown) => once(path, event, environment);
    const byNumber = { phoneNumber: "+15550199999" };
    const variants = [
      { name: "an empty function", start: () => start(empty, byNumber) },
      { name: "by number", start: () => start(ours, byNumber) },
      {
        name: "by conversation (with Genesys' SDK)",
        start: () => start(ours, { conversationId: CONVERSATION }),
      },
    ];
    const starts = variants.map(() => [] as Start[]);
    for (let start = 0; start < STARTS; start += 1) {
      // Interleaved, so that other load on the machine affects all variants.
      for (const [index, variant] of variants.entries()) starts[index]?.push(await variant.start());
    }
    print(
      `${cpus().length} x ${cpus()[0]?.model}, Node ${process.version}, ${STARTS} processes each, one at a time; ` +
        "median / 95th percentile. Not on Lambda: a function there has one core from 1,769 MB\n",
    );
    print(
      "| function | loaded after | first answer after | second answer after |\n|---|---|---|---|",
    );
    for (const [index, { name }] of variants.entries()) {
      const all = starts[index] ?? [];
      const column = (of: (start: Start) => number) => spread(all.map(of));
      print(
        `| ${name} | ${column((one) => one.loadedMs)} | ${column((one) => one.answeredMs)} | ${column((one) => one.cachedMs)} |`,
      );
    }
  } finally {
    await sandbox.close();
    rmSync(folder, { recursive: true });
  }
}

async function once(
  cwd: string,
  event: unknown,
  environment: Readonly<Record<string, string>>,
): Promise<Start> {
  const words = ["--input-type=module", "--eval", PROGRAM, JSON.stringify(event)];
  const child = spawn(process.execPath, words, {
    cwd,
    env: { ...environment, LOG_LEVEL: "error" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  for await (const chunk of child.stdout) text += chunk;
  return JSON.parse(text) as Start;
}

function spread(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN;
  const text = (ms: number) => (ms < 10 ? ms.toFixed(1) : ms.toFixed(0));
  return `${text(at(0.5))} / ${text(at(0.95))} ms`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
