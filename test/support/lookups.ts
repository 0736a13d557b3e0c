import type {
  SandboxEnvironment,
  SandboxEnvironmentOptions,
} from "../../src/sandbox/environment/sandbox-environment.ts";
import type { WorkerProcess } from "../../src/sandbox/environment/worker-process.ts";
import { startEnvironment, startWorker } from "./environment.ts";

export const SECRET = "first-secret-of-callers";
export const PREVIOUS = "secret-of-yesterday-01";

/** `ringahead serve` as a process of its own, among simulators; everything ends with the test. */
export interface LookupWorld {
  readonly sandbox: SandboxEnvironment;
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
  /** Changes the sandbox before anything is served. */
  readonly before?: (sandbox: SandboxEnvironment) => void;
}

/** Starts `ringahead serve` without the variables of the queue. */
export async function startLookups(options: LookupWorldOptions = {}): Promise<LookupWorld> {
  const { environment = {}, before, ...sandboxOptions } = options;
  const sandbox = await startEnvironment(sandboxOptions);
  before?.(sandbox);
  const { QUEUE_URL: _, DEAD_LETTER_QUEUE_URL: __, ...rest } = sandbox.environment;
  const serve = startWorker(
    {
      ...rest,
      HTTP_PORT: "0",
      LOG_LEVEL: "debug",
      LOOKUP_SECRET: SECRET,
      LOOKUP_SECRET_PREVIOUS: PREVIOUS,
      ...environment,
    },
    { command: "serve" },
  );
  const line = await serve.line(({ fact }) => fact === "http.listening");
  if (line.fact !== "http.listening") throw new Error("it does not listen");
  const url = `http://127.0.0.1:${line.port}`;
  return {
    sandbox,
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
