import { connect } from 'node:tls';
import { Cluster } from 'ioredis';
import { ConfigError } from '../environment/parse-environment.js';
import { describeRedis, type RedisSettings } from '../environment/redis-settings.js';
import { openCluster, openServer, type RedisClient } from './open-redis.js';
import type { RedisNames } from './redis-names.js';

const PATIENCE_MS = 5_000;
const OPTIONS = {
  lazyConnect: true,
  maxRetriesPerRequest: 0,
  connectTimeout: PATIENCE_MS,
  commandTimeout: PATIENCE_MS,
};

/** Who misses a certificate says so right behind the handshake. */
const REFUSES_WITHIN_MS = 300;

/** Errors that no waiting ends, by how Redis begins them, and what ends them. */
const LASTING: readonly (readonly [RegExp, string])[] = [
  [
    /NOAUTH/,
    'it asks for a password: put it into REDIS_URL (redis://user:password@host:6379), or set REDIS_PASSWORD (REDIS_SENTINEL_PASSWORD for Sentinels)',
  ],
  [
    /WRONGPASS/,
    'it does not take this user and password: correct them in REDIS_URL, or REDIS_USERNAME and REDIS_PASSWORD',
  ],
  [/NOPERM/, 'its user may not do what is needed: docs/deploy.md, "Redis", has the rights that it needs'],
  [/CROSSSLOT|MOVED|\bASK /, 'it is a node of a cluster: name nodes of it in REDIS_CLUSTER_NODES instead of REDIS_URL'],
  [/cluster support disabled/, 'it is no cluster: set REDIS_URL instead of REDIS_CLUSTER_NODES'],
  [/READONLY/, 'it is a replica, which takes no writes: set REDIS_URL to the primary, or REDIS_SENTINELS'],
  // Without a last error: a Sentinel that cannot be reached would have said why.
  [
    /No such master|All sentinels are unreachable and retry is disabled\.\s*$/,
    'no Sentinel knows a primary of this name: set REDIS_SENTINEL_MASTER',
  ],
  [/unknown command.*s(ubscribe|publish)/i, 'it is too old for a cluster: use Redis 7 or newer, or Valkey'],
  [/certificate required/i, 'it asks for a certificate: set REDIS_TLS_CERT_FILE and REDIS_TLS_KEY_FILE'],
  [
    /self.signed|unable to (verify|get)|certificate|altnames/i,
    'its certificate is not trusted: name who has signed it in REDIS_TLS_CA_FILE',
  ],
];

/**
 * Tries what the processes need, once, before anything depends on it. Throws `ConfigError` for what lasts until somebody changes a
 * setting; everything else, such as a Redis that is not there yet, is left to those who connect.
 */
export async function refuseLasting(settings: RedisSettings, names: RedisNames): Promise<void> {
  const errors = await errorsOf(settings, names);
  if (needsCertificate(settings) && errors.some(isCut)) errors.push(await refusedHandshake(settings));
  const [problem] = errors.flatMap((error) => lastingProblem(settings, error) ?? []);
  if (problem !== undefined) throw new ConfigError([problem]);
}

/** By TLS, and with no certificate of its own. */
const needsCertificate = ({ url, tls }: RedisSettings): boolean =>
  (tls !== undefined || url?.startsWith('rediss:') === true) && tls?.cert === undefined;

/** Why a handshake is refused, if it is: by a connection that says nothing, because the reason is lost in a reset when it does. */
function refusedHandshake({ url, clusterNodes, sentinels, tls }: RedisSettings): Promise<unknown> {
  const [node] = clusterNodes ?? sentinels?.nodes ?? [];
  const { hostname, port } = new URL(url ?? `rediss://${node?.host ?? ''}:${node?.port ?? ''}`);
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379), ...tls }).resume();
  return new Promise((resolve) => {
    socket.once('error', resolve).once('close', () => resolve(undefined));
    socket.once('secureConnect', () => socket.setTimeout(REFUSES_WITHIN_MS));
    socket.setTimeout(PATIENCE_MS, () => resolve(undefined));
  }).finally(() => socket.destroy());
}

/** Closed by the other side, and no more is known. */
const isCut = (error: unknown): boolean =>
  error instanceof Error && /ECONNRESET|EPIPE|^Connection is closed/.test(error.message);

/** What a connection and its commands report: none where all is well. */
async function errorsOf(settings: RedisSettings, names: RedisNames): Promise<unknown[]> {
  const client = open(settings);
  const errors: unknown[] = []; // connect() itself only reports that the connection is closed
  client.on('error', (error) => errors.push(error));
  try {
    await client.connect();
    await tryOut(client, names);
  } catch (error) {
    errors.push(error);
  } finally {
    client.disconnect();
  }
  return errors;
}

function open(settings: RedisSettings): RedisClient {
  if (settings.clusterNodes === undefined) {
    return openServer(settings, { ...OPTIONS, retryStrategy: () => null, sentinelRetryStrategy: () => null });
  }
  return openCluster(settings, OPTIONS, { lazyConnect: true, clusterRetryStrategy: () => null });
}

async function tryOut(client: RedisClient, names: RedisNames): Promise<void> {
  if (!(client instanceof Cluster) && /cluster_enabled:1/.test(await client.info('cluster'))) {
    throw new Error('MOVED: any key may be elsewhere');
  }
  await client.set(names.probe, '1', 'PX', 1_000);
  await client.eval(`return redis.call('EXISTS', KEYS[1])`, 1, names.probe);
  const channel = names.trial('start');
  await (client instanceof Cluster ? client.spublish(channel, '') : client.publish(channel, ''));
}

/** In words, without a password; undefined for what may pass. */
function lastingProblem(settings: RedisSettings, error: unknown): string | undefined {
  const said = [error, (error as { readonly lastNodeError?: unknown } | undefined)?.lastNodeError]
    .map((one) => (one instanceof Error ? one.message : ''))
    .join(' ');
  const fix = LASTING.find(([sign]) => sign.test(said))?.[1];
  return fix && `Redis at ${describeRedis(settings)} cannot be used: ${fix} (${said.trim()})`;
}
