import type { Redis } from 'ioredis';

/**
 * Makes the commands of one event-loop turn leave in one write. Each write is a system call here and wakes Redis, and costs more
 * than the command; ioredis makes one for each command or pipeline.
 */
export function joinWrites(redis: Redis): Redis {
  const send = redis.sendCommand.bind(redis);
  let isCorked = false;
  redis.sendCommand = (...sent: Parameters<Redis['sendCommand']>): unknown => {
    const { stream } = redis;
    // Before the command: with its last one a pipeline writes by itself. Undefined until the first connection.
    if (!isCorked && (stream as Redis['stream'] | undefined)) {
      isCorked = true;
      stream.cork();
      setImmediate(() => {
        isCorked = false;
        stream.uncork();
      });
    }
    return send(...sent);
  };
  return redis;
}
