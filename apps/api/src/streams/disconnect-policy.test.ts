import { expect, it } from 'vitest';
import { onDisconnect } from './disconnect-policy.js';

const lastReader = { announcedShim: false, wasLastReader: true, serverStops: false };

it('the last reader of the reference client stops the run (CX-1)', () => {
  expect(onDisconnect(lastReader)).toBe('stop');
});

it.each([{ announcedShim: true }, { wasLastReader: false }, { serverStops: true }])(
  'with %o the run continues',
  (fact) => {
    expect(onDisconnect({ ...lastReader, ...fact })).toBe('detach');
  },
);
