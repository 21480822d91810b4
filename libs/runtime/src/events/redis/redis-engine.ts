import { Redis } from 'ioredis';
import type { EventEngine } from '../event-engine.js';
import { RedisRunBus } from './redis-run-bus.js';
import { RedisRunLog } from './redis-run-log.js';

/**
 * Production's engine: streams for the log, pub/sub for the bus. Two connections a process: one for commands, which
 * refuses at once when Redis is away instead of queueing, and one for subscriptions, which come back by themselves.
 */
export async function connectRedisEngine(url: string, onError: (error: Error) => void): Promise<EventEngine> {
  const commands = new Redis(url, { lazyConnect: true, enableOfflineQueue: false, maxRetriesPerRequest: 0 });
  const subscriber = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: null });
  for (const connection of [commands, subscriber]) connection.on('error', onError);
  await Promise.all([commands.connect(), subscriber.connect()]);
  return {
    kind: 'redis',
    log: new RedisRunLog(commands),
    bus: new RedisRunBus(commands, subscriber),
    isReady: () => commands.status === 'ready',
    ping: async () => {
      await commands.ping();
    },
    close: async () => {
      commands.disconnect();
      subscriber.disconnect();
    },
  };
}
