import { setTimeout as delay } from "node:timers/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { CallInProgress, CallRecord, RecordedCall } from "./call-record.ts";
import { answerWithFault, type Fault, type Faults, statusOfFault } from "./faults.ts";

export interface ExchangeDeps<Call extends RecordedCall> {
  readonly record: CallRecord<Call>;
  readonly faults: Faults;
  /** How long the next request takes, in ms. Refusals are immediate. */
  readonly latencyMs: () => number;
  /** If aborted, delayed requests are neither executed nor answered. */
  readonly closing: AbortSignal;
  /** Describes a request on its arrival, before its body is read. */
  readonly describe: (request: FastifyRequest, arrival: RecordedCall) => Call;
  /** Epoch ms. */
  readonly now: () => number;
}

/** The exchanges of one simulator with its clients. */
export interface Exchanges<Call extends RecordedCall> {
  /** Adds facts to the record of a request. */
  note(request: FastifyRequest, facts: Partial<Call>): void;
}

/**
 * Records every request to `app`, delays it, and applies faults. It must be added before routes and other
 * hooks, so that faults come first.
 */
export function addExchanges<Call extends RecordedCall>(
  app: FastifyInstance,
  deps: ExchangeDeps<Call>,
): Exchanges<Call> {
  const { record, faults, latencyMs, closing, describe, now } = deps;
  const inProgress = new WeakMap<FastifyRequest, CallInProgress<Call>>();
  const faultOf = new WeakMap<FastifyRequest, Fault>();

  function apply(fault: Fault, request: FastifyRequest, reply: FastifyReply): void {
    inProgress.get(request)?.answered(statusOfFault(fault));
    reply.hijack();
    answerWithFault(fault, reply.raw);
  }

  app.addHook("onRequest", (request, reply, done) => {
    const { method } = request;
    const path = pathOf(request);
    const fault = faults.take(method, path);
    const kind = fault === undefined ? undefined : (fault.kind ?? "answer");
    const arrival = { method, path, at: now(), status: undefined, fault: kind };
    inProgress.set(request, record.begin(describe(request, arrival)));
    if (fault === undefined) return done();
    if (fault.processed !== true) return apply(fault, request, reply);
    faultOf.set(request, fault);
    done();
  });

  app.addHook("preHandler", async (_request, reply) => {
    const ms = latencyMs();
    if (ms <= 0) return;
    await delay(ms, undefined, { signal: closing }).catch(() => {
      reply.hijack();
      reply.raw.destroy();
    });
  });

  app.addHook("onSend", (request, reply, payload, done) => {
    const fault = faultOf.get(request);
    if (fault !== undefined) return apply(fault, request, reply);
    inProgress.get(request)?.answered(reply.statusCode);
    done(null, payload);
  });

  return { note: (request, facts) => inProgress.get(request)?.note(facts) };
}

function pathOf(request: FastifyRequest): string {
  return request.url.split("?", 1)[0] ?? request.url;
}
