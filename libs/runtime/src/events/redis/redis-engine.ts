import { RedisResponseCache } from '../../cache/redis-response-cache.js';
import type { RedisSettings } from '../../environment/redis-settings.js';
import { RedisPolicyState } from '../../policy-state/redis-policy-state.js';
import { isReadOnly, openCluster, openServer, type RedisClient } from '../../redis/open-redis.js';
import type { RedisNames } from '../../redis/redis-names.js';
import type { EventEngine } from '../event-engine.js';
import { ClusterRunBus } from './cluster-run-bus.js';
import { ClusterRunLog } from './cluster-run-log.js';
import { findTexts } from './find-texts.js';
import type { RedisRunBus } from './redis-run-bus.js';
import { RedisRunLog } from './redis-run-log.js';
import { RedisWatch } from './redis-watch.js';
import { ServerRunBus } from './server-run-bus.js';

/** A connection that waits this long for a reply is closed and reopened. */
const SOCKET_TIMEOUT_MS = 3_000;

const COMMON = { lazyConnect: true, socketTimeout: SOCKET_TIMEOUT_MS, reconnectOnError: isReadOnly };

/** What commands use: they reject at once when Redis is unavailable, instead of queueing. */
const COMMANDS = { ...COMMON, enableOfflineQueue: false, maxRetriesPerRequest: 0 };

interface Connected {
  readonly commands: RedisClient;
  readonly log: RedisRunLog;
  readonly bus: RedisRunBus;
  readonly watch: RedisWatch;
  disconnect(): void;
}

/** The engine for production: streams for the log, pub/sub for the bus. */
export async function connectRedisEngine(
  settings: RedisSettings,
  names: RedisNames,
  onError: (error: Error) => void,
): Promise<EventEngine> {
  const { commands, log, bus, watch, disconnect } = settings.clusterNodes
    ? await connectCluster(settings, names, onError)
    : await connectServer(settings, names, onError);
  watch.start();
  return {
    kind: 'redis',
    log,
    bus,
    cache: new RedisResponseCache(commands, names),
    policies: new RedisPolicyState(commands, names),
    isReady: () => watch.isWell(),
    untilReady: () => watch.untilWell(),
    ping: async () => {
      await commands.ping();
    },
    findTexts: (texts) => findTexts(commands, names, texts),
    // Redis deletes expired keys by itself.
    removeExpired: async () => 0,
    close: async () => {
      watch.stop();
      disconnect();
    },
  };
}

/** Two connections: one for commands, and one for subscriptions, which reconnects by itself. */
async function connectServer(
  settings: RedisSettings,
  names: RedisNames,
  onError: (error: Error) => void,
): Promise<Connected> {
  const commands = openServer(settings, COMMANDS);
  const subscriber = openServer(settings, { ...COMMON, maxRetriesPerRequest: null });
  for (const connection of [commands, subscriber]) connection.on('error', onError);
  await Promise.all([commands.connect(), subscriber.connect()]);
  return {
    commands,
    log: new RedisRunLog(commands, names),
    bus: new ServerRunBus(commands, subscriber, names),
    watch: new RedisWatch(commands, subscriber, names.probe, onError),
    disconnect: () => {
      commands.disconnect();
      subscriber.disconnect();
    },
  };
}

/** To each primary a connection for commands, and one for subscriptions where a channel of this process is. */
async function connectCluster(
  settings: RedisSettings,
  names: RedisNames,
  onError: (error: Error) => void,
): Promise<Connected> {
  const cluster = openCluster(settings, COMMANDS, {
    lazyConnect: true,
    enableOfflineQueue: false,
    shardedSubscribers: true,
  });
  cluster.on('error', onError);
  await cluster.connect();
  return {
    commands: cluster,
    log: new ClusterRunLog(cluster, names),
    bus: new ClusterRunBus(cluster, names),
    watch: new RedisWatch(cluster, undefined, names.probe, onError),
    disconnect: () => cluster.disconnect(),
  };
}
