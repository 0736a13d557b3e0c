import type { SQSClient } from "@aws-sdk/client-sqs";
import { z } from "zod";

const dated = z.object({ headers: z.object({ date: z.string() }) });

/**
 * Reads the clock of AWS from the `Date` header of every answer of SQS. Refusals have it too: AWS refuses
 * requests that are signed with a wrong time.
 * @param now epoch ms
 * @returns how far this machine's clock is ahead of AWS at the first answer, in ms; undefined before it
 */
export function watchAwsClock(sqs: SQSClient, now: () => number): () => number | undefined {
  let offsetMs: number | undefined;
  sqs.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const date = Date.parse(dated.safeParse(result.response).data?.headers.date ?? "");
      if (!Number.isNaN(date)) offsetMs ??= now() - date;
      return result;
    },
    // Before the SDK turns a refusal into an error.
    { step: "deserialize", priority: "low", name: "ringaheadClock" },
  );
  return () => offsetMs;
}
