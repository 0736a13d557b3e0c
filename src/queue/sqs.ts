import { GetQueueAttributesCommand, type QueueAttributeName, SQSClient } from "@aws-sdk/client-sqs";
import { Failure } from "../domain/failure.ts";

/** How long a receive waits for messages, in s. A stopping worker waits as long for its last one. */
export const LONG_POLL_SECONDS = 5;

const CONNECT_MS = 3_000;
const REQUEST_MS = LONG_POLL_SECONDS * 1000 + 10_000;

/**
 * An SQS client. The endpoint is passed explicitly: with `AWS_ENDPOINT_URL` alone the SDK would send
 * to the host in the queue's URL.
 */
export function createSqs(
  region: string,
  endpoint: string | undefined,
  credentials?: SqsCredentials,
): SQSClient {
  return new SQSClient({
    region,
    ...(credentials === undefined ? {} : { credentials }),
    ...(endpoint === undefined ? {} : { endpoint }),
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: REQUEST_MS },
  });
}

/** Keys for a local endpoint; without them the SDK's usual chain finds the role of the process. */
export interface SqsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** What the worker must know of a queue before it consumes. */
export interface QueueFacts {
  /** The largest message that the queue accepts, in bytes of body and attributes together. */
  readonly largestMessageBytes: number;
}

const CHECKED: QueueAttributeName[] = ["MaximumMessageSize"];
const SQS_DEFAULT_BYTES = 262_144;

/**
 * Checks that a queue exists and may be used.
 * @throws {Failure} `misconfigured`, naming the variable and the IAM action; `network` if SQS cannot
 * be reached
 */
export async function checkQueue(
  sqs: SQSClient,
  variable: string,
  queueUrl: string,
): Promise<QueueFacts> {
  try {
    const answer = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: CHECKED }),
    );
    const bytes = Number(answer.Attributes?.MaximumMessageSize);
    return { largestMessageBytes: bytes > 0 ? bytes : SQS_DEFAULT_BYTES };
  } catch (error) {
    throw queueFailure(error, `${variable} ${queueUrl}`, "sqs:GetQueueAttributes");
  }
}

/** What went wrong with the queue, in our own words: the error of a library may hold anything. */
export function queueErrorText(error: unknown): string {
  if (error instanceof Failure) return error.message;
  // sqs-consumer keeps the code that SQS gave.
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const name = error instanceof Error ? error.name : "unknown error";
  return failureOfCode(code === "" ? name : code, "the queue", "sqs:ReceiveMessage").message;
}

/** The typed failure of an SQS call; `what` names the queue, `action` the IAM action it needs. */
export function queueFailure(error: unknown, what: string, action: string): Failure {
  return failureOfCode(error instanceof Error ? error.name : "unknown error", what, action);
}

/** The same for one entry of a batch, which SQS reports by its code. */
export function failureOfCode(name: string, what: string, action: string): Failure {
  if (/NonExistentQueue|QueueDoesNotExist|InvalidAddress/.test(name)) {
    return new Failure({
      kind: "misconfigured",
      code: "bad_request",
      source: "queue",
      message: `${what} does not exist`,
      cure: "Check the URL, its account and its region (AWS_REGION, AWS_ENDPOINT_URL).",
    });
  }
  if (/AccessDenied|InvalidClientTokenId|SignatureDoesNotMatch|ExpiredToken/.test(name)) {
    return new Failure({
      kind: "misconfigured",
      code: "forbidden",
      source: "queue",
      message: `${what} refused ${action} (${name})`,
      cure: `Allow ${action} on this queue to the role of this process, and check its credentials.`,
    });
  }
  if (name === "CredentialsProviderError") {
    return new Failure({
      kind: "misconfigured",
      code: "unauthorized",
      source: "queue",
      message: `${what}: no AWS credentials were found`,
      cure: "Give the process a role, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
    });
  }
  const shown = /^[\w.]{1,100}$/.test(name) ? name : "unknown error";
  return new Failure({
    kind: "retryable",
    code: "network",
    source: "queue",
    message: `${what}: ${action} failed (${shown})`,
    errno: shown,
    cure: "Check that SQS can be reached from here (AWS_ENDPOINT_URL, VPC endpoint, proxy).",
  });
}
