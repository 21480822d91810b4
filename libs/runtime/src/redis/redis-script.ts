import { createHash } from 'node:crypto';
import type { RedisClient } from './open-redis.js';

/** A step that Redis does as a whole, by its own clock. */
export interface RedisScript {
  readonly text: string;
  /** SHA-1, by which Redis identifies it. */
  readonly digest: string;
}

/** `now`: epoch milliseconds with their fraction. Numbers are stored in full: Lua's own way of writing them rounds. */
const CLOCK = `
local time = redis.call('TIME')
local now = time[1] * 1000 + time[2] / 1000
local function exact(n) return string.format('%.17g', n) end
`;

/** A script in Lua, in which `now` is the time of Redis and `exact` writes a number. */
export function redisScript(body: string): RedisScript {
  const text = CLOCK + body;
  return { text, digest: createHash('sha1').update(text).digest('hex') };
}

/** Calls a script by its digest; a Redis that does not have it, or was restarted, is sent the text. */
export async function runScript(
  redis: RedisClient,
  { text, digest }: RedisScript,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  try {
    return await redis.evalsha(digest, keys.length, ...keys, ...args);
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    return redis.eval(text, keys.length, ...keys, ...args);
  }
}
