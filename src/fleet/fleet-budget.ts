import type { MonotonicMs } from "../domain/time.ts";
import type { Budget, BudgetEvent, RateLimitInfo, SlotGrant } from "../resilience/budget/budget.ts";
import { allot, type SlotDemand } from "../resilience/budget/leases.ts";
import { windowStart } from "../resilience/budget/local-budget.ts";
import { degradedShare, type LastSharedState } from "./degraded-share.ts";
import { LEASE_SCRIPT, type LeaseReply, leaseArguments, readLeaseReply } from "./lease-script.ts";
import { createOwnLeases } from "./own-leases.ts";
import { LONGEST_RECONNECT_MS, type SharedState } from "./redis.ts";

export interface FleetBudgetOptions {
  readonly shared: SharedState;
  /** Names the budget: the same for all workers that spend it. */
  readonly name: string;
  /** Unlike every other worker's. */
  readonly worker: string;
  readonly limit: number;
  readonly windowMs: number;
  readonly reserve: number;
  /** How long a request can take at most, in ms. */
  readonly timeoutMs: number;
  /** ms that never go back. */
  readonly now: () => MonotonicMs;
  readonly report: (event: BudgetEvent) => void;
}

/** What the book has granted. */
function idsOf({ given, prefix }: { given: number; prefix: string }): string[] {
  return Array.from({ length: given }, (_, i) => `${prefix}${i + 1}`);
}

/** What is waiting to be told to the fleet. */
interface Heard {
  allowed?: number;
  count?: number;
  windowEndsAt?: number;
  pausedUntil?: number;
  answered: boolean;
}

/** A worker that has never seen the fleet assumes that it is one of so many. */
const ASSUMED_WORKERS = 10;
/** Between the grant of a slot and the sending, at most. */
const SLACK_MS = 5_000;
const ANOTHER_BOOK = "the book in Redis is a new one";
const NOTHING: SlotDemand = { live: 0, other: 0 };

/**
 * The budget of a fleet: one book in Redis, from which every worker leases what its callers wait
 * for. Where the book cannot be reached, hangs, is empty or another one, the worker keeps to its
 * share (`apart.ts`); it goes back to the book when that has known everybody's leases for a while.
 */
export function createFleetBudget(options: FleetBudgetOptions): Budget {
  const { shared, name, worker, windowMs, reserve, now, report } = options;
  const keys = ["leases", "book", "workers"].map((part) => `{ringahead:${name}}:${part}`);
  const ttlMs = windowMs + options.timeoutMs + SLACK_MS;
  const beatMs = Math.min(1_000, Math.max(100, windowMs / 24));
  /** Every worker that is alive has registered its leases within this time. */
  const settleMs = LONGEST_RECONNECT_MS + 2 * beatMs + 500;
  const own = createOwnLeases(windowMs, ttlMs);

  let heard: Heard = { answered: false };
  let known: LastSharedState = { limit: options.limit, left: options.limit, workers: 0, own: 0 };
  let last: LeaseReply | undefined;
  let apart: { since: number; firstHeldLeft: () => number; probed: boolean } | undefined;
  let reuniteAt: number | undefined;
  let pausedUntil = 0;
  let questions = 0;
  let busy: Promise<unknown> = Promise.resolve();
  let flushing = false;
  let closed = false;

  /** One question at a time: what is to be told is told once and in order. */
  function ask(wanted: SlotDemand): Promise<LeaseReply & { readonly prefix: string }> {
    const asked = busy.then(() => askNow(wanted));
    busy = asked.catch(() => undefined);
    return asked;
  }

  async function askNow(wanted: SlotDemand) {
    questions += 1;
    const prefix = `${worker}.${questions}.`;
    const at = now();
    const saying = heard;
    heard = { answered: false };
    const settling = reuniteAt !== undefined;
    const leases = apart === undefined ? own.changes(at) : own.all(at);
    const args = leaseArguments({
      windowMs,
      ttlMs,
      limit: options.limit,
      reserve,
      worker,
      presentForMs: ttlMs,
      wanted,
      prefix,
      allowed: saying.allowed,
      count: saying.count,
      untilEndMs: Math.max(0, (saying.windowEndsAt ?? 0) - at),
      pauseMs: Math.max(0, (saying.pausedUntil ?? 0) - at),
      answered: saying.answered,
      knows: apart === undefined || settling ? (last?.since ?? 0) : -1,
      settling,
      leases,
    });
    try {
      const reply = readLeaseReply(await shared.run(LEASE_SCRIPT, keys, args));
      own.told(leases);
      return { ...reply, prefix };
    } catch (error) {
      heard = { ...saying, ...heard, answered: saying.answered || heard.answered };
      // Redis may have carried it out all the same.
      for (let i = 1; i <= wanted.live + wanted.other; i += 1) own.giveUp(`${prefix}${i}`);
      throw error;
    }
  }

  function learn(reply: LeaseReply, at: number): void {
    if (reply.limit !== known.limit) {
      report({ kind: "limited", limit: reply.limit, before: known.limit });
    }
    if (reply.foreign > 0) report({ kind: "foreign", count: reply.foreign });
    const { limit, used, workers } = reply;
    known = { limit, left: limit - used, workers, own: own.held(at) };
    pausedUntil = Math.max(pausedUntil, at + reply.pausedForMs);
    last = reply;
  }

  function goApart(because: string): void {
    reuniteAt = undefined;
    if (apart !== undefined || closed) return;
    const at = now();
    known = { ...known, workers: known.workers || ASSUMED_WORKERS, own: own.held(at) };
    apart = { since: at, firstHeldLeft: own.mark(at), probed: false };
    report({ kind: "degraded", because });
    void beat();
  }

  function isAnother(reply: LeaseReply): boolean {
    return last !== undefined && reply.since !== last.since;
  }

  /** The book is there; after a while everybody who is alive has registered in it. */
  function reunite(reply: LeaseReply): void {
    const at = now();
    const another = isAnother(reply);
    last = reply;
    if (reuniteAt === undefined || another) {
      reuniteAt = at + settleMs;
      return;
    }
    if (at < reuniteAt) return;
    apart = undefined;
    reuniteAt = undefined;
    learn(reply, at);
    report({ kind: "shared", workers: reply.workers });
  }

  async function takeTogether(wanted: SlotDemand): Promise<SlotGrant | undefined> {
    try {
      const reply = await ask(wanted);
      const ids = idsOf(reply);
      if (apart !== undefined || isAnother(reply)) {
        for (const id of ids) own.giveUp(id);
        goApart(ANOTHER_BOOK);
        return undefined;
      }
      for (const id of ids) own.send(id);
      learn(reply, now());
      return { slots: ids.map((id) => ({ id })), againInMs: reply.waitMs };
    } catch (error) {
      goApart(error instanceof Error ? error.message : "unknown");
      return undefined;
    }
  }

  /** Out of its share; where the book is there again, out of what that has, too. */
  async function takeApart(wanted: SlotDemand): Promise<SlotGrant> {
    const at = now();
    if (apart === undefined) return { slots: [], againInMs: 1 };
    const againInMs = Math.min(beatMs, Math.max(1, own.nextFreeAt(at) - at));
    const mayHold = degradedShare(known, apart.firstHeldLeft(), at < apart.since + ttlMs);
    const kept = Math.min(reserve, Math.floor(mayHold / 10));
    let given = allot(wanted, mayHold - own.held(at), kept);
    if (!apart.probed) given = own.underWay > 0 ? 0 : Math.min(1, given);
    if (given === 0) return { slots: [], againInMs };
    const ids = reuniteAt === undefined ? ownIds(given) : await settledIds(given);
    for (const id of ids) own.send(id);
    return { slots: ids.map((id) => ({ id })), againInMs };
  }

  function ownIds(count: number): string[] {
    questions += 1;
    return Array.from({ length: count }, (_, i) => `${worker}.${questions}.${i}`);
  }

  async function settledIds(count: number): Promise<string[]> {
    try {
      const reply = await ask({ live: count, other: 0 });
      const ids = idsOf(reply);
      if (!isAnother(reply)) return ids;
      for (const id of ids) own.giveUp(id);
      last = reply;
      reuniteAt = undefined;
    } catch {
      reuniteAt = undefined;
    }
    return [];
  }

  async function beat(): Promise<void> {
    try {
      const reply = await ask(NOTHING);
      if (apart !== undefined) reunite(reply);
      else if (isAnother(reply)) goApart(ANOTHER_BOOK);
      else learn(reply, now());
    } catch (error) {
      goApart(error instanceof Error ? error.message : "unknown");
    }
  }

  /** What changed is told soon, and together with what else changes until then. */
  function flush(): void {
    if (flushing || closed || apart !== undefined) return;
    flushing = true;
    setImmediate(() => {
      void beat().finally(() => {
        flushing = false;
        if (own.changed) flush();
      });
    });
  }

  function hear(told: RateLimitInfo, at: MonotonicMs): void {
    heard.answered = true;
    if (told.allowed !== undefined) heard.allowed = told.allowed;
    if (told.count !== undefined) {
      heard.count = told.count;
      heard.windowEndsAt = windowStart(told, at, windowMs) + windowMs;
    }
    if (told.pauseMs !== undefined) {
      if (pausedUntil <= at) report({ kind: "paused", forMs: told.pauseMs });
      pausedUntil = Math.max(pausedUntil, at + told.pauseMs);
      heard.pausedUntil = pausedUntil;
    }
    if (apart !== undefined) hearApart(told, apart);
  }

  /** The first answer tells what all have spent: less may be left than this worker knew. */
  function hearApart(told: RateLimitInfo, { probed }: { probed: boolean }): void {
    const limit = told.allowed ?? known.limit;
    const left = limit - (told.count ?? 0);
    known = {
      ...known,
      limit,
      left: probed ? known.left : Math.max(0, Math.min(known.left, left)),
    };
    if (apart !== undefined) apart.probed = told.pauseMs === undefined;
  }

  const stopListening = shared.onBack(() => goApart("the connection to Redis was broken"));
  let beating = false;
  const heartbeat = setInterval(() => {
    if (beating) return;
    beating = true;
    void beat().finally(() => {
      beating = false;
    });
  }, beatMs);

  return {
    async take(wanted) {
      const restMs = pausedUntil - now();
      if (restMs > 0) return { slots: [], againInMs: restMs };
      const grant = apart === undefined ? await takeTogether(wanted) : undefined;
      return grant ?? (await takeApart(wanted));
    },
    takeNow: () => undefined,
    answered({ id }, told) {
      const at = now();
      own.answered(id, at);
      if (told !== undefined) hear(told, at);
      flush();
    },
    unused({ id }) {
      own.giveUp(id);
      flush();
    },
    free(withinMs) {
      const at = now();
      const held = own.held(at);
      const freed = own.freedBy(at + withinMs);
      if (apart !== undefined) {
        const mayHold = degradedShare(known, apart.firstHeldLeft(), at < apart.since + ttlMs);
        return Math.max(0, mayHold - held + freed);
      }
      // What is left is for all; what this worker gave back until then was its own.
      return Math.max(0, Math.floor(known.left / Math.max(1, known.workers)) + freed);
    },
    limitReached() {
      // Held by this worker, and never sent: so the whole fleet does without them for a window.
      for (const id of ownIds(Math.ceil(known.limit / 2))) {
        own.send(id);
        own.answered(id, now());
      }
      flush();
    },
    state() {
      const at = now();
      return {
        mode: apart === undefined ? "shared" : "degraded",
        limit: known.limit,
        used: apart === undefined ? known.limit - known.left : own.held(at),
        pausedForMs: Math.max(0, pausedUntil - at),
        workers: Math.max(1, known.workers),
      };
    },
    close() {
      closed = true;
      clearInterval(heartbeat);
      stopListening();
    },
  };
}
