import { expect, it } from 'vitest';
import { defineAssistant } from './definition.js';

const refusalOf = (definition: unknown): string => {
  try {
    defineAssistant(definition as object);
    return 'accepted';
  } catch (error) {
    return (error as Error).message;
  }
};

it('refuses instances of classes, whose methods would be lost, and says what to write', () => {
  class Support {
    async *respond() {}
  }
  class Named extends Support {}
  expect(refusalOf(new Support())).toMatch(/instance of the class Support.*write: export default defineAssistant\(\{/);
  expect(refusalOf(new Named())).toContain('class Named');
  expect(refusalOf(Object.create({ respond() {} }))).toContain('made from another object');
  expect(refusalOf(undefined)).toContain('is an object, not undefined');
});

it('takes plain objects and the namespaces of modules, which have no prototype', () => {
  expect(refusalOf({})).toBe('accepted');
  expect(refusalOf(Object.assign(Object.create(null), { model: 'openai/x' }))).toBe('accepted');
});

const check = () => false;

it.each([
  ['guardrails', [{ name: 'a', check }], /guardrails must be \{ input: \[.*it is a list/],
  ['guardrails', { input: { name: 'a', check } }, /guardrails must be \{ input: \[/],
  ['guardrails', { inputs: [] }, /guardrails must be \{ input: \[/],
  ['guardrails', { output: [{ name: 'a' }] }, /guardrails must be \{ input: \[/],
  ['tools', { add: 1 }, /tools must be a list.*it is an object/],
  ['tools', [undefined], /tools\[0\] must be created with tool\(\)/],
  ['model', 42, /model must be text \("provider\/model".*it is 42/],
  ['instructions', ['Be short.'], /instructions must be text.*it is a list/],
  ['respond', 'Hello', /respond must be a function; it is text/],
  ['documents', [], /documents must be a function/],
  ['title', true, /title must be false or a function; it is true/],
  ['settings', 0.5, /settings must be an object/],
  ['input', { userMessage: 'x' }, /input must be an object of functions/],
  ['stopAtTools', 'pay', /stopAtTools must be a list of names/],
  ['allowCancel', 'no', /allowCancel must be true or false/],
  ['imagePreviews', '3', /imagePreviews must be a whole number/],
  ['doubleTexting', 'queue', /doubleTexting must be one of enqueue, reject/],
])('%s: %j is refused in words that say how it is written', (name, value, words) => {
  expect(refusalOf({ [name]: value })).toMatch(words);
});

it('takes what is left out, and every shape that is meant', () => {
  const given = {
    instructions: () => 'Be short.',
    model: 'openai/x',
    respond: undefined,
    tools: () => [],
    guardrails: { input: [{ name: 'a', check }], output: undefined },
    input: { quotedText: () => [] },
    title: false,
    imagePreviews: 0,
  };
  expect(refusalOf(given)).toBe('accepted');
});
