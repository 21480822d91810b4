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

it('a message waits for a stop that is heard of in the same round of the event loop', async () => {
  const stops = new StopsUnderWay();
  const abort = new AbortController();
  const log: string[] = [];
  stops.streamOpened('thr_1');
  const waiting = stops.known('thr_1').then(() => log.push('known'));
  setImmediate(() => stops.add('thr_1', once(new EventTarget(), 'never', { signal: abort.signal })));
  for (let round = 0; round < 5; round++) await new Promise(setImmediate);
  expect(log).toEqual([]);
  abort.abort();
  await waiting;
  expect(log).toEqual(['known']);
});
