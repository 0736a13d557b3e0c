import { type Message, ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { topics } from "../../src/domain/event/rules.ts";
import type { SandboxDialect } from "../../src/sandbox/environment/oracle-dialects.ts";
import type { SandboxEnvironment } from "../../src/sandbox/environment/sandbox-environment.ts";
import type { WorkerLogLine, WorkerProcess } from "../../src/sandbox/environment/worker-process.ts";
import type { SandboxCustomer } from "../../src/sandbox/simulators/oracle-cx/site/customers.ts";
import { startEnvironment, startWorker } from "./environment.ts";

/** A real worker in a sandbox. Both end with the test. */
export interface World {
  readonly sandbox: SandboxEnvironment;
  readonly worker: WorkerProcess;
  /** Sends a message to the queue. */
  send(body: string): Promise<void>;
  /** Resolves with the first log line of the fact (and conversation), past or future. */
  fact<F extends WorkerLogLine["fact"]>(
    fact: F,
    conversationId?: string,
  ): Promise<Extract<WorkerLogLine, { fact: F }>>;
  /** Receives one dead letter. */
  deadLetter(): Promise<Message>;
  /** Receives all visible messages of the queue. The result has no confirmations, because they are late. */
  leftOver(): Promise<string[]>;
}

export interface WorldOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly customers?: readonly SandboxCustomer[];
  /** Default: `gateway`. */
  readonly dialect?: SandboxDialect;
  readonly oracleLatencyMs?: () => number;
  readonly genesysLatencyMs?: () => number;
  /** Changes the sandbox before the worker starts. @returns further variables of the worker */
  readonly prepare?: (sandbox: SandboxEnvironment) => Promise<Readonly<Record<string, string>>>;
  /** The file that Node starts. Default: the bundled program. */
  readonly entry?: string;
}

const PATIENCE_MS = 200_000;

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const { customers, dialect = "gateway" } = options;
  const { oracleLatencyMs = () => 0, genesysLatencyMs = () => 0, entry } = options;
  const sandbox = await startEnvironment({
    oracleLatencyMs,
    genesysLatencyMs,
    dialect,
    ...(customers === undefined ? {} : { customers }),
  });
  const worker = startWorker(
    {
      ...sandbox.environment,
      LOG_LEVEL: "debug",
      ...options.environment,
      ...(await options.prepare?.(sandbox)),
    },
    entry === undefined ? {} : { entry },
  );
  const { client, queue, deadLetters } = sandbox.sqs;
  await worker.line(({ fact }) => fact === "worker.started");

  return {
    sandbox,
    worker,
    async send(body) {
      await client.send(new SendMessageCommand({ QueueUrl: queue.url, MessageBody: body }));
    },
    async fact(fact, conversationId) {
      const line = await worker.line(
        (one) =>
          one.fact === fact &&
          (conversationId === undefined ||
            ("conversationId" in one && one.conversationId === conversationId)),
      );
      return line as Extract<WorkerLogLine, { fact: typeof fact }>;
    },
    async deadLetter() {
      const end = performance.now() + PATIENCE_MS;
      while (performance.now() < end) {
        const { Messages } = await client.send(
          new ReceiveMessageCommand({
            QueueUrl: deadLetters.url,
            WaitTimeSeconds: 10,
            MessageAttributeNames: ["All"],
          }),
        );
        const [message] = Messages ?? [];
        if (message !== undefined) return message;
      }
      throw new Error(`no dead letter arrived within ${PATIENCE_MS} ms`);
    },
    async leftOver() {
      const bodies: string[] = [];
      for (;;) {
        const { Messages = [] } = await client.send(
          new ReceiveMessageCommand({ QueueUrl: queue.url, MaxNumberOfMessages: 10 }),
        );
        if (Messages.length === 0) break;
        bodies.push(...Messages.map(({ Body = "" }) => Body));
      }
      return bodies.filter((body) => !body.includes(topics.attributes));
    },
  };
}
