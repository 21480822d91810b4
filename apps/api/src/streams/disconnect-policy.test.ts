import { expect, it } from 'vitest';
import { onDisconnect, type ReaderKind } from './disconnect-policy.js';

const circumstances = [true, false].flatMap((wasLastReader) =>
  [true, false].map((isShuttingDown) => ({ wasLastReader, isShuttingDown })),
);

it('the last reader of the reference client stops the run [CX-1]', () => {
  expect(onDisconnect({ reader: 'client', wasLastReader: true, isShuttingDown: false })).toBe('stop');
});

it.each([
  { wasLastReader: false, isShuttingDown: false },
  { wasLastReader: true, isShuttingDown: true },
  { wasLastReader: false, isShuttingDown: true },
])('with %o a run of the reference client continues', (facts) => {
  expect(onDisconnect({ reader: 'client', ...facts })).toBe('continue');
});

it.each<[ReaderKind, string]>([
  ['shim', 'continue'],
  ['follower', 'continue'],
  ['gatewayCaller', 'stop'],
])('after a %s the answer is always: %s', (reader, decision) => {
  expect(circumstances.map((facts) => onDisconnect({ reader, ...facts }))).toEqual(circumstances.map(() => decision));
});
