import { z } from "zod";
import type { SlotDemand } from "../resilience/budget/leases.ts";

/**
 * The lease table of a fleet: the rules of `resilience/budget/leases.ts`, by Redis' own clock.
 * KEYS: leases (sorted set, by when each comes back), table (hash, key part `book`), workers (sorted
 * set, by when each counts as gone). All have one hash tag, and all expire.
 *
 * One call registers and releases leases, takes in rate-limit information and grants slots.
 * - A worker that knows another table than this one (that table was lost) may only register its
 *   leases. Until every worker has, a count means nothing.
 * - A worker that is settling is granted what it asks for, if the limit allows it; its share bounds
 *   its demand.
 *
 * A lease that is in flight ends after window + request time-out; an answered one ends one window
 * after its answer. So `score > now + window + 1` means that the probe is in flight.
 */
export const LEASE_SCRIPT = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local window, ttl, reserve = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[4])
local live, other, prefix = tonumber(ARGV[7]), tonumber(ARGV[8]), ARGV[9]
local allowed, count, untilEnd = tonumber(ARGV[10]), tonumber(ARGV[11]), tonumber(ARGV[12])
local pause, answered = tonumber(ARGV[13]), ARGV[14] == '1'
local knows, settling = tonumber(ARGV[15]), ARGV[16] == '1'
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now)
redis.call('ZADD', KEYS[3], now + tonumber(ARGV[6]), ARGV[5])
for i = 17, #ARGV, 2 do
  local left = tonumber(ARGV[i + 1])
  if left > 0 then redis.call('ZADD', KEYS[1], now + 1 + left, ARGV[i])
  else redis.call('ZREM', KEYS[1], ARGV[i]) end
end
local stored = redis.call('HMGET', KEYS[2], 'since', 'limit', 'paused', 'cold', 'probe')
local since, limit = tonumber(stored[1] or now), tonumber(stored[2] or ARGV[3])
local paused, cold, probe = tonumber(stored[3] or 0), (stored[4] or '1') == '1', stored[5] or ''
if allowed > 0 then
  limit = allowed
  redis.call('HSET', KEYS[2], 'limit', limit)
end
local foreign, member = 0, knows == 0 or knows == since
if member and not settling and count >= 0 then
  local known = redis.call('ZCOUNT', KEYS[1], now + untilEnd, '+inf')
  foreign = math.max(0, math.min(count, limit) - known)
  for i = 1, foreign do redis.call('ZADD', KEYS[1], now + 1 + window, prefix .. 'f' .. i) end
end
if member and not settling and answered and paused <= now then cold = false end
if pause > 0 then paused = math.max(paused, now + pause) cold = true end
local used = redis.call('ZCARD', KEYS[1])
local granted = math.max(0, math.min(live, limit - used))
granted = granted + math.max(0, math.min(other, limit - used - granted - reserve))
local wait = 0
if not member then granted = 0
elseif paused > now then granted = 0 wait = paused - now
elseif cold and not settling and granted > 0 then
  local score = probe ~= '' and redis.call('ZSCORE', KEYS[1], probe)
  if score and tonumber(score) > now + window + 1 then granted = 0 wait = 20
  else granted = 1 probe = prefix .. 1 end
end
for i = 1, granted do redis.call('ZADD', KEYS[1], now + ttl, prefix .. i) end
if granted == 0 and wait == 0 then
  local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
  wait = first[2] and math.max(1, tonumber(first[2]) - now) or 1
end
redis.call('HSET', KEYS[2], 'since', since, 'paused', paused,
  'cold', cold and '1' or '0', 'probe', probe)
redis.call('PEXPIRE', KEYS[1], ttl)
redis.call('PEXPIRE', KEYS[2], math.max(ttl, paused - now))
redis.call('PEXPIRE', KEYS[3], ttl)
return {granted, wait, used + granted, limit, redis.call('ZCARD', KEYS[3]), since,
  math.max(0, paused - now), foreign}
`;

/** One question to the lease table. Durations in ms. */
export interface LeaseQuestion {
  readonly windowMs: number;
  /** How long a lease whose answer never comes is held. */
  readonly ttlMs: number;
  readonly limit: number;
  readonly reserve: number;
  readonly worker: string;
  readonly presentForMs: number;
  readonly wanted: SlotDemand;
  /** The ids of the granted slots: this and 1, 2, 3 … */
  readonly prefix: string;
  readonly allowed: number | undefined;
  readonly count: number | undefined;
  /** From now to the end of the server's window, at least. */
  readonly untilEndMs: number;
  readonly pauseMs: number;
  /** Whether the API has answered since the last question. */
  readonly answered: boolean;
  /** Id of the table that this worker knows; 0 before it knows any, -1 if it is degraded. */
  readonly knownTableId: number;
  /** Knows the table, and waits until every live worker has registered its leases in it. */
  readonly settling: boolean;
  /** Leases, and how long each is held still; 0 if it is not held any more. */
  readonly leases: ReadonlyMap<string, number>;
}

export function leaseArguments(question: LeaseQuestion): (string | number)[] {
  return [
    Math.ceil(question.windowMs),
    Math.ceil(question.ttlMs),
    question.limit,
    question.reserve,
    question.worker,
    Math.ceil(question.presentForMs),
    question.wanted.live,
    question.wanted.other,
    question.prefix,
    question.allowed ?? 0,
    question.count ?? -1,
    Math.floor(question.untilEndMs),
    Math.ceil(question.pauseMs),
    question.answered ? "1" : "0",
    question.knownTableId,
    question.settling ? "1" : "0",
    ...[...question.leases].flatMap(([id, leftMs]) => [id, Math.max(0, Math.ceil(leftMs))]),
  ];
}

const whole = z.number().int();
const replySchema = z
  .tuple([whole, whole, whole, whole, whole, whole, whole, whole])
  .transform(([granted, waitMs, used, limit, workers, tableId, pausedForMs, foreign]) => ({
    granted,
    waitMs,
    /** By the whole fleet and by others, what is granted now included. */
    used,
    limit,
    workers,
    /** When the table was begun, by Redis' clock. Another id means that the table was lost. */
    tableId,
    pausedForMs,
    foreign,
  }));
export type LeaseReply = z.output<typeof replySchema>;

/** @throws {z.ZodError} if the reply is not one of our script */
export function readLeaseReply(reply: unknown): LeaseReply {
  return replySchema.parse(reply);
}
