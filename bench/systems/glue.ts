import { SQSClient } from "@aws-sdk/client-sqs";
import { Consumer } from "sqs-consumer";
import { createCalls } from "./calls.ts";

/**
 * sqs-consumer as in its introduction: a handler for each message, ten at a time, the next ten when these
 * are done. There is one consumer per ten slots.
 */
const { AWS_ENDPOINT_URL: endpoint, QUEUE_URL: queueUrl = "", SLOTS = "10" } = process.env;
const BATCH = 10;
const calls = await createCalls();
const sqs = new SQSClient({ region: "us-east-1", endpoint: endpoint ?? "" });

for (let slots = 0; slots < Number(SLOTS); slots += BATCH) {
  const consumer = Consumer.create({
    sqs,
    queueUrl,
    batchSize: BATCH,
    handleMessage: async (message) => {
      await calls.enrich(message.Body ?? "");
      return message;
    },
  });
  consumer.on("error", (error) => process.stderr.write(`${error.message}\n`));
  consumer.on("processing_error", (error) => process.stderr.write(`${error.message}\n`));
  consumer.start();
}
