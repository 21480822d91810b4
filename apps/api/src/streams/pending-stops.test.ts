import { once } from 'node:events';
import { expect, it } from 'vitest';
import { PendingStops } from './pending-stops.js';

it('a message waits for the stops of its own thread, whether they succeed or not', async () => {
  const stops = new PendingStops();
  const log: string[] = [];
  const abort = new AbortController();
  stops.add('thr_1', once(new EventTarget(), 'never', { signal: abort.signal }));
  const waiting = stops.stored('thr_1').then(() => log.push('stored'));
  await stops.stored('thr_2');
  expect(log).toEqual([]);
  abort.abort();
  await waiting;
  await stops.stored('thr_1');
  expect(log).toEqual(['stored']);
});

it('a message waits for a stop that is reported in the same round of the event loop', async () => {
  const stops = new PendingStops();
  const abort = new AbortController();
  const log: string[] = [];
  stops.streamOpened('thr_1');
  const waiting = stops.stored('thr_1').then(() => log.push('stored'));
  setImmediate(() => stops.add('thr_1', once(new EventTarget(), 'never', { signal: abort.signal })));
  for (let round = 0; round < 5; round++) await new Promise(setImmediate);
  expect(log).toEqual([]);
  abort.abort();
  await waiting;
  expect(log).toEqual(['stored']);
});
