import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { PlayedAnswer, PlayedEvent } from '../protocol/replay/scenario.mjs';
import { compareRecordings } from './compare.js';
import { differencesTable, unexplained } from './differences.js';
import type { Recording } from './recording.js';

const streamOf = (events: readonly PlayedEvent[]): PlayedAnswer => ({
  status: 200,
  contentType: 'text/event-stream',
  events,
  disconnected: false,
});
const bodyOf = (json: unknown, status = 200): PlayedAnswer => ({
  status,
  contentType: 'application/json',
  events: [],
  json,
  disconnected: false,
});
const recorded = (...answers: readonly PlayedAnswer[]): Recording =>
  new Map([['S-001', new Map(answers.map((answer, i) => [`${i + 1}`, answer]))]]);

const done = (id: string) => ({ type: 'thread.item.done', item: { id, type: 'user_message' } });
const delta = (item_id: string, text: string) => ({
  type: 'thread.item.updated',
  item_id,
  update: { type: 'assistant_message.content_part.text_delta', content_index: 0, delta: text },
});

describe('comparing recordings', () => {
  it.each<[string, Recording, Recording]>([
    [
      'other ids in the same places',
      recorded(streamOf([done('a'), done('b')])),
      recorded(streamOf([done('x'), done('y')])),
    ],
    [
      'the cut of the deltas',
      recorded(streamOf([delta('a', 'Hello')])),
      recorded(streamOf([delta('b', 'Hel'), delta('b', 'lo')])),
    ],
    [
      'times',
      recorded(bodyOf({ created_at: '2026-01-01T00:00:00' })),
      recorded(bodyOf({ created_at: '2026-02-02T00:00:00Z' })),
    ],
    ['the status of a refusal', recorded(bodyOf({ error: 'x' }, 400)), recorded(bodyOf({ error: { code: 'y' } }, 404))],
    ['the order of keys', recorded(bodyOf({ a: 1, b: 2 })), recorded(bodyOf({ b: 2, a: 1 }))],
  ])('overlooks %s', (_, reference, ours) => {
    expect(compareRecordings(reference, ours)).toEqual([]);
  });

  it.each<[string, Recording, Recording, string]>([
    [
      'an id in another place',
      recorded(streamOf([done('a'), done('b')])),
      recorded(streamOf([done('x'), done('x')])),
      '1: events.1.item.id',
    ],
    [
      'another text',
      recorded(streamOf([delta('a', 'Hello')])),
      recorded(streamOf([delta('a', 'Hell')])),
      '1: events.0.update.delta',
    ],
    [
      'an event too many',
      recorded(streamOf([done('a')])),
      recorded(streamOf([done('a'), { type: 'error' }])),
      '1: events',
    ],
    ['a missing key', recorded(bodyOf({ title: 'x' })), recorded(bodyOf({})), '1: json.title'],
    ['a null for a missing key', recorded(bodyOf({})), recorded(bodyOf({ title: null })), '1: json.title'],
    ['a refusal', recorded(bodyOf({})), recorded(bodyOf({}, 409)), '1: answer'],
    ['a failure', recorded(bodyOf({}, 400)), recorded(bodyOf({}, 500)), '1: answer'],
    ['a step that was not reached', recorded(bodyOf({}), bodyOf({})), recorded(bodyOf({})), '2: answer'],
  ])('finds %s', (_, reference, ours, at) => {
    const found = compareRecordings(reference, ours);
    expect(found.map((one) => one.at)).toEqual([at]);
    expect(unexplained(found)).toEqual(found);
  });

  it('overlooks what is known, and only in its scenario', () => {
    const one = { at: '1: answer', reference: 'events', ours: 'refused' };
    expect(unexplained([{ ...one, scenario: 'S-073' }])).toEqual([]);
    expect(unexplained([{ ...one, scenario: 'S-074' }])).toHaveLength(1);
  });
});

/** A line of a table, however it is padded. */
const cellsOf = (line: string): string => line.replaceAll(/ *\| */g, '|');

it('docs/conformance.md shows the table of differences', () => {
  const page = readFileSync(new URL('../../docs/conformance.md', import.meta.url), 'utf8');
  const lines = new Set(page.split('\n').map(cellsOf));
  expect(differencesTable().filter((line) => !lines.has(cellsOf(line)))).toEqual([]);
});
