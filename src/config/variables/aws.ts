import { z } from "zod";
import { httpUrl, queueUrl } from "../../domain/variable/rules.ts";
import { optional, required, type VariableTable } from "../../domain/variable/variable.ts";

export const queueVariables = {
  QUEUE_URL: required("URL of the SQS queue that receives the events from EventBridge", queueUrl),
  DEAD_LETTER_QUEUE_URL: required(
    "URL of the queue for messages that fail permanently. The worker does not start without it",
    queueUrl,
  ),
} satisfies VariableTable;

export const awsVariables = {
  AWS_REGION: optional(
    "AWS region of the queues. Without it: the region in `QUEUE_URL`, otherwise `us-east-1`",
    z.string().regex(/^[a-z]{2}[a-z-]*-\d$/, "must be an AWS region's name, as in eu-central-1"),
  ),
  AWS_ENDPOINT_URL: optional(
    "Endpoint of SQS, EventBridge and Secrets Manager, if it is not AWS's own (a local one)",
    httpUrl,
  ),
  AWS_ENDPOINT_URL_SQS: optional(
    "The same for SQS alone; takes precedence over `AWS_ENDPOINT_URL`",
    httpUrl,
  ),
  AWS_ENDPOINT_URL_EVENTBRIDGE: optional(
    "The same for EventBridge alone (`ringahead setup`, `doctor`)",
    httpUrl,
  ),
  AWS_ENDPOINT_URL_SECRETS_MANAGER: optional("The same for Secrets Manager alone", httpUrl),
} satisfies VariableTable;
