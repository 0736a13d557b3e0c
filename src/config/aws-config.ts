import type { ValuesOf } from "../domain/variable/variable.ts";
import { definePart } from "./part.ts";
import { awsVariables, queueVariables } from "./variables/aws.ts";

type AwsValues = ValuesOf<typeof awsVariables>;

export type AwsConfig = Omit<AwsValues, "AWS_REGION"> & { readonly AWS_REGION: string };

/** The part that a command on the queues alone needs. */
export type QueueConfig = AwsConfig &
  ValuesOf<typeof queueVariables> & {
    /** Endpoint of SQS, if it is not AWS's own. */
    readonly sqsEndpoint: string | undefined;
  };

const DEFAULT_REGION = "us-east-1";

/** AWS without queues. */
export const awsPart = definePart({
  variables: awsVariables,
  build: (values): AwsConfig => ({ ...values, AWS_REGION: values.AWS_REGION ?? DEFAULT_REGION }),
});

export const queuePart = definePart({
  variables: { ...queueVariables, ...awsVariables },
  conflicts: ({ QUEUE_URL: queue, DEAD_LETTER_QUEUE_URL: deadLetters }) =>
    queue !== undefined && queue === deadLetters
      ? ["DEAD_LETTER_QUEUE_URL must not be QUEUE_URL: a dead letter would come straight back"]
      : [],
  build: (values): QueueConfig => ({
    ...values,
    AWS_REGION: values.AWS_REGION ?? regionOf(values.QUEUE_URL) ?? DEFAULT_REGION,
    sqsEndpoint: values.AWS_ENDPOINT_URL_SQS ?? values.AWS_ENDPOINT_URL,
  }),
});

/** `https://sqs.<region>.amazonaws.com/…` */
function regionOf(queueUrl: string): string | undefined {
  return /^https:\/\/sqs\.([a-z0-9-]+)\.amazonaws\./.exec(queueUrl)?.[1];
}
