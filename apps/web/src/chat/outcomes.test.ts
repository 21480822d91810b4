import { describe, expect, it } from 'vitest';
import { texts } from '../i18n/texts.js';
import { asEntries } from '../protocol/fold.js';
import type { RunOutcome } from '../protocol/thread-requests.js';
import { problemOf, withOutcomes } from './outcomes.js';
import { assistant, user } from './testing.js';

const entries = asEntries([
  user('q1', 'One'),
  assistant('a1', 'Half'),
  user('q2', 'Two'),
  user('q3', 'Three'),
  user('q4', 'Four'),
  assistant('a4', 'Whole'),
]);
const run = (triggerId: string, state: string): RunOutcome => ({ id: `run_${triggerId}`, triggerId, state });

describe('what a reload shows of earlier turns', () => {
  it('is how each of them ended', () => {
    const runs = [run('q4', 'completed'), run('q3', 'failed'), run('q2', 'cancelled'), run('q1', 'cancelled')];
    expect(withOutcomes(entries, runs).map(({ progress, ending }) => ending ?? progress)).toEqual([
      'done',
      'stopped',
      'stopped',
      'failed',
      'done',
      'done',
    ]);
  });

  it('is the newest of several tries', () => {
    expect(withOutcomes(entries, [run('q2', 'completed'), run('q2', 'failed')])).toEqual(entries);
  });

  it('ignores the runs of messages that are not shown', () => {
    expect(withOutcomes(entries, [run('q9', 'failed')])).toEqual(entries);
  });
});

describe('what a reload says of the newest turn', () => {
  const unanswered = entries.slice(0, 3);
  const again = { type: 'retry', itemId: 'q2' } as const;

  it.each([
    [
      [run('q2', 'cancelled')],
      { tone: 'info', text: texts.core.stoppedEarly, again, ending: 'stopped', runId: 'run_q2' },
    ],
    [[], { tone: 'info', text: texts.core.unanswered, again }],
    [
      [{ ...run('q2', 'failed'), failure: { allowRetry: false, message: 'Out of credit' } }],
      { tone: 'error', text: 'Out of credit', ending: 'failed', runId: 'run_q2' },
    ],
    [[{ ...run('q2', 'failed'), failure: { allowRetry: true } }], { text: texts.core.failed, again }],
  ])('%#', (runs, problem) => {
    expect(problemOf(unanswered, runs)).toMatchObject(problem);
  });

  it('is nothing where all is well, or where its question is gone', () => {
    expect(problemOf(entries, [run('q4', 'completed')])).toBeUndefined();
    expect(problemOf(entries, [{ ...run('q9', 'failed'), failure: { allowRetry: true } }])).toBeUndefined();
    expect(problemOf([], [])).toBeUndefined();
  });
});
