import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { buildApp } from "fauxqs";

/** A queue by URL and ARN. */
interface SandboxQueue {
  readonly url: string;
  readonly arn: string;
}

/** Any keys are accepted, but the SDK needs some. */
export const LOCAL_CREDENTIALS = { accessKeyId: "local", secretAccessKey: "local" };

/** A simulated SQS with the two queues of the deployed system. */
export interface SandboxSqs {
  readonly endpoint: string;
  readonly queue: SandboxQueue;
  readonly deadLetters: SandboxQueue;
  /** The SDK's client, connected to it. */
  readonly client: SQSClient;
  /** Sends to the queue of this ARN. */
  deliver(arn: string, body: string, attributes?: Readonly<Record<string, string>>): Promise<void>;
  close(): Promise<void>;
}

/** The policy of the deployed queue. fauxqs does not enforce it. */
const FROM_RULES = {
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: "*",
    },
  ],
};

/** Receives after which SQS moves a message to the dead-letter queue. */
const MAX_RECEIVE_COUNT = 100;

export interface SqsOptions {
  /** Ends longer polls after this time, in s. SQS may do so at any time, and a client then stops sooner. */
  readonly longestPollSeconds?: number;
}

/** Starts an SQS on 127.0.0.1 with a queue and its dead-letter queue. */
export async function startSqs({ longestPollSeconds }: SqsOptions = {}): Promise<SandboxSqs> {
  const app = buildApp({ host: "127.0.0.1", logger: false });
  if (longestPollSeconds !== undefined) shortenPolls(app, longestPollSeconds);
  const endpoint = await app.listen({ host: "127.0.0.1", port: 0 });
  const client = new SQSClient({ region: "us-east-1", endpoint, credentials: LOCAL_CREDENTIALS });
  const deadLetters = await createQueue(client, "ringahead-dead-letters", {});
  const queue = await createQueue(client, "ringahead-events", {
    Policy: JSON.stringify(FROM_RULES),
    RedrivePolicy: JSON.stringify({
      deadLetterTargetArn: deadLetters.arn,
      maxReceiveCount: MAX_RECEIVE_COUNT,
    }),
  });
  const urls = new Map([queue, deadLetters].map(({ arn, url }) => [arn, url]));

  async function urlOf(arn: string): Promise<string | undefined> {
    const known = urls.get(arn);
    if (known !== undefined) return known;
    const QueueName = arn.split(":").at(-1);
    return (await client.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl;
  }

  return {
    endpoint,
    queue,
    deadLetters,
    client,
    async deliver(arn, body, attributes = {}) {
      const QueueUrl = await urlOf(arn);
      const MessageAttributes = Object.fromEntries(
        Object.entries(attributes).map(([name, StringValue]) => [
          name,
          { DataType: "String", StringValue },
        ]),
      );
      await client.send(new SendMessageCommand({ QueueUrl, MessageBody: body, MessageAttributes }));
    },
    async close() {
      client.destroy();
      app.server.closeAllConnections();
      await app.close();
    },
  };
}

/** What SQS takes, in s; it refuses more. */
const LONGEST_WAIT_SECONDS = 20;

function shortenPolls(app: ReturnType<typeof buildApp>, toSeconds: number): void {
  app.addHook("preHandler", ({ body }, _reply, done) => {
    if (typeof body === "object" && body !== null && "WaitTimeSeconds" in body) {
      const seconds = Number(body.WaitTimeSeconds);
      if (seconds <= LONGEST_WAIT_SECONDS) body.WaitTimeSeconds = Math.min(seconds, toSeconds);
    }
    done();
  });
}

async function createQueue(
  client: SQSClient,
  name: string,
  attributes: Record<string, string>,
): Promise<SandboxQueue> {
  const created = await client.send(
    new CreateQueueCommand({ QueueName: name, Attributes: attributes }),
  );
  const url = created.QueueUrl ?? "";
  const { Attributes } = await client.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["QueueArn"] }),
  );
  return { url, arn: Attributes?.QueueArn ?? "" };
}
