import type { z } from "zod";
import { Failure } from "../../domain/failure.ts";
import type { HttpAnswer } from "./client.ts";
import type { RequestInfo } from "./status.ts";

/**
 * [pure] Reads the body of an answer by a schema.
 * @throws {Failure} `malformed_answer` if the body is no JSON or a field is wrong. It names the first
 * wrong field, never its value.
 */
export function readJson<T>(
  answer: HttpAnswer,
  schema: z.ZodType<T>,
  request: RequestInfo,
  parse: (text: string) => unknown = JSON.parse,
): T {
  let body: unknown;
  try {
    body = parse(answer.text);
  } catch {
    const type = mediaType(answer.headers["content-type"]);
    throw malformed(request, `a body that is not JSON (${type}, ${answer.text.length} characters)`);
  }
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw malformed(request, `JSON with a wrong "${issue?.path.join(".")}": ${issue?.message}`);
}

/** A header may hold anything: only a media type is put into the message. */
function mediaType(header: string | undefined): string {
  const [type = ""] = /^[a-z]{1,20}\/[a-z.+-]{1,40}(?=$|;)/.exec(header ?? "") ?? [];
  return type === "" ? "no content type" : type;
}

function malformed(request: RequestInfo, what: string): Failure {
  return new Failure({
    kind: "retryable",
    code: "malformed_answer",
    source: request.source,
    message: `${request.what} answered ${what}`,
    cure: "Check what answers at this address: it may be a proxy's page or another version of the API.",
  });
}
