import { origins } from "../domain/conversation/parties.ts";

/**
 * Merges what one worker knows of a conversation into what the fleet knows, and returns the result.
 * KEYS: the conversation (hash: `agentAt`, and a JSON object for each session).
 * ARGV: time to live (ms), agentAt or '', session key or '', its news (JSON), claim or '', release or '',
 * how long a claim is valid (ms).
 *
 * - Times only grow, and the first start and the first agent stay the first.
 * - Of two origins of a session the stronger counts (see `strongerOrigin`).
 * - Of two contacts, or two references, the later counts.
 * - Of two generations of a session the later counts; within one, the latest write.
 * - The first message that asks for a claim gets it. Another gets it after a release, or if the claim
 *   was not renewed in that time: the message may be gone.
 */
export const CONVERSATION_SCRIPT = `
local key = KEYS[1]
local strength = {${origins.map((origin, index) => `${origin}=${index + 1}`).join(", ")}}
if ARGV[2] ~= '' then
  local first = tonumber(redis.call('HGET', key, 'agentAt') or nil)
  if not first or tonumber(ARGV[2]) < first then redis.call('HSET', key, 'agentAt', ARGV[2]) end
end
if ARGV[3] ~= '' then
  local field = 's:' .. ARGV[3]
  local known = cjson.decode(redis.call('HGET', key, field) or '{}')
  local news = cjson.decode(ARGV[4])
  for _, name in ipairs({'startedAt', 'endedAt', 'erasedAt'}) do
    if news[name] then known[name] = math.max(known[name] or 0, news[name]) end
  end
  if news.firstAt then known.firstAt = math.min(known.firstAt or news.firstAt, news.firstAt) end
  if (strength[news.origin] or 0) > (strength[known.origin] or 0) then known.origin = news.origin end
  for value, at in pairs({contactId='contactAt', reference='referenceAt'}) do
    if news[value] and (news[at] or 0) >= (known[at] or 0) then
      known[value], known[at] = news[value], news[at] or known[at]
    end
  end
  local generation, before = news.stretch or 0, known.stretch or 0
  if generation > before then
    known.attempts, known.written = nil, nil
    known.triedContactId, known.triedReference = nil, nil
    known.stretch = generation
  end
  if generation >= before then
    known.attempts = math.max(known.attempts or 0, news.attempts or 0)
    if news.triedContactId then known.triedContactId = news.triedContactId end
    if news.triedReference then known.triedReference = news.triedReference end
    if news.written and (not known.written or news.written.at > known.written.at) then
      known.written = news.written
    end
  end
  if ARGV[5] ~= '' then
    local clock = redis.call('TIME')
    local now = clock[1] * 1000 + math.floor(clock[2] / 1000)
    local over = now - (known.claimedAt or 0) > tonumber(ARGV[7])
    if not known.claimedBy or known.claimedBy == ARGV[5] or over then
      known.claimedBy, known.claimedAt = ARGV[5], now
    end
  end
  if ARGV[6] ~= '' and known.claimedBy == ARGV[6] then known.claimedBy = nil end
  redis.call('HSET', key, field, cjson.encode(known))
end
redis.call('PEXPIRE', key, ARGV[1])
return redis.call('HGETALL', key)
`;
