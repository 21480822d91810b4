import { expect, it } from 'vitest';
import { watchUse } from './in-use.js';

it.each(['focusin', 'input'])('a page is in use for a while after %s, and not because it is open', (sign) => {
  let now = 1_000_000;
  const page = new EventTarget();
  const isInUse = watchUse(page, () => now);
  expect(isInUse()).toBe(false);
  page.dispatchEvent(new Event(sign));
  expect(isInUse()).toBe(true);
  now += 4_000;
  page.dispatchEvent(new Event(sign));
  now += 4_000;
  expect(isInUse()).toBe(true);
  now += 4_000;
  expect(isInUse()).toBe(false);
});
