import { z } from 'zod';
import type { HostAndPort } from './redis-settings.js';
import { trueOrFalse } from './schemas.js';
import { variable } from './variable.js';

const redisUrl = z.string().regex(/^rediss?:\/\/./, 'must be a URL that begins with redis:// or rediss://');

const NODE = /^(?:\[(?<six>[\da-f:]+)\]|(?<name>[^\s:,[\]/@]+)):(?<port>\d{1,5})$/i;

const nodes = z.string().transform((text, context): readonly HostAndPort[] => {
  const found = text.split(',').map((entry) => NODE.exec(entry.trim())?.groups);
  if (found.every((groups) => groups && Number(groups['port']) > 0 && Number(groups['port']) < 65_536)) {
    return found.map((groups) => ({ host: groups?.['six'] ?? groups?.['name'] ?? '', port: Number(groups?.['port']) }));
  }
  context.addIssue({
    code: 'custom',
    message: 'must be addresses as host:port, separated by commas, without redis://',
  });
  return z.NEVER;
});

/** No braces, which decide where a key of a cluster is, and nothing that a pattern of SCAN or of an ACL would read otherwise. */
const prefix = z
  .string()
  .regex(
    /^[\w.:-]{1,64}$/,
    'must be 1 to 64 letters, digits, underscores, dots, colons or hyphens, such as relay:shop',
  );

const both = ['api', 'worker'] as const;
const startToo = [...both, 'start'] as const;

export const redisVariables = {
  REDIS_URL: variable({
    schema: redisUrl.optional(),
    readBy: startToo,
    description:
      'Redis 7.0 or newer, or Valkey, with `maxmemory-policy noeviction`; `rediss://` for TLS ([Redis](deploy.md#redis))',
    example: 'redis://:password@127.0.0.1:6379',
    unset: 'Postgres does its work, for small installations; `npm start` starts one if it finds `redis-server`',
    isSecret: true,
  }),
  REDIS_CLUSTER_NODES: variable({
    schema: nodes.optional(),
    readBy: startToo,
    description:
      'Instead of `REDIS_URL`: some nodes of a Redis Cluster as `host:port`, separated by commas ([Redis](deploy.md#redis))',
    example: '10.0.0.1:6379,10.0.0.2:6379,10.0.0.3:6379',
  }),
  REDIS_SENTINELS: variable({
    schema: nodes.optional(),
    readBy: startToo,
    description:
      'Instead of `REDIS_URL`: Sentinels as `host:port`, separated by commas, which know the primary ([Redis](deploy.md#redis))',
    example: '10.0.0.1:26379,10.0.0.2:26379,10.0.0.3:26379',
  }),
  REDIS_SENTINEL_MASTER: variable({
    schema: z.string().optional(),
    readBy: both,
    description: 'With `REDIS_SENTINELS`: the name by which they know the primary',
    example: 'relay',
    unset: '`mymaster`',
  }),
  REDIS_SENTINEL_USERNAME: variable({
    schema: z.string().optional(),
    readBy: both,
    description: 'With `REDIS_SENTINELS`: their user',
    example: 'relay',
  }),
  REDIS_SENTINEL_PASSWORD: variable({
    schema: z.string().optional(),
    readBy: both,
    description: 'With `REDIS_SENTINELS`: their password, which need not be that of Redis',
    example: 'replace-me-with-the-password-of-the-sentinels',
    isSecret: true,
  }),
  REDIS_USERNAME: variable({
    schema: z.string().optional(),
    readBy: startToo,
    description: 'The user of Redis, of a cluster, or of the primary behind Sentinels',
    example: 'relay',
    unset: 'the one in `REDIS_URL`, or `default`',
  }),
  REDIS_PASSWORD: variable({
    schema: z.string().optional(),
    readBy: both,
    description: 'The password of Redis, with any characters, where `REDIS_URL` has none itself',
    example: 'p@ss/word-of-redis',
    unset: 'the one in `REDIS_URL`, or none',
    isSecret: true,
    isForOthers: true,
  }),
  REDIS_TLS: variable({
    schema: trueOrFalse(),
    readBy: startToo,
    description:
      '`true`: TLS to the nodes of a cluster, or to Sentinels and Redis; a `REDIS_URL` says it by `rediss://`',
    example: 'true',
  }),
  REDIS_TLS_CA_FILE: variable({
    schema: z.string().optional(),
    readBy: startToo,
    description: 'The authorities (PEM) that have signed the certificate of Redis',
    example: '/etc/ssl/redis/ca.crt',
    unset: 'those that Node knows',
  }),
  REDIS_TLS_CERT_FILE: variable({
    schema: z.string().optional(),
    readBy: startToo,
    description: 'A certificate (PEM) of this process, which Redis asks for with `tls-auth-clients yes`',
    example: '/etc/ssl/redis/relay.crt',
  }),
  REDIS_TLS_KEY_FILE: variable({
    schema: z.string().optional(),
    readBy: both,
    description: 'The private key (PEM) of `REDIS_TLS_CERT_FILE`',
    example: '/etc/ssl/redis/relay.key',
  }),
  REDIS_PREFIX: variable({
    schema: prefix.optional(),
    readBy: both,
    description:
      'How names of keys and channels begin, the same for all processes ([one Redis for several installations](deploy.md#one-redis-for-several-installations))',
    example: 'relay:shop',
    unset: '`relay:` and the id of the installation, which is in Postgres',
  }),
};
