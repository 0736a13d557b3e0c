import { setTimeout as delay } from "node:timers/promises";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { CallRecord, CallUnderWay, RecordedCall } from "./call-record.ts";
import { answerWithFault, type Fault, type Faults, statusOfFault } from "./faults.ts";

export interface ExchangeOptions<Call extends RecordedCall> {
  readonly record: CallRecord<Call>;
  readonly faults: Faults;
  /** How long the next request takes, in ms; refusals are given at once. */
  readonly latencyMs: () => number;
  /** Requests that are still taking their time when it is aborted are neither carried out nor answered. */
  readonly closing: AbortSignal;
  /** What can be said of a request on its arrival, before its body is read. */
  readonly describe: (request: FastifyRequest, arrival: RecordedCall) => Call;
  /** Epoch ms. */
  readonly now: () => number;
}

/** The exchanges of one simulator with its clients. */
export interface Exchanges<Call extends RecordedCall> {
  /** Adds to the record what became known of a request. */
  note(request: FastifyRequest, facts: Partial<Call>): void;
}

/**
 * Records every request to `app`, makes it take its time, and lets faults strike. Add it before the
 * routes and before other hooks, so that a fault is what stands in front of the simulated system.
 */
export function addExchanges<Call extends RecordedCall>(
  app: FastifyInstance,
  options: ExchangeOptions<Call>,
): Exchanges<Call> {
  const { record, faults, latencyMs, closing, describe, now } = options;
  const underWay = new WeakMap<FastifyRequest, CallUnderWay<Call>>();
  const faultOf = new WeakMap<FastifyRequest, Fault>();

  function strike(fault: Fault, request: FastifyRequest, reply: FastifyReply): void {
    underWay.get(request)?.answered(statusOfFault(fault));
    reply.hijack();
    answerWithFault(fault, reply.raw);
  }

  app.addHook("onRequest", (request, reply, done) => {
    const { method } = request;
    const path = pathOf(request);
    const fault = faults.take(method, path);
    const kind = fault === undefined ? undefined : (fault.kind ?? "answer");
    const arrival = { method, path, at: now(), status: undefined, fault: kind };
    underWay.set(request, record.begin(describe(request, arrival)));
    if (fault === undefined) return done();
    if (fault.carriedOut !== true) return strike(fault, request, reply);
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
    if (fault !== undefined) return strike(fault, request, reply);
    underWay.get(request)?.answered(reply.statusCode);
    done(null, payload);
  });

  return { note: (request, facts) => underWay.get(request)?.note(facts) };
}

function pathOf(request: FastifyRequest): string {
  return request.url.split("?", 1)[0] ?? request.url;
}
