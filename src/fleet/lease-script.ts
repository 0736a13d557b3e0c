import { z } from "zod";
import type { SlotDemand } from "../resilience/budget/leases.ts";

/**
 * The fleet's book of leases: the same bookkeeping as `protection/leases.ts`, by Redis' own clock.
 * KEYS: leases (sorted set, by when each comes back), book (hash), workers (sorted set, by when each
 * counts as gone). All have one hash tag, and all expire. One call does everything: it registers and
 * releases leases, hears what an answer told, and grants slots. Who knows another book than this one (it was
 * lost meanwhile) only registers: until everybody has, counts would mean nothing. Who is settling is granted what its share allows it to ask for.
 *
 * A lease that is under way ends after window + request time-out; an answered one ends one window
 * after its answer. So `score > now + window + 1` tells that the probe is still under way.
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
local book = redis.call('HMGET', KEYS[2], 'since', 'limit', 'paused', 'cold', 'probe')
local since, limit = tonumber(book[1] or now), tonumber(book[2] or ARGV[3])
local paused, cold, probe = tonumber(book[3] or 0), (book[4] or '1') == '1', book[5] or ''
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
local given = math.max(0, math.min(live, limit - used))
given = given + math.max(0, math.min(other, limit - used - given - reserve))
local wait = 0
if not member then given = 0
elseif paused > now then given = 0 wait = paused - now
elseif cold and not settling and given > 0 then
  local score = probe ~= '' and redis.call('ZSCORE', KEYS[1], probe)
  if score and tonumber(score) > now + window + 1 then given = 0 wait = 20
  else given = 1 probe = prefix .. 1 end
end
for i = 1, given do redis.call('ZADD', KEYS[1], now + ttl, prefix .. i) end
if given == 0 and wait == 0 then
  local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
  wait = first[2] and math.max(1, tonumber(first[2]) - now) or 1
end
redis.call('HSET', KEYS[2], 'since', since, 'paused', paused,
  'cold', cold and '1' or '0', 'probe', probe)
redis.call('PEXPIRE', KEYS[1], ttl)
redis.call('PEXPIRE', KEYS[2], math.max(ttl, paused - now))
redis.call('PEXPIRE', KEYS[3], ttl)
return {given, wait, used + given, limit, redis.call('ZCARD', KEYS[3]), since,
  math.max(0, paused - now), foreign}
`;

/** What is said to the book, and asked of it. Durations in ms. */
export interface LeaseQuestion {
  readonly windowMs: number;
  /** How long a lease whose answer never comes is held. */
  readonly ttlMs: number;
  readonly limit: number;
  readonly reserve: number;
  readonly worker: string;
  readonly presentForMs: number;
  readonly wanted: SlotDemand;
  /** The ids of what is granted: this and 1, 2, 3 … */
  readonly prefix: string;
  readonly allowed: number | undefined;
  readonly count: number | undefined;
  /** From now to the end of the server's window, at least. */
  readonly untilEndMs: number;
  readonly pauseMs: number;
  /** Whether an answer has come since the last question. */
  readonly answered: boolean;
  /** The `since` of the book that this worker knows; 0 before it knows any, -1 for none any more. */
  readonly knows: number;
  /** Knows the book, and waits until everybody who is alive has registered in it. */
  readonly settling: boolean;
  /** Leases and for how long they are held still; 0 for "not any more". */
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
    question.knows,
    question.settling ? "1" : "0",
    ...[...question.leases].flatMap(([id, leftMs]) => [id, Math.max(0, Math.ceil(leftMs))]),
  ];
}

const whole = z.number().int();
const replySchema = z
  .tuple([whole, whole, whole, whole, whole, whole, whole, whole])
  .transform(([given, waitMs, used, limit, workers, since, pausedForMs, foreign]) => ({
    given,
    waitMs,
    /** By the whole fleet and by others, what is granted now included. */
    used,
    limit,
    workers,
    /** When the book was begun, by Redis' clock: another one tells that it was lost. */
    since,
    pausedForMs,
    foreign,
  }));
export type LeaseReply = z.output<typeof replySchema>;

/** @throws {z.ZodError} where something else than our script has answered. */
export function readLeaseReply(reply: unknown): LeaseReply {
  return replySchema.parse(reply);
}
