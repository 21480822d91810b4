import { redisScript } from '../platform/redis-script.js';

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

const READ_BREAKER = `
local stored = redis.call('HMGET', KEYS[1], 'failures', 'openUntil', 'probeUntil')
local failures, openUntil, probeUntil = tonumber(stored[1] or 0), tonumber(stored[2] or 0), tonumber(stored[3] or 0)
`;

/** KEYS: breaker. */
export const BREAKER = redisScript(`${READ_BREAKER}
return {failures, math.max(0, math.ceil(openUntil - now))}`);

/** KEYS: breaker. ARGV: failures that open it, for how long, how long it is stored. */
export const COUNT_FAILURE = redisScript(`${READ_BREAKER}
failures = failures + 1
redis.call('HSET', KEYS[1], 'failures', failures)
if failures >= tonumber(ARGV[1]) and openUntil <= now then
  openUntil = now + tonumber(ARGV[2])
  redis.call('HSET', KEYS[1], 'openUntil', exact(openUntil))
  redis.call('HDEL', KEYS[1], 'probeUntil')
end
local left = math.max(0, math.ceil(openUntil - now))
redis.call('PEXPIRE', KEYS[1], left + tonumber(ARGV[3]))
return {failures, left}`);

/** KEYS: breaker. ARGV: the time for the probe. */
export const TAKE_PROBE = redisScript(`${READ_BREAKER}
if openUntil == 0 then return 1 end
if openUntil > now or probeUntil > now then return 0 end
redis.call('HSET', KEYS[1], 'probeUntil', exact(now + tonumber(ARGV[1])))
return 1`);

/** KEYS: what is set aside. ARGV: for how long. */
export const SET_ASIDE = redisScript(`
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[1]) then redis.call('SET', KEYS[1], 1, 'PX', ARGV[1]) end
return 1`);
