import { type Message, ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { topics } from "../../src/domain/event/rules.ts";
import type { SandboxEnvironment } from "../../src/sandbox/environment/sandbox-environment.ts";
import type { WorkerLogLine, WorkerProcess } from "../../src/sandbox/environment/worker-process.ts";
import type { SandboxDialect } from "../../src/sandbox/simulators/oracle-cx/dialects.ts";
import type { SandboxCustomer } from "../../src/sandbox/simulators/oracle-cx/site/customers.ts";
import { startEnvironment, startWorker } from "./environment.ts";

/** The real worker among simulators; everything ends with the test. */
export interface World {
  readonly stage: SandboxEnvironment;
  readonly worker: WorkerProcess;
  /** Sends a body straight to the queue. */
  send(body: string): Promise<void>;
  /** The first log line of this fact (about this conversation), past or to come. */
  fact<F extends WorkerLogLine["fact"]>(
    fact: F,
    conversationId?: string,
  ): Promise<Extract<WorkerLogLine, { fact: F }>>;
  /** Receives one dead letter. */
  deadLetter(): Promise<Message>;
  /** Takes out what is visible in the queue; confirmations, which come late, are left out. */
  leftOver(): Promise<string[]>;
}

export interface WorldOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly customers?: readonly SandboxCustomer[];
  /** What Oracle speaks; `gateway` unless told. */
  readonly dialect?: SandboxDialect;
  readonly oracleLatencyMs?: () => number;
  readonly genesysLatencyMs?: () => number;
  /** What the worker is told of a world that was changed before it started. */
  readonly around?: (stage: SandboxEnvironment) => Promise<Readonly<Record<string, string>>>;
  /** What Node starts; the bundled program unless told. */
  readonly entry?: string;
}

const PATIENCE_MS = 60_000;

export async function startWorld(options: WorldOptions = {}): Promise<World> {
  const { customers, dialect = "gateway" } = options;
  const { oracleLatencyMs = () => 0, genesysLatencyMs = () => 0, entry } = options;
  const stage = await startEnvironment({
    oracleLatencyMs,
    genesysLatencyMs,
    dialect,
    ...(customers === undefined ? {} : { customers }),
  });
  const worker = startWorker(
    {
      ...stage.environment,
      LOG_LEVEL: "debug",
      ...options.environment,
      ...(await options.around?.(stage)),
    },
    entry === undefined ? {} : { entry },
  );
  const { client, queue, deadLetters } = stage.sqs;
  await worker.line(({ fact }) => fact === "worker.started");

  return {
    stage,
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
        const [letter] = Messages ?? [];
        if (letter !== undefined) return letter;
      }
      throw new Error(`no dead letter came within ${PATIENCE_MS} ms`);
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
