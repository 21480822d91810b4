import { Cluster, type Redis } from 'ioredis';
import type { RedisClient } from './open-redis.js';

/** Where keys are: SCAN finds those of one server. */
export const primariesOf = (client: RedisClient): readonly Redis[] =>
  client instanceof Cluster ? client.nodes('master') : [client];
