import { describe, expect, it } from 'vitest';
import type { StructuredSubmission } from '../protocol/structured-input.js';
import { aForm } from '../testing/index.js';
import { answerQuestions } from './answer-questions.js';

const skipped = { values: [], skipped: true };

function answers(given: StructuredSubmission['answers'], status: StructuredSubmission['status'] = 'answered') {
  const { inputs, ...rest } = answerQuestions(aForm(), { status, answers: given });
  return { status: rest.status, answers: inputs.map(({ answer }) => answer) };
}

describe('answerQuestions [SI-3]', () => {
  it('cuts a single choice to its first value, which need not be an option, and skips what is missing', () => {
    const submission = {
      status: 'answered' as const,
      answers: { prio: { values: ['urgent', 'high'], skipped: false } },
    };
    const [choice, free] = aForm().inputs as [object, object];
    expect(answerQuestions(aForm(), submission)).toEqual({
      ...aForm(),
      status: 'answered',
      inputs: [
        { ...choice, answer: { values: ['urgent'], skipped: false } },
        { ...free, answer: skipped },
      ],
    });
  });

  it('keeps all values of a multiple choice and of free text', () => {
    const values = ['low', 'high'];
    const [choice] = aForm().inputs;
    const several = aForm({ inputs: [{ ...choice, multiple: true } as typeof choice & object] });
    const submission = { status: 'answered' as const, answers: { prio: { values, skipped: false } } };
    expect(answerQuestions(several, submission).inputs[0]?.answer).toEqual({ values, skipped: false });
    expect(answers({ why: { values, skipped: false } }).answers).toEqual([skipped, { values, skipped: false }]);
  });

  it.each([
    { values: [], skipped: false },
    { values: ['low'], skipped: true },
    { values: [], skipped: true },
  ])('skips a question answered with %j, and the form is answered nevertheless', (answer) => {
    expect(answers({ prio: answer })).toEqual({ status: 'answered', answers: [skipped, skipped] });
  });

  it('skips every question of a form that is skipped', () => {
    const given = { prio: { values: ['low'], skipped: false } };
    expect(answers(given, 'skipped')).toEqual({ status: 'skipped', answers: [skipped, skipped] });
  });

  it('leaves out answers to questions that are not there', () => {
    expect(answers({ other: { values: ['x'], skipped: false } }).answers).toEqual([skipped, skipped]);
  });

  it('takes no answer from what every object has', () => {
    const form = aForm({ inputs: [{ type: 'freeform', id: 'constructor', question: '?' }] });
    expect(answerQuestions(form, { status: 'answered', answers: {} }).inputs[0]?.answer).toEqual(skipped);
  });

  it('leaves the given form as it was', () => {
    const form = aForm();
    answerQuestions(form, { status: 'answered', answers: { prio: { values: ['low'], skipped: false } } });
    expect(form).toEqual(aForm());
  });
});
