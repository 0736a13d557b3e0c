import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { createCalls } from "./calls.ts";

/** Written by hand: receives whenever ten places are free, and waits for nobody. Nothing else. */
const { AWS_ENDPOINT_URL: endpoint, QUEUE_URL: QueueUrl = "", PLACES = "10" } = process.env;
const BATCH = 10;
const calls = await createCalls();
const sqs = new SQSClient({ region: "us-east-1", endpoint: endpoint ?? "" });
let inHand = 0;
let freed = Promise.withResolvers<void>();

async function work(body: string, ReceiptHandle: string | undefined): Promise<void> {
  inHand += 1;
  try {
    await calls.enrich(body);
    await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  } catch (error) {
    process.stderr.write(`${error}\n`);
  } finally {
    inHand -= 1;
    freed.resolve();
    freed = Promise.withResolvers();
  }
}

for (;;) {
  while (inHand + BATCH > Number(PLACES)) await freed.promise;
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: BATCH, WaitTimeSeconds: 5 }),
  );
  for (const { Body = "", ReceiptHandle } of Messages) void work(Body, ReceiptHandle);
}
