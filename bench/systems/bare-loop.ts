import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { createCalls } from "./calls.ts";

/** A loop that receives whenever ten slots are free, and does nothing else. */
const { AWS_ENDPOINT_URL: endpoint, QUEUE_URL: QueueUrl = "", SLOTS = "10" } = process.env;
const BATCH = 10;
const calls = await createCalls();
const sqs = new SQSClient({ region: "us-east-1", endpoint: endpoint ?? "" });
let inProgress = 0;
let freed = Promise.withResolvers<void>();

async function work(body: string, ReceiptHandle: string | undefined): Promise<void> {
  inProgress += 1;
  try {
    await calls.enrich(body);
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  } catch (error) {
    process.stderr.write(`${error}\n`);
  } finally {
    inProgress -= 1;
    freed.resolve();
    freed = Promise.withResolvers();
  }
}

for (;;) {
  while (inProgress + BATCH > Number(SLOTS)) await freed.promise;
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: BATCH, WaitTimeSeconds: 5 }),
  );
  for (const { Body = "", ReceiptHandle } of Messages) void work(Body, ReceiptHandle);
}
