import { redisScript } from '../redis/redis-script.js';

/**
 * KEYS: rates. ARGV: longest wait, then for each rate the milliseconds of one unit, burst and cost. A rate is stored as the
 * time at which its budget is empty; `burst` units after it the budget is full. A hundredth of a millisecond is rounding.
 */
export const BOOK = redisScript(`
local wait, empty, full = 0, {}, {}
for i, key in ipairs(KEYS) do
  local unit, burst, cost = tonumber(ARGV[3 * i - 1]), tonumber(ARGV[3 * i]), tonumber(ARGV[3 * i + 1])
  local from = math.max(tonumber(redis.call('GET', key) or 0), now - burst * unit)
  wait = math.max(wait, from + math.min(cost, burst) * unit - now)
  empty[i] = from + cost * unit
  full[i] = math.ceil(empty[i] + burst * unit - now)
end
wait = math.ceil(wait - 0.01)
if wait > tonumber(ARGV[1]) then return {0, wait} end
for i, key in ipairs(KEYS) do
  if full[i] > 0 then redis.call('SET', key, exact(empty[i]), 'PX', string.format('%.0f', full[i]))
  else redis.call('DEL', key) end
end
return {1, wait}`);

/** KEYS: permits. ARGV: holder, limit, time to live. */
export const ACQUIRE = redisScript(`
local ttl = tonumber(ARGV[3])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', exact(now))
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) and redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[2]) then return 0 end
redis.call('ZADD', KEYS[1], exact(now + ttl), ARGV[1])
if redis.call('PTTL', KEYS[1]) < ttl then redis.call('PEXPIRE', KEYS[1], ttl) end
return 1`);

/** KEYS: permits. */
export const HELD_PERMITS = redisScript(`
local held = {}
for i, key in ipairs(KEYS) do held[i] = redis.call('ZCOUNT', key, '(' .. exact(now), '+inf') end
return held`);

/** KEYS: rates. Text, since a number of a script is a whole one; empty where there is none. */
export const BOOKED_FOR = redisScript(`
local booked = {}
for i, key in ipairs(KEYS) do
  local empty = redis.call('GET', key)
  booked[i] = empty and exact(empty - now) or ''
end
return booked`);

const READ_BREAKER = `
local stored = redis.call('HMGET', KEYS[1], 'failures', 'openUntil', 'probeUntil', 'opens', 'held', 'code', 'detail')
local failures, openUntil, probeUntil = tonumber(stored[1] or 0), tonumber(stored[2] or 0), tonumber(stored[3] or 0)
local opens, held, code, detail = tonumber(stored[4] or 0), tonumber(stored[5] or 0), stored[6] or '', stored[7] or ''
local function state() return {failures, math.max(0, math.ceil(openUntil - now)), opens, held, code, detail} end
`;

/** KEYS: breaker. */
export const BREAKER = redisScript(`${READ_BREAKER}
return state()`);

/** KEYS: its second one is the list of breakers, by when each expires: the list lasts as long as the last one. */
const KEEP_LIST = `
local function keepList()
  local last = redis.call('ZRANGE', KEYS[2], -1, -1, 'WITHSCORES')[2]
  if last == 'inf' then redis.call('PERSIST', KEYS[2])
  elseif last then redis.call('PEXPIREAT', KEYS[2], string.format('%.0f', math.ceil(tonumber(last)))) end
end
`;

/**
 * KEYS: breaker, the list of breakers. ARGV: its name in the list, failures that open it, for how long at first, for how long at
 * most, how long it is stored, code and detail of the failure, and 1 for a probe.
 */
export const COUNT_FAILURE = redisScript(`${READ_BREAKER}${KEEP_LIST}
failures, code, detail = failures + 1, ARGV[6], ARGV[7]
redis.call('HSET', KEYS[1], 'failures', failures, 'code', code, 'detail', detail)
local opensNow = opens > 0 and ARGV[8] == '1' or opens == 0 and failures >= tonumber(ARGV[2])
if opensNow and openUntil <= now then
  local first = tonumber(ARGV[3])
  openUntil = now + math.min(first * 2 ^ opens, math.max(first, tonumber(ARGV[4])))
  opens = opens + 1
  redis.call('HSET', KEYS[1], 'openUntil', exact(openUntil), 'opens', opens)
  redis.call('HDEL', KEYS[1], 'probeUntil')
end
if held == 0 then
  local ttl = math.max(0, math.ceil(openUntil - now)) + tonumber(ARGV[5])
  redis.call('PEXPIRE', KEYS[1], ttl)
  redis.call('ZADD', KEYS[2], exact(now + ttl), ARGV[1])
  keepList()
end
return state()`);

/** KEYS: breaker, the list of breakers. ARGV: its name in the list. */
export const CLOSE_BREAKER = redisScript(`
if redis.call('HGET', KEYS[1], 'held') then return 0 end
redis.call('ZREM', KEYS[2], ARGV[1])
return redis.call('DEL', KEYS[1])`);

/** KEYS: breaker, the list of breakers. ARGV: its name in the list. */
export const HOLD_BREAKER = redisScript(`${KEEP_LIST}
redis.call('HSET', KEYS[1], 'held', 1)
redis.call('PERSIST', KEYS[1])
redis.call('ZADD', KEYS[2], '+inf', ARGV[1])
keepList()
return 1`);

/** KEYS: breaker, the list of breakers. ARGV: its name in the list. */
export const RESET_BREAKER = redisScript(`${KEEP_LIST}
redis.call('ZREM', KEYS[2], ARGV[1])
keepList()
return redis.call('DEL', KEYS[1])`);

/** KEYS: the list of breakers. ARGV: how many at most. */
export const LIST_BREAKERS = redisScript(`
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', exact(now))
return redis.call('ZRANGE', KEYS[1], 0, tonumber(ARGV[1]) - 1)`);

/** KEYS: breaker. ARGV: the time for the probe. */
export const TAKE_PROBE = redisScript(`${READ_BREAKER}
if opens == 0 then return 1 end
if openUntil > now or probeUntil > now then return 0 end
redis.call('HSET', KEYS[1], 'probeUntil', exact(now + tonumber(ARGV[1])))
return 1`);

/** KEYS: what is set aside. ARGV: for how long. */
export const SET_ASIDE = redisScript(`
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], 1, 'PX', ARGV[1]) end
return 1`);
