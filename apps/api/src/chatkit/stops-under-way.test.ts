import { once } from 'node:events';
import { expect, it } from 'vitest';
import { StopsUnderWay } from './stops-under-way.js';

it('a message waits for the stops of its own thread, whether they succeed or not', async () => {
  const stops = new StopsUnderWay();
  const log: string[] = [];
  const abort = new AbortController();
  stops.add('thr_1', once(new EventTarget(), 'never', { signal: abort.signal }));
  const waiting = stops.known('thr_1').then(() => log.push('known'));
  await stops.known('thr_2');
  expect(log).toEqual([]);
  abort.abort();
  await waiting;
  await stops.known('thr_1');
  expect(log).toEqual(['known']);
});
