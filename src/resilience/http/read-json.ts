import type { z } from "zod";
import { Failure } from "../../domain/failure.ts";
import type { HttpAnswer } from "./client.ts";
import type { RequestInfo } from "./status.ts";

/**
 * [pure] The body of an answer, by schema.
 * @throws {Failure} `malformed_answer` naming the first field that is wrong, never its value: an
 * HTML page, an empty or cut-off body, a missing field.
 */
export function readJson<T>(
  answer: HttpAnswer,
  schema: z.ZodType<T>,
  asked: RequestInfo,
  parse: (text: string) => unknown = JSON.parse,
): T {
  let body: unknown;
  try {
    body = parse(answer.text);
  } catch {
    const type = mediaType(answer.headers["content-type"]);
    throw malformed(asked, `a body that is not JSON (${type}, ${answer.text.length} characters)`);
  }
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw malformed(asked, `JSON with a wrong "${issue?.path.join(".")}": ${issue?.message}`);
}

/** A header may hold anything; only what is a media type is told. */
function mediaType(header: string | undefined): string {
  const [type = ""] = /^[a-z]{1,20}\/[a-z.+-]{1,40}(?=$|;)/.exec(header ?? "") ?? [];
  return type === "" ? "no content type" : type;
}

function malformed(asked: RequestInfo, what: string): Failure {
  return new Failure({
    kind: "retryable",
    code: "malformed_answer",
    source: asked.source,
    message: `${asked.what} answered ${what}`,
    cure: "Check what answers at this address: a proxy's page, or another version of the API?",
  });
}
