import { z } from "zod";
import { Failure } from "../domain/failure.ts";
import type { HttpAnswer } from "../resilience/http/client.ts";
import { failureOfStatus, type RequestInfo } from "../resilience/http/status.ts";

const contextIdSchema = z.string().regex(/^[\w-]{1,64}$/);
/** Genesys' error body; its `message` may hold data of the request and is never told. */
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

/** Genesys names permissions as `domain:entity:action`; nothing else of its message is told. */
const PERMISSION = /\b[A-Za-z]\w{0,60}:[A-Za-z]\w{0,60}:(?:\w{1,60}|\*)/g;
const MOST_PERMISSIONS = 8;

/**
 * The failure of an answer, told in Genesys' own code, limit and correlation id; a 403 with the permissions
 * that it names.
 */
export function failureOfAnswer(answer: HttpAnswer, asked: RequestInfo): Failure {
  const failure = failureOfStatus(answer, asked);
  const error = readError(answer.text);
  const lacking = answer.status === 403 ? permissionsIn(error?.message) : [];
  const named = [
    error?.code,
    lacking.length > 0 && `needs ${lacking.join(" or ")}`,
    error?.limit && `limit ${error.limit.key}`,
    `correlation id ${correlationId(answer) ?? error?.contextId ?? "none"}`,
  ].filter((part) => typeof part === "string");
  return new Failure({
    ...failure,
    message: `${failure.message} (${named.join(", ")})`,
    ...(lacking.length > 0
      ? { cure: `Have ${lacking.join(" or ")} granted to whoever asks (docs/how-to/genesys.md).` }
      : {}),
  });
}

function permissionsIn(message = ""): readonly string[] {
  return [...new Set(message.match(PERMISSION))].slice(0, MOST_PERMISSIONS);
}

/** By which Genesys' support finds the request; only what looks like one is told. */
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
