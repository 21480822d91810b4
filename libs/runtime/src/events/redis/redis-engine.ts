import { Redis } from 'ioredis';
import { RedisResponseCache } from '../../cache/redis-response-cache.js';
import { RedisPolicyState } from '../../policy-state/redis-policy-state.js';
import type { EventEngine } from '../event-engine.js';
import { findTexts } from './find-texts.js';
import { RedisRunBus } from './redis-run-bus.js';
import { RedisRunLog } from './redis-run-log.js';
import { RedisWatch } from './redis-watch.js';

/** A connection that waits this long for a reply is closed and reopened. */
const SOCKET_TIMEOUT_MS = 3_000;

/** After a failover the old primary refuses writes: by now its address may lead to the new one. */
const isReadOnly = (error: Error): boolean => error.message.startsWith('READONLY');

/**
 * The engine for production: streams for the log, pub/sub for the bus. Each process has two connections: one for commands,
 * which rejects at once when Redis is unavailable instead of queueing, and one for subscriptions, which reconnects by itself.
 */
export async function connectRedisEngine(url: string, onError: (error: Error) => void): Promise<EventEngine> {
  const common = { lazyConnect: true, socketTimeout: SOCKET_TIMEOUT_MS, reconnectOnError: isReadOnly };
  const commands = new Redis(url, { ...common, enableOfflineQueue: false, maxRetriesPerRequest: 0 });
  const subscriber = new Redis(url, { ...common, maxRetriesPerRequest: null });
  for (const connection of [commands, subscriber]) connection.on('error', onError);
  await Promise.all([commands.connect(), subscriber.connect()]);
  const watch = new RedisWatch(commands, subscriber, onError);
  watch.start();
  return {
    kind: 'redis',
    log: new RedisRunLog(commands),
    bus: new RedisRunBus(commands, subscriber),
    cache: new RedisResponseCache(commands),
    policies: new RedisPolicyState(commands),
    isReady: () => watch.isWell(),
    ping: async () => {
      await commands.ping();
    },
    findTexts: (texts) => findTexts(commands, texts),
    // Redis deletes expired keys by itself.
    removeExpired: async () => 0,
    close: async () => {
      watch.stop();
      commands.disconnect();
      subscriber.disconnect();
    },
  };
}
