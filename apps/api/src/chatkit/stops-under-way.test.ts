import { expect, it } from 'vitest';
import { StopsUnderWay } from './stops-under-way.js';

it('a message waits for the stops of its own thread, whether they succeed or not', async () => {
  const stops = new StopsUnderWay();
  const log: string[] = [];
  let finish = (): void => undefined;
  stops.add('thr_1', new Promise<void>((_, reject) => (finish = () => reject(new Error('away')))));
  const waiting = stops.known('thr_1').then(() => log.push('known'));
  await stops.known('thr_2');
  expect(log).toEqual([]);
  finish();
  await waiting;
  await stops.known('thr_1');
  expect(log).toEqual(['known']);
});
