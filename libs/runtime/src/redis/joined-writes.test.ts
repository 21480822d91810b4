import { Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Command, type Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { joinWrites } from './joined-writes.js';

it('writes what one event-loop turn sends in one piece, in order', async () => {
  const { redis, writes } = connection();
  redis.sendCommand(new Command('GET', ['a']));
  redis.sendCommand(new Command('GET', ['b']));
  redis.stream.write('a pipeline');
  expect(writes).toEqual([]);
  await nextTurn();
  expect(writes).toEqual([['GET a', 'GET b', 'a pipeline']]);
  redis.sendCommand(new Command('GET', ['c']));
  await nextTurn();
  expect(writes.slice(1)).toEqual([['GET c']]);
});

it('lets commands pass that are given before there is a connection', () => {
  const { redis, given } = connection();
  Object.assign(redis, { stream: undefined });
  redis.sendCommand(new Command('GET', ['a']));
  expect(given).toEqual(['GET a']);
});

/** What `joinWrites` uses of a client: each command is a write of its own. `writes`: by what reached the socket at once. */
function connection() {
  const writes: string[][] = [];
  const given: string[] = [];
  const stream = new Writable({
    decodeStrings: false,
    writev: (chunks, done) => {
      writes.push(chunks.map(({ chunk }) => String(chunk)));
      done();
    },
  });
  const client = {
    stream,
    sendCommand: ({ name, args }: Command) => {
      const text = `${name} ${args.join(' ')}`;
      given.push(text);
      (client.stream as Writable | undefined)?.write(text);
    },
  };
  return { redis: joinWrites(client as unknown as Redis), writes, given };
}
