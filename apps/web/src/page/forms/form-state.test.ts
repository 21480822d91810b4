import { describe, expect, it } from 'vitest';
import type { Question } from '../../protocol/items/structured-input.js';
import { choose, draftOf, toInput, valuesOf, write } from './form-state.js';

const one: Question = { type: 'multiple_choice', id: 'one', question: 'One?', options: ['a', 'b'], multiple: false };
const many: Question = { ...one, id: 'many', multiple: true };
const free: Question = { type: 'freeform', id: 'free', question: 'Why?' };
const empty = draftOf({}, 'x');

describe('a form', () => {
  it('takes one option, or a text in its place', () => {
    const a = choose(one, empty, 'a', true);
    expect(valuesOf(one, choose(one, a, 'b', true))).toEqual(['b']);
    const written = write(one, a, 'another');
    expect(valuesOf(one, written)).toEqual(['another']);
    expect(valuesOf(one, choose(one, written, 'a', true))).toEqual(['a']);
  });

  it('takes several options in their order, and a text with them', () => {
    const both = choose(many, choose(many, empty, 'b', true), 'a', true);
    expect(valuesOf(many, write(many, both, ' c '))).toEqual(['a', 'b', 'c']);
    expect(valuesOf(many, choose(many, both, 'b', false))).toEqual(['a']);
  });

  it('sends what is answered, and says what is not', () => {
    const drafts = { one: choose(one, empty, 'a', true), free: write(free, empty, '  ') };
    expect(toInput([one, many, free], drafts)).toEqual({
      status: 'answered',
      answers: { one: { values: ['a'] }, many: { skipped: true }, free: { skipped: true } },
    });
  });

  it('sends nothing without an answer', () => {
    expect(toInput([one, free], {})).toBeUndefined();
    expect(toInput([{ ...one, id: 'constructor' }], {})).toBeUndefined();
  });
});
