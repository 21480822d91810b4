import { Cluster, type ClusterOptions, Redis, type RedisOptions } from 'ioredis';
import type { RedisSettings } from '../environment/redis-settings.js';
import { joinWrites } from './joined-writes.js';

/** One server, or a whole cluster: commands are the same, but that those with several keys need them on one node. */
export type RedisClient = Redis | Cluster;

/** A node that is away is given up quickly: another one may have taken over, and the caller has a way to go on. */
const NODE_ANSWERS_MS = 2_000;

/** For two seconds, in which messages wait for a Redis that comes back; then more slowly. */
const RECONNECT_AT_FIRST = { tries: 20, everyMs: 100 };
const RECONNECT_EVERY_MS = 1_000;

/** ioredis' own waits grow, to 5 s, and BullMQ's to 20 s, in which a recovered Redis would be unused. */
export const reconnectAfter = (tries: number): number =>
  tries <= RECONNECT_AT_FIRST.tries ? RECONNECT_AT_FIRST.everyMs : RECONNECT_EVERY_MS;

/** After a failover the old primary refuses writes: by now its address, or a Sentinel, may lead to the new one. */
export const isReadOnly = (error: Error): boolean => error.message.startsWith('READONLY');

/** What ioredis needs to reach one server, by its URL or by Sentinels. */
export function serverOptions(settings: RedisSettings): RedisOptions & { url?: string } {
  const { url, sentinels } = settings;
  if (sentinels === undefined) return { ...(url !== undefined && { url }), ...loginAndTls(settings) };
  return {
    ...loginAndTls(settings),
    sentinels: sentinels.nodes.map((node) => ({ ...node })),
    name: sentinels.primary,
    ...(sentinels.username !== undefined && { sentinelUsername: sentinels.username }),
    ...(sentinels.password !== undefined && { sentinelPassword: sentinels.password }),
    ...(settings.tls && { sentinelTLS: { ...settings.tls }, enableTLSForSentinelMode: true }),
    connectTimeout: NODE_ANSWERS_MS,
    sentinelCommandTimeout: NODE_ANSWERS_MS,
    sentinelRetryStrategy: reconnectAfter,
  };
}

/** A connection to one server. */
export function openServer(settings: RedisSettings, options: RedisOptions): Redis {
  const { url, ...server } = serverOptions(settings);
  return openRedis(url, { ...server, retryStrategy: reconnectAfter, ...options });
}

/** Also what BullMQ is given for a client. */
export const openRedis = (url: string | undefined, options: RedisOptions): Redis =>
  joinWrites(url === undefined ? new Redis(options) : new Redis(url, options));

const CLUSTER: ClusterOptions = {
  maxRedirections: 4,
  slotsRefreshTimeout: NODE_ANSWERS_MS,
  slotsRefreshInterval: 5_000,
  clusterRetryStrategy: reconnectAfter,
  // Names stay names: ioredis would connect to the address that it has looked up, which no certificate of a node has.
  dnsLookup: (name, done) => done(null, name),
};

/** Connections to all nodes of a cluster that commands need. */
export function openCluster(settings: RedisSettings, options: RedisOptions, more: ClusterOptions = {}): Cluster {
  const { clusterNodes = [] } = settings;
  const redisOptions = { ...loginAndTls(settings), connectTimeout: NODE_ANSWERS_MS, ...options };
  return new Cluster([...clusterNodes], { ...CLUSTER, ...more, redisOptions });
}

const loginAndTls = ({ username, password, tls }: RedisSettings): RedisOptions => ({
  ...(username !== undefined && { username }),
  ...(password !== undefined && { password }),
  ...(tls && { tls: { ...tls } }),
});
