import { afterEach, beforeEach, expect, it } from 'vitest';
import { sleep } from './retry.js';

/** Node has no such events; a page has. */
const page = globalThis as { addEventListener?: unknown; removeEventListener?: unknown };
const events = new EventTarget();

beforeEach(() => {
  page.addEventListener = events.addEventListener.bind(events);
  page.removeEventListener = events.removeEventListener.bind(events);
});
afterEach(() => {
  delete page.addEventListener;
  delete page.removeEventListener;
});

it('a pause ends when the network is back', async () => {
  const slept = sleep(600_000, new AbortController().signal);
  events.dispatchEvent(new Event('online'));
  await expect(slept).resolves.toBeUndefined();
});

it('a pause ends with the signal', async () => {
  const abort = new AbortController();
  const slept = sleep(600_000, abort.signal);
  abort.abort(new Error('enough'));
  await expect(slept).rejects.toThrow('enough');
});
