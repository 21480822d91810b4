import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Cluster } from 'ioredis';
import type { Check } from '../check.js';
import { fail, ok } from '../finding.js';
import type { Installation } from '../installation.js';
import { redisNames } from '../engines/redis-names.js';
import { withRedis } from '../engines/with-redis.js';

const WITHIN_MS = 3_000;

/** PUBLISH and SUBSCRIBE between two connections. */
export const pubsub: Check<Installation> = {
  name: 'pubsub',
  run: (installation) =>
    withRedis(installation, (subscriber) =>
      withRedis(installation, async (publisher) => {
        const channel = (await redisNames(installation)).trial(randomBytes(8).toString('hex'));
        const isCluster = subscriber instanceof Cluster;
        const heard = once(subscriber, isCluster ? 'smessage' : 'message', { signal: AbortSignal.timeout(WITHIN_MS) });
        heard.catch(() => undefined); // awaited below
        await (isCluster ? subscriber.ssubscribe(channel) : subscriber.subscribe(channel));
        const start = performance.now();
        await (isCluster ? publisher.spublish(channel, 'round trip') : publisher.publish(channel, 'round trip'));
        try {
          await heard;
          return [ok(`a message took ${Math.round(performance.now() - start)} ms`)];
        } catch {
          const fix = 'Give the user of Redis the right to the channels of the installation (docs/deploy.md).';
          return [fail(`no message arrived within ${WITHIN_MS / 1_000} s`, fix)];
        }
      }),
    ),
};
