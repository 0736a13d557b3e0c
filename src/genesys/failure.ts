import { z } from "zod";
import { Failure } from "../domain/failure.ts";
import type { HttpAnswer } from "../resilience/http/client.ts";
import { failureOfStatus, type RequestInfo } from "../resilience/http/status.ts";

const contextIdSchema = z.string().regex(/^[\w-]{1,64}$/);
/** Genesys' error body. Its `message` may hold data of the request, so no failure contains it. */
const errorSchema = z.object({
  message: z.string().optional().catch(undefined),
  code: z
    .string()
    .regex(/^[\w.]{1,80}$/)
    .optional()
    .catch(undefined),
  contextId: contextIdSchema.optional().catch(undefined),
  limit: z
    .object({ key: z.string().regex(/^[\w.]{1,80}$/) })
    .optional()
    .catch(undefined),
});

/** A permission, `domain:entity:action`: the only part of Genesys' message that a failure contains. */
const PERMISSION = /\b[A-Za-z]\w{0,60}:[A-Za-z]\w{0,60}:(?:\w{1,60}|\*)/g;
const MOST_PERMISSIONS = 8;

/**
 * The failure of an answer. Its message has Genesys' own error code, limit and correlation id, and for a
 * 403 the permissions that are missing.
 */
export function failureOfAnswer(answer: HttpAnswer, info: RequestInfo): Failure {
  const failure = failureOfStatus(answer, info);
  const error = readError(answer.text);
  const lacking = answer.status === 403 ? permissionsIn(error?.message) : [];
  const details = [
    error?.code,
    lacking.length > 0 && `needs ${lacking.join(" or ")}`,
    error?.limit && `limit ${error.limit.key}`,
    `correlation id ${correlationId(answer) ?? error?.contextId ?? "none"}`,
  ].filter((part) => typeof part === "string");
  return new Failure({
    ...failure,
    message: `${failure.message} (${details.join(", ")})`,
    ...(lacking.length > 0
      ? {
          cure: `Have ${lacking.join(" or ")} granted to the client or user that signs in (docs/how-to/genesys.md).`,
        }
      : {}),
  });
}

function permissionsIn(message = ""): readonly string[] {
  return [...new Set(message.match(PERMISSION))].slice(0, MOST_PERMISSIONS);
}

/** The id by which Genesys' support finds the request, if the header holds nothing else. */
function correlationId({ headers }: HttpAnswer): string | undefined {
  return contextIdSchema.safeParse(headers["inin-correlation-id"]).data;
}

function readError(text: string): z.infer<typeof errorSchema> | undefined {
  try {
    return errorSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
