import { expect, it } from 'vitest';
import { makeAssistant } from './assistant.js';
import { Assistants } from './assistants.js';

it('finds an assistant by its id; the unnamed one is the default one', () => {
  const assistants = new Assistants([makeAssistant('plain', {}), makeAssistant('shop', {})], 'shop');
  expect(assistants.get('plain').id).toBe('plain');
  expect(assistants.get('default').id).toBe('shop');
  expect(() => assistants.get('nobody')).toThrow(/no assistant "nobody"/);
});
