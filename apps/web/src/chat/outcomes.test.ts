import { describe, expect, it } from 'vitest';
import { texts } from '../i18n/texts.js';
import { asEntries } from '../protocol/fold.js';
import type { RunOutcome } from '../protocol/thread-requests.js';
import type { Item } from '../protocol/types.js';
import { problemOf, triggerOf, withOutcomes } from './outcomes.js';
import { assistant, itemOf, user } from './testing.js';

const entries = asEntries([
  user('q1', 'One'),
  assistant('a1', 'Half'),
  user('q2', 'Two'),
  user('q3', 'Three'),
  user('q4', 'Four'),
  assistant('a4', 'Whole'),
]);
const run = (triggerId: string, state: string): RunOutcome => ({
  id: `run_${triggerId}`,
  triggerId,
  answersMessage: true,
  state,
});

const widget = itemOf({ id: 'w1', type: 'widget', widget: { type: 'Card', children: [] } });
const form = (id: string) => itemOf({ id, type: 'structured_input', status: 'answered', inputs: [] });
const call = itemOf({ id: 't1', type: 'client_tool_call', call_id: 'c', name: 'x', status: 'completed' });
const endings = (items: readonly Item[], runs: readonly RunOutcome[]) =>
  withOutcomes(asEntries(items), runs).map(({ progress, ending }) => ending ?? progress);
const other = (triggerId: string, state: string) => ({ ...run(triggerId, state), answersMessage: false });

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

  it('is not how a click went, nor a form that was filled in later: their answers are elsewhere', () => {
    const items = [user('q1', 'One'), widget, form('f1'), user('q2', 'Two'), assistant('a2', 'Half')];
    expect(endings(items, [other('w1', 'failed'), other('f1', 'cancelled')])).toEqual(items.map(() => 'done'));
    expect(endings([user('q1', 'One'), widget], [other('w1', 'cancelled')])).toEqual(['done', 'done']);
  });

  it('is how the answer to a tool of the page, and to a form at the end, went', () => {
    const called = [user('q1', 'One'), call, assistant('a1', 'Half'), user('q2', 'Two')];
    expect(endings(called, [other('t1', 'cancelled')])).toEqual(['done', 'done', 'stopped', 'done']);
    const asked = [user('q1', 'One'), form('f1'), assistant('a1', 'Half')];
    expect(endings(asked, [other('f1', 'cancelled')])).toEqual(['done', 'done', 'stopped']);
  });

  it('is that the newest was stopped, also where its question is not loaded, or no message is the last of it', () => {
    expect(endings([assistant('a0', 'Ha'), assistant('a1', 'lf')], [run('q1', 'cancelled')])).toEqual([
      'done',
      'stopped',
    ]);
    expect(endings([assistant('a1', 'Half')], [other('w1', 'cancelled')])).toEqual(['done']);
    expect(endings([user('q1', 'One'), widget], [run('q1', 'cancelled')])).toEqual(['done', 'stopped']);
    expect(endings([user('q1', 'One')], [run('q1', 'cancelled')])).toEqual(['done']);
  });

  it('ignores the runs of messages that are not shown', () => {
    expect(withOutcomes(entries, [run('q9', 'failed')])).toEqual(entries);
  });
});

const failed = (triggerId: string): RunOutcome => ({ ...run(triggerId, 'failed'), failure: { allowRetry: true } });

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
    expect(problemOf(unanswered, runs, false)).toMatchObject(problem);
  });

  it('is nothing where all is well, or where its question is gone', () => {
    expect(problemOf(entries, [run('q4', 'completed')], false)).toBeUndefined();
    for (const hasEarlier of [true, false]) expect(problemOf(entries, [failed('q9')], hasEarlier)).toBeUndefined();
    expect(problemOf([], [], false)).toBeUndefined();
  });

  it('is that it has failed, also where its question is not loaded', () => {
    const answers = asEntries([assistant('a1', 'So'), assistant('a2', 'far')]);
    const problem = { ending: 'failed', again: { type: 'retry', itemId: 'q1' } };
    expect(problemOf(answers, [failed('q1')], true)).toMatchObject(problem);
    expect(problemOf(answers, [failed('q1')], false)).toBeUndefined();
  });

  it('offers nothing that would remove what a person has filled in, allowed or clicked', () => {
    const answersOther = { ...failed('a4'), answersMessage: false };
    for (const triggerId of ['a4', 'w9', undefined]) {
      const problem = problemOf(entries, [{ ...answersOther, triggerId }], true);
      expect(problem).toMatchObject({ ending: 'failed', text: texts.core.failed, again: undefined });
    }
    expect(problemOf(entries, [{ ...answersOther, triggerId: 'w9' }], false)).toBeUndefined();
  });
});

it('an answer that is being written when the thread is opened is one to a message, or not', () => {
  expect(triggerOf(run('q9', 'working'), entries)).toEqual({ type: 'message', itemId: 'q9' });
  expect(triggerOf({ ...run('w1', 'working'), answersMessage: false }, entries)).toEqual({ type: 'answer' });
  expect(triggerOf(undefined, entries)).toEqual({ type: 'answer' });
  expect(triggerOf(undefined, entries.slice(0, 1))).toEqual({ type: 'message' });
});
