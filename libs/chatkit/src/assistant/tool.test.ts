import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ToolContext } from './context.js';
import { defineAssistant } from './definition.js';
import { clientTool, tool, ToolArgumentsError } from './tool.js';

const ctx = {} as ToolContext;
const add = tool({
  name: 'add',
  description: 'Adds.',
  parameters: z.object({ a: z.int(), b: z.int().default(1) }),
  run: ({ a, b }) => a + b,
});

describe('tools', () => {
  it('describe their parameters as JSON Schema, in the form that the model writes', () => {
    expect(add.parameters).toMatchObject({ type: 'object', required: ['a'] });
    expect(add.parameters).not.toHaveProperty('$schema');
  });

  it('run with parsed arguments', async () => {
    expect(await add.call({ a: 2 }, ctx)).toBe(3);
  });

  it('refuse arguments that do not fit, in words for the model', async () => {
    await expect(add.call({ a: 'two' }, ctx)).rejects.toThrow(ToolArgumentsError);
    await expect(add.call({ a: 'two' }, ctx)).rejects.toThrow(/add.*a/s);
  });

  it('are not run again after a crash unless they say so', () => {
    expect(add.retrySafe).toBe(false);
  });

  it.each(['', 'a b', 'ä', 'x'.repeat(65)])('cannot be called %j', (name) => {
    const parameters = z.object({});
    expect(() => clientTool({ name, description: '', parameters })).toThrow(TypeError);
  });

  it('take an object', () => {
    expect(() => clientTool({ name: 'a', description: '', parameters: z.string() })).toThrow(/object schema/);
  });
});

describe('defineAssistant', () => {
  it('refuses two tools of one name, and counts that are none', () => {
    expect(() => defineAssistant({ tools: [add, add] })).toThrow(/called "add"/);
    expect(() => defineAssistant({ maxTurns: 0 })).toThrow(/maxTurns/);
    expect(() => defineAssistant({ historyItems: 1.5 })).toThrow(/historyItems/);
    expect(defineAssistant({ tools: [add], maxTurns: 3 }).maxTurns).toBe(3);
  });

  it('refuses names that no assistant has, and tools that are none', () => {
    const misspelt: object = { instruction: 'Hello' };
    expect(() => defineAssistant(misspelt)).toThrow('An assistant has no "instruction".');
    const raw: object = { tools: [{ name: 'add', run: () => 1 }] };
    expect(() => defineAssistant(raw)).toThrow(/must be created with tool/);
  });
});
