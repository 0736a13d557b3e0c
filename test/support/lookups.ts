import { onTestFinished } from "vitest";
import {
  type SandboxEnvironment,
  type SandboxEnvironmentOptions,
  startSandboxEnvironment,
} from "../../src/sandbox/environment/sandbox-environment.ts";
import {
  startWorkerProcess,
  type WorkerProcess,
} from "../../src/sandbox/environment/worker-process.ts";

export const SECRET = "first-secret-of-callers";
export const PREVIOUS = "secret-of-yesterday-01";

/** `ringahead serve` as a process of its own, among simulators; everything ends with the test. */
export interface LookupWorld {
  readonly stage: SandboxEnvironment;
  readonly serve: WorkerProcess;
  readonly url: string;
  /** Sends a lookup as a flow does, by default with a valid secret. */
  ask(body: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  get(path: string): Promise<Answer>;
}

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export interface LookupWorldOptions extends Partial<SandboxEnvironmentOptions> {
  readonly environment?: Readonly<Record<string, string>>;
  /** Changes the stage before anything is served. */
  readonly before?: (stage: SandboxEnvironment) => void;
}

/** Starts `ringahead serve` without the variables of the queue. */
export async function startLookups(options: LookupWorldOptions = {}): Promise<LookupWorld> {
  const { environment = {}, before, ...stageOptions } = options;
  const stage = await startSandboxEnvironment({
    oracleLatencyMs: () => 0,
    genesysLatencyMs: () => 0,
    ...stageOptions,
  });
  before?.(stage);
  const { QUEUE_URL: _, DEAD_LETTER_QUEUE_URL: __, ...rest } = stage.environment;
  const serve = startWorkerProcess(
    {
      ...rest,
      HTTP_PORT: "0",
      LOG_LEVEL: "debug",
      LOOKUP_SECRET: SECRET,
      LOOKUP_SECRET_PREVIOUS: PREVIOUS,
      ...environment,
    },
    undefined,
    "serve",
  );
  onTestFinished(async () => {
    serve.kill("SIGKILL");
    await serve.ended;
    await stage.close();
  });
  const line = await serve.line(({ fact }) => fact === "http.listening");
  if (line.fact !== "http.listening") throw new Error("it does not listen");
  const url = `http://127.0.0.1:${line.port}`;
  return {
    stage,
    serve,
    url,
    ask: async (body, headers = {}) =>
      answerOf(
        await fetch(`${url}/api/customer/lookup`, {
          method: "POST",
          headers: {
            authorization: `Bearer ${SECRET}`,
            "content-type": "application/json",
            connection: "close",
            ...headers,
          },
          body: typeof body === "string" ? body : JSON.stringify(body),
        }),
      ),
    get: async (path) =>
      answerOf(await fetch(`${url}${path}`, { headers: { connection: "close" } })),
  };
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const { status, headers } = response;
  const isJson = headers.get("content-type")?.includes("json") ?? false;
  return { status, headers, body: isJson ? JSON.parse(text) : text };
}
