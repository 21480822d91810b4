import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Case, observed, wanted } from '../../../../test/support/recordings/compare.js';
import { contradictions } from '../../../../test/support/recordings/contradictions.js';
import { expectedFailure } from '../../../../test/support/recordings/expected-failure.js';
import type { Expected } from '../../../../test/support/recordings/expected.js';
import { OWN_RECORDINGS } from '../../../../test/support/recordings/folders.js';
import { type Outcome, play } from '../../../../test/support/recordings/outcome.js';
import { loadRecordings, type Recording } from '../../../../test/support/recordings/recording.js';
import { playersOf } from '../../../../test/support/recordings/wires.js';
import { type ReplayServer, startReplayServer } from '../../../../test/support/replay-server/server.js';

// The comparison of recordings with expectations finds out an expectation of which any single field is false.

/** A value with one thing in it that is not so, and where. */
type Falsified = readonly [where: string, value: unknown];

function* falsified(value: unknown, where: string): Generator<Falsified> {
  if (Array.isArray(value)) yield* falsifiedList(value, where);
  else if (typeof value === 'object' && value !== null) yield* falsifiedObject(value, where);
  else yield [where, otherThan(value)];
}

function* falsifiedList(list: readonly unknown[], where: string): Generator<Falsified> {
  yield [`${where} and one more`, [...list, list[0] ?? 'false']];
  if (list.length > 0) yield [`${where} without the last`, list.slice(0, -1)];
  for (const [index, one] of list.entries()) {
    for (const [place, other] of falsified(one, `${where}.${index}`)) yield [place, list.with(index, other)];
  }
}

function* falsifiedObject(fields: object, where: string): Generator<Falsified> {
  for (const [name, one] of Object.entries(fields)) {
    for (const [place, other] of falsified(one, `${where}.${name}`)) yield [place, { ...fields, [name]: other }];
  }
}

function otherThan(value: unknown): unknown {
  if (typeof value === 'boolean') return !value;
  if (typeof value === 'number') return value + 1;
  return typeof value === 'string' && value !== '' ? `${value}~` : 'false';
}

/** Fields that an expectation may leave out, with something that is not so. Left out, nothing is said; then it is false. */
const ADDED: Partial<Expected> = {
  tool_plan: 'false',
  refusal: 'false',
  error: { message: 'false' },
  images: [{ call_id: 'false', previews: 0 }],
  replays: ['false'],
  warnings: [{ code: 'unknown_frames', count: 1, detail: 'false' }],
  sources: ['false'],
};

function* falsifiedExpectations(expected: Expected): Generator<Falsified> {
  yield* falsifiedObject(expected, '');
  for (const [name, value] of Object.entries(ADDED)) {
    if (!(name in expected)) yield [`.${name} is there`, { ...expected, [name]: value }];
  }
}

let server: ReplayServer;
beforeAll(async () => {
  server = await startReplayServer();
});
afterAll(() => server.close());

const played = loadRecordings(OWN_RECORDINGS).flatMap((recording) => {
  const [player] = playersOf(recording);
  return player ? [{ id: recording.id, recording, player }] : [];
});

function isBelieved(outcome: Outcome, recording: Recording): boolean {
  const one: Case = { recording, failure: expectedFailure(recording) };
  if (contradictions(recording, one.failure !== undefined).length > 0) return false;
  try {
    expect(observed(outcome, one)).toEqual(wanted(one));
    return true;
  } catch {
    return false;
  }
}

it.each(played)('no false expectation of $id is believed', async ({ recording, player }) => {
  const outcome = await play(server.url, recording, player);
  expect(isBelieved(outcome, recording)).toBe(true);
  const believed = [...falsifiedExpectations(recording.expected)].filter(([, value]) =>
    isBelieved(outcome, { ...recording, expected: value as Expected }),
  );
  expect(believed.map(([where]) => where)).toEqual([]);
});
