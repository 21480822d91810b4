import { describe, expect, it, vi } from 'vitest';
import { noAbort, say } from '../testing/prompts.js';
import { scriptedModel } from '../testing/scripted-model.js';
import { generate } from '../spec/generate.js';
import type { ModelCall } from '../spec/language-model.js';
import type { StreamPart } from '../spec/stream-part.js';
import { defineHooks, HookRefusal } from './define-hooks.js';
import { hookedModel } from './hooked-model.js';

const caller = { tenantId: 'acme', userId: 'ada' };
const answer: StreamPart[] = [
  { type: 'text-start', id: 't' },
  { type: 'text-delta', id: 't', text: 'Hello' },
  { type: 'text-end', id: 't' },
  { type: 'finish', reason: { unified: 'stop', raw: 'stop' } },
];
const change = (call: ModelCall) => ({ ...call, ...say('changed'), caller: { tenantId: 'x', userId: 'x' } });
const never = (error: unknown): void => expect.fail(String(error));

describe('hooks around a model', () => {
  it('ask what `before` returns, for the same caller', async () => {
    const model = scriptedModel(answer);
    const report = vi.fn<() => void>();
    const hooked = hookedModel(model, { before: change }, caller, never);
    expect(await generate(hooked, { ...say('hi'), caller, report }, noAbort())).toMatchObject({ text: 'Hello' });
    expect(model.calls).toEqual([{ ...say('changed'), caller, report }]);
  });

  it('leave the call as it is when `before` returns nothing', async () => {
    const model = scriptedModel(answer);
    const seen: unknown[] = [];
    const before = (...given: unknown[]) => void seen.push(...given);
    await generate(hookedModel(model, { before }, caller, never), say('hi'), noAbort());
    expect(model.calls).toEqual([say('hi')]);
    expect(seen).toEqual([say('hi'), caller, model.ref]);
  });

  it('leave no other way to a provider: nothing is counted there that `before` has not seen', () => {
    const model = { ...scriptedModel(answer), countInput: async () => ({ tokens: 1, is: 'exact' as const }) };
    expect(hookedModel(model, {}, caller, never)).not.toHaveProperty('countInput');
  });

  it('refuse a call before the model is asked', async () => {
    const model = scriptedModel(answer);
    const refusal = new HookRefusal('No.', { status: 400, code: 'no' });
    const before = () => Promise.reject(refusal);
    await expect(generate(hookedModel(model, { before }, caller, never), say('hi'), noAbort())).rejects.toBe(refusal);
    expect(model.calls).toEqual([]);
  });

  it('tell `after` of the whole answer, and are not stopped by its failure', async () => {
    const failures: unknown[] = [];
    const said: string[] = [];
    const results: unknown[] = [];
    const after = (...given: unknown[]) => {
      results.push(given);
      throw new Error('the audit is down');
    };
    const hooked = hookedModel(scriptedModel(answer), { after }, caller, (error, words) => {
      failures.push(error);
      said.push(JSON.stringify(words));
    });
    await generate(hooked, say('hi'), noAbort());
    await vi.waitFor(() => expect(failures).toMatchObject([{ message: 'the audit is down' }]));
    for (const words of ['"hi"', '"Hello"']) expect(said[0]).toContain(words);
    expect(results).toMatchObject([[{ text: 'Hello', finish: { unified: 'stop' } }, caller, { provider: 'scripted' }]]);
  });

  it('do not tell `after` of an answer that broke off', async () => {
    const after = vi.fn<() => void>();
    const broken = scriptedModel([...answer.slice(0, 2), new Error('cut')]);
    await expect(generate(hookedModel(broken, { after }, caller, never), say('hi'), noAbort())).rejects.toThrow('cut');
    expect(after).not.toHaveBeenCalled();
  });
});

describe('definitions of hooks', () => {
  it('are checked', () => {
    expect(() => defineHooks({ befor: () => undefined } as object)).toThrow('there is no hook "befor"');
    expect(() => defineHooks({ before: 'x' } as object)).toThrow('before must be a function');
    expect(() => new HookRefusal('x', { status: 200 })).toThrow('400 to 499');
  });
});
