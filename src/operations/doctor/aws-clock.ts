import type { SQSClient } from "@aws-sdk/client-sqs";
import { z } from "zod";

const dated = z.object({ headers: z.object({ date: z.string() }) });

/**
 * Reads AWS' clock off the `Date` header of whatever SQS answers, refusals too: AWS refuses a request
 * that is signed at another time, and its answer then says which time it has.
 * @param now epoch ms
 * @returns how far this machine is before AWS, in ms, by the first answer; undefined before one came
 */
export function watchAwsClock(sqs: SQSClient, now: () => number): () => number | undefined {
  let awayMs: number | undefined;
  sqs.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const date = Date.parse(dated.safeParse(result.response).data?.headers.date ?? "");
      if (!Number.isNaN(date)) awayMs ??= now() - date;
      return result;
    },
    // Inside of what turns a refusal into an error.
    { step: "deserialize", priority: "low", name: "ringaheadClock" },
  );
  return () => awayMs;
}
