import { expect, it } from 'vitest';
import type { StructuredInputItem } from '#chatkit';
import { answerQuestions } from './answer-questions.js';

const form: StructuredInputItem = {
  type: 'structured_input',
  id: 'msg_1',
  thread_id: 'thr_1',
  created_at: '2026-01-31T09:30:00.123Z',
  status: 'pending',
  inputs: [
    { type: 'multiple_choice', id: 'one', question: '?', options: [{ value: 'a' }], multiple: false },
    { type: 'multiple_choice', id: 'many', question: '?', options: [{ value: 'a' }], multiple: true },
    { type: 'freeform', id: 'free', question: '?' },
  ],
};
const given = (values: string[], skipped = false) => ({ values, skipped });

it('takes what was given, one value for a single choice, whether it was offered or not (SI-3)', () => {
  const answers = { one: given(['x', 'y']), many: given(['x', 'y']), free: given(['x', 'y']), nobody: given(['z']) };
  const answered = answerQuestions(form, { status: 'answered', answers });
  expect(answered.status).toBe('answered');
  expect(answered.inputs.map(({ answer }) => answer?.values)).toEqual([['x'], ['x', 'y'], ['x', 'y']]);
  expect(answered.inputs.every(({ answer }) => answer?.skipped === false)).toBe(true);
});

it('counts as skipped what is skipped, empty or missing, values and all', () => {
  const answers = { one: given(['x'], true), many: given([]) };
  const answered = answerQuestions(form, { status: 'answered', answers });
  expect(answered.status).toBe('answered');
  expect(answered.inputs.map(({ answer }) => answer)).toEqual(Array(3).fill(given([], true)));
});

it('skips every question of a form that is skipped', () => {
  const answered = answerQuestions(form, { status: 'skipped', answers: { one: given(['x']) } });
  expect(answered.status).toBe('skipped');
  expect(answered.inputs.map(({ answer }) => answer)).toEqual(Array(3).fill(given([], true)));
});

it('is not misled by a question that is named like a property of every object', () => {
  const odd = { ...form, inputs: [{ type: 'freeform' as const, id: 'constructor', question: '?' }] };
  expect(answerQuestions(odd, { status: 'answered', answers: {} }).inputs[0]?.answer).toEqual(given([], true));
});
