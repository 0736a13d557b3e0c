import { z } from "zod";
import {
  type AcknowledgeReason,
  acknowledgeReasons,
} from "../../domain/conversation/acknowledge-reason.ts";
import { parts } from "../../domain/conversation/parties.ts";
import type { FailureCode, FailureKind, FailureSource } from "../../domain/failure.ts";
import type { NumberForm } from "../../domain/identity/number-form.ts";
import type { NumberKind } from "../../domain/identity/number-kind.ts";
import { type IdentitySource, matchedBys } from "../../domain/identity/rank.ts";
import type { HistoryStatus } from "../../domain/summary/summarise.ts";
import { epochMs } from "../../domain/time.ts";
import { earlierReasons } from "./earlier-reasons.ts";
import type { FactName, Facts, LookupStatus } from "./facts.ts";

/**
 * An opaque id: no space, no `@`, no `+`, and not a long number without a letter, which could be a
 * telephone or card number. Anything else is left out of the line.
 */
const idText = z.string().regex(/^(?![\d:./-]{7,}$)[\w:./-]{1,200}$/);
const anId = idText.catch("odd");
const id = idText.optional().catch(undefined);
/** A value of an enumeration that is not ours, such as a media type. */
const word = z
  .string()
  .regex(/^\w{1,40}$/)
  .catch("OTHER");
/** Text that Ringahead writes. */
const prose = z.string().transform((text) => text.slice(0, 1_000));
const ms = z.number();
const epoch = z.number().transform(epochMs);
const count = z.number();
const flag = z.boolean();
const topic = z
  .string()
  .regex(/^[\w.{}:-]{1,120}$/)
  .optional()
  .catch(undefined);

const code = z.enum([
  "bad_event",
  "bad_request",
  "conversation_not_found",
  "retries_ended",
  "too_old",
  "conversation_ended",
  "unauthorized",
  "forbidden",
  "invalid_client",
  "throttled",
  "conflict",
  "server_error",
  "malformed_answer",
  "timeout",
  "network",
  "certificate",
  "proxy",
  "circuit_open",
  "aborted",
  "unexpected",
] satisfies FailureCode[]);
const kind = z.enum(["retryable", "misconfigured", "permanent", "expired"] satisfies FailureKind[]);
const source = z.enum(["event", "oracle", "genesys", "queue", "worker"] satisfies FailureSource[]);
const status = z.enum([
  "found",
  "not_found",
  "ambiguous",
  "anonymous",
  "unavailable",
] satisfies HistoryStatus[]);
const by = z.enum(["address", "contact", "reference"] satisfies IdentitySource[]);
const country = z
  .string()
  .regex(/^(?:[A-Z]{2}|001)$/)
  .optional();
const numberKind = z.enum(["mobile", "fixed", "other"] satisfies NumberKind[]).optional();
const matchedBy = z.enum(matchedBys).optional();
const form = z.enum(["e164", "international", "national"] satisfies NumberForm[]).optional();
/** Country code and last two digits, first letter and top-level domain, or the last two of a reference. */
const masked = z
  .string()
  .regex(/^(\+\d{2}…\d{2}|.…@…\.[\w-]{1,63}|#…\w{2})$/u)
  .optional()
  .catch(undefined);

const about = { conversationId: id, correlationId: id, topic, eventId: id };
const failed = { code, kind, source, reason: prose, cure: prose, status: count.optional() };
const enriched = {
  ...about,
  participantId: anId,
  status,
  mediaType: word,
  identifiedBy: word,
  matchedBy,
  attempt: count,
  at: epoch,
  sinceEventMs: ms,
  waitedMs: ms,
  oracleMs: ms,
  genesysMs: ms,
  cached: flag,
};

/**
 * One schema for each fact. Lines are written and read through it, so a field that it does not name
 * never reaches a log.
 */
const schemas = {
  "worker.started": z.object({
    node: idText,
    shadow: flag,
    dialect: word,
    genesysPerMinute: count.optional(),
    oraclePerMinute: count.optional(),
  }),
  "http.listening": z.object({ port: count }),
  "worker.draining": z.object({ because: prose, inHand: count, waiting: count }),
  "worker.stopped": z.object({ givenBack: count }),
  "token.failed": z.object(failed),
  "secret.changed": z.object({ source, variable: z.string().regex(/^[A-Z_]{1,60}$/) }),
  "limiter.paused": z.object({ source, forMs: ms }),
  "limiter.limited": z.object({ source, limit: count, before: count }),
  "limiter.foreign": z.object({ source, count }),
  "fleet.apart": z.object({ source, reason: prose }),
  "fleet.together": z.object({ source, workers: count }),
  "redis.lost": z.object({ reason: prose }),
  "redis.back": z.object({}),
  "breaker.opened": z.object({ ...failed, forMs: ms }),
  "breaker.probing": z.object({ source }),
  "breaker.closed": z.object({ source, afterMs: ms }),
  "oracle.two_requests": z.object({}),
  "oracle.column_refused": z.object({ column: z.string().regex(/^[\w.]{1,150}$/) }),
  "queue.failed": z.object({ reason: prose }),
  "sample.failed": z.object({ reason: prose }),
  "traces.lost": z.object({ spans: count, reason: prose }),
  "traces.back": z.object({}),
  "event.received": z.object({
    ...about,
    messageId: anId,
    happenedAt: epoch,
    busAt: epoch,
    queuedAt: epoch,
    receiveCount: count,
    mediaType: word.optional(),
  }),
  "backlog.joined": z.object({ ...about, attempt: count, waiting: count }),
  "participant.judged": z.object({ ...about, participantId: anId, part: z.enum(parts) }),
  "enrichment.begun": z.object({ ...about, attempt: count, waitedMs: ms }),
  "identity.tried": z.object({
    ...about,
    by,
    identifiedBy: word,
    form,
    masked,
  }),
  "customer.looked_up": z.object({
    ...about,
    by: by.default("address"),
    identifiedBy: word,
    form,
    country,
    numberKind,
    matchedBy,
    match: status,
    cached: flag,
    oracleMs: ms,
  }),
  "api.called": z.object({
    ...about,
    source,
    method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]),
    route: z.string().regex(/^[\w./{}-]{1,200}$/),
    status: count.optional(),
    code: code.optional(),
    waitedMs: ms,
    tookMs: ms,
  }),
  "event.acknowledged": z.object({ ...about, because: z.enum(acknowledgeReasons) }),
  "event.dead_lettered": z.object({ ...about, ...failed, messageId: anId }),
  "enrichment.written": z.object(enriched),
  "enrichment.shadowed": z.object({
    ...enriched,
    attributes: z.record(z.string().regex(/^[\w. :-]{1,100}$/), count),
  }),
  "unavailable.failed": z.object({ ...about, ...failed }),
  "enrichment.delayed": z.object({ ...about, ...failed, attempt: count, delayMs: ms }),
  "enrichment.yielded": z.object({ ...about, attempt: count }),
  "enrichment.elsewhere": z.object({ ...about, delayMs: ms }),
  "backlog.made_room": z.object({ ...about, delayMs: ms }),
  "backlog.given_back": z.object(about),
  "signin.noted": z.object({
    userId: anId,
    address: z.string().regex(/^[\w.:]{1,40}$/),
  }),
  "serve.started": z.object({ node: prose, dialect: word }),
  "serve.stopped": z.object({ because: prose }),
  "lookup.answered": z.object({
    by: z.enum(["phone", "email", "conversation", "reference"]),
    status: z.enum([
      "found",
      "not_found",
      "ambiguous",
      "anonymous",
      "pending",
    ] satisfies LookupStatus[]),
    identifiedBy: word,
    cached: flag,
    tookMs: ms,
  }),
  "lookup.failed": z.object({ ...failed, late: flag }),
  "operations.noted": z.object({
    entityType: id,
    entityId: id,
    previousValue: id,
    currentValue: id,
    errorCode: id,
    slowed: flag,
  }),
  "enrichment.expired": z.object({ ...about, code, reason: prose }),
  "write.confirmed": z.object({ ...about, sinceWriteMs: ms }),
  "attributes.emptied": z.object({ ...about, participantId: anId }),
  "attributes.not_emptied": z.object({ ...about, ...failed }),
  "headstart.measured": z.object({ ...about, headStartMs: ms }),
} satisfies { readonly [N in FactName]: z.ZodType<Facts[N]> };

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;
function assertTrue<_T extends true>(): void {
  // Only the type counts.
}
// Does not compile if a schema and its fact differ.
assertTrue<
  {
    [N in FactName]: Same<Required<z.output<(typeof schemas)[N]>>, Required<Facts[N]>>;
  }[FactName]
>();

/** The fields that every line has: fact, time (ISO 8601, UTC) and worker. */
interface Head<N extends FactName> {
  readonly fact: N;
  readonly time: string;
  readonly worker?: string | undefined;
}

declare const unknownReason: unique symbol;
/** An acknowledge reason in a log: a code, or an unknown text of another version. */
export type LoggedReason = AcknowledgeReason | (string & { readonly [unknownReason]: true });

/** The fields of a fact in a log. */
type LoggedFields<N extends FactName> = N extends "event.acknowledged"
  ? Omit<Facts[N], "because"> & { readonly because: LoggedReason }
  : Facts[N];

/** One line of a log. */
export type LogLine = { [N in FactName]: Head<N> & LoggedFields<N> }[FactName];

/** The schemas for reading, if they differ from those for writing. */
const readSchemas: Partial<Record<FactName, z.ZodType<object>>> = {
  "event.acknowledged": z.object({
    ...about,
    because: prose.transform((text) => earlierReasons.get(text) ?? text),
  }),
};

const headSchema = z.object({
  fact: z.enum(Object.keys(schemas) as [FactName, ...FactName[]]),
  time: z.iso.datetime(),
  worker: id,
});

/** [pure] The fields of a fact that its schema names; undefined if a value does not match it. */
export function loggable(fact: FactName, fields: unknown): object | undefined {
  return schemas[fact].safeParse(fields).data;
}

/**
 * [pure] Reads one line of a log. Skips the prefix of a log tool (`aws logs tail`, Docker Compose).
 * Undefined if the line is not a fact, or a fact of another version with other fields.
 */
export function readLine(text: string): LogLine | undefined {
  const begin = text.indexOf("{");
  if (begin === -1 || !text.includes('"fact"')) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(text.slice(begin));
  } catch {
    return undefined;
  }
  const head = headSchema.safeParse(json);
  if (!head.success) return undefined;
  const { fact } = head.data;
  const fields = (readSchemas[fact] ?? schemas[fact]).safeParse(json).data;
  // The schema of this fact has read the fields; the compiler cannot infer that from the table.
  return fields === undefined ? undefined : ({ ...head.data, ...fields } as LogLine);
}
