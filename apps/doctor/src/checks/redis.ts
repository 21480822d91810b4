import { randomBytes } from 'node:crypto';
import { Cluster, type Redis } from 'ioredis';
import { describeRedis, primariesOf, type RedisClient, type RedisNames } from '#runtime';
import type { Check } from '../check.js';
import { fail, type Finding, ok, reasonOf, skip, warn } from '../finding.js';
import type { Installation } from '../installation.js';
import { isAtLeast } from '../is-at-least.js';
import { redisNames } from '../engines/redis-names.js';
import { connectRedis } from '../engines/with-redis.js';

/** Sharded pub/sub of clusters, and the condition of an expiry, without which logs of runs would stay for ever. */
const OLDEST = [7, 0] as const;
/** Of `maxmemory`; once it is full, Redis refuses writes, and with them messages. */
const FULL = 0.8;

export const redis: Check<Installation> = {
  name: 'redis',
  async run(installation) {
    const { redis: settings } = installation;
    if (settings === undefined) {
      return [
        skip(
          'REDIS_URL is not set: Postgres does its work, or the private Redis of npm start, whose password is not known here.',
        ),
      ];
    }
    let client: RedisClient;
    try {
      client = await connectRedis(settings);
    } catch (error) {
      const fix =
        'Start Redis, or correct REDIS_URL (redis://:password@host:6379), REDIS_CLUSTER_NODES or REDIS_SENTINELS.';
      return [fail(`Redis at ${describeRedis(settings)} cannot be used: ${reasonOf(error)}`, fix)];
    }
    try {
      const names = await redisNames(installation);
      return [
        ok(`names of keys and channels begin with ${names.prefix}:`),
        ...(await serversOf(client)),
        ...(await writesOf(client, names)),
      ];
    } finally {
      client.disconnect();
    }
  },
};

/** Each primary of a cluster, or the one server. */
async function serversOf(client: RedisClient): Promise<Finding[]> {
  const isCluster = client instanceof Cluster;
  const each = await Promise.all(
    primariesOf(client).map(async (server) => {
      const findings = await serverOf(server);
      const where = `${server.options.host}:${server.options.port}`;
      return isCluster ? findings.map((one) => ({ ...one, message: `${where}: ${one.message}` })) : findings;
    }),
  );
  return [...(isCluster ? [ok(`a cluster with ${each.length} primaries`)] : []), ...each.flat()];
}

async function serverOf(server: Redis): Promise<Finding[]> {
  // Not CONFIG GET, which hosted ones refuse.
  const facts = new Map(
    [...(await server.info()).matchAll(/^(\w+):(.*?)\r?$/gm)].map(([, key, value]) => [key, value]),
  );
  const of = (name: string): string => facts.get(name) ?? '';
  return [versionOf(of), ...roleOf(of), evictionOf(of), persistenceOf(of), ...memoryOf(of)];
}

function roleOf(of: Facts): Finding[] {
  if (of('role') !== 'slave') return [];
  return [fail('It is a replica, which takes no writes.', 'Set REDIS_URL to the address of the primary.')];
}

type Facts = (name: string) => string;

function versionOf(of: Facts): Finding {
  const name = of('valkey_version') ? 'Valkey' : 'Redis';
  const version = of('valkey_version') || of('redis_version');
  if (isAtLeast(version, OLDEST)) return ok(`${name} ${version}`);
  return fail(`${name} ${version} is too old.`, `Use Redis ${OLDEST.join('.')} or newer, or Valkey.`);
}

function evictionOf(of: Facts): Finding {
  const policy = of('maxmemory_policy');
  if (policy === 'noeviction') return ok('maxmemory-policy noeviction');
  return fail(
    `maxmemory-policy is ${policy || 'unknown'}: when memory is full, jobs and parts of answers are lost without an error.`,
    'Set it in redis.conf, or now: redis-cli CONFIG SET maxmemory-policy noeviction',
  );
}

function persistenceOf(of: Facts): Finding {
  if (of('aof_enabled') === '1') return ok('appendonly yes');
  return warn(
    'appendonly is off: after a restart of Redis, answers in progress start again.',
    'Set it in redis.conf, or now: redis-cli CONFIG SET appendonly yes',
  );
}

function memoryOf(of: Facts): Finding[] {
  const [used, max] = [Number(of('used_memory')), Number(of('maxmemory'))];
  if (max === 0 || used / max < FULL) return [];
  const said = `${Math.round((100 * used) / max)} % of maxmemory is used; once it is full, messages are refused.`;
  return [warn(said, 'Raise maxmemory, or find out what else uses this Redis.')];
}

async function writesOf(client: RedisClient, names: RedisNames): Promise<Finding[]> {
  const key = names.trial(randomBytes(8).toString('hex'));
  try {
    await client.set(key, '1', 'EX', 10);
    await client.del(key);
    return [];
  } catch (error) {
    return [
      fail(`It takes no writes: ${reasonOf(error)}`, 'Free memory or disk space, or let the user of Redis write.'),
    ];
  }
}
