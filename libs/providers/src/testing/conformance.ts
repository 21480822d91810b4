import { describe, expect, it } from 'vitest';
import { generate } from '../spec/generate.js';
import type { LanguageModel } from '../spec/language-model.js';
import type { StreamPart } from '../spec/stream-part.js';
import { collect, noAbort, say } from './prompts.js';
import { faultsOf } from './well-formed.js';

/**
 * What every model owes its callers. `makeModel` gives a model that answers any call with at least two text deltas, some
 * time apart, so that there is a middle to stop in.
 */
export function conformance(name: string, makeModel: () => LanguageModel | Promise<LanguageModel>): void {
  describe(`${name} keeps the contract of LanguageModel`, () => {
    it('streams well-formed parts that end with one finish', async () => {
      const model = await makeModel();
      const parts = await collect(model.stream(say('hello'), noAbort()));
      expect(faultsOf(parts)).toEqual([]);
      expect(parts.filter(isText).length).toBeGreaterThan(1);
    });

    it('says the same to generate', async () => {
      const model = await makeModel();
      const parts = await collect(model.stream(say('hello'), noAbort()));
      const whole = await generate(model, say('hello'), noAbort());
      expect(whole.text).toBe(parts.map((part) => (isText(part) ? part.text : '')).join(''));
    });

    it('answers two calls at once', async () => {
      const model = await makeModel();
      const ask = () => generate(model, say('hello'), noAbort());
      const [first, second] = await Promise.all([ask(), ask()]);
      expect(first.text).toBe(second.text);
    });

    it('throws the reason of a signal that is already aborted', async () => {
      const model = await makeModel();
      const reason = new Error('too late');
      await expect(generate(model, say('hello'), AbortSignal.abort(reason))).rejects.toBe(reason);
    });

    it('throws the reason when it is stopped in the middle, and says nothing more', async () => {
      const model = await makeModel();
      const stop = new AbortController();
      const reason = new Error('enough');
      const received: StreamPart[] = [];
      const listen = async () => {
        for await (const part of model.stream(say('hello'), stop.signal)) {
          received.push(part);
          if (isText(part)) stop.abort(reason);
        }
      };
      await expect(listen()).rejects.toBe(reason);
      expect(received.filter(isText)).toHaveLength(1);
    });

    it('takes documents, or says that it has no place for them', async () => {
      const model = await makeModel();
      const { warnings } = await generate(model, { ...say('hello'), documents: [{ text: 'a fact' }] }, noAbort());
      const ignored = warnings.some(({ code }) => code === 'unsupported_content');
      expect(ignored).toBe(!model.capabilities.has('documents'));
    });

    it('may be left early, and asked again', async () => {
      const model = await makeModel();
      for await (const part of model.stream(say('hello'), noAbort())) if (isText(part)) break;
      expect((await generate(model, say('hello'), noAbort())).text).not.toBe('');
    });
  });
}

function isText(part: StreamPart): part is Extract<StreamPart, { type: 'text-delta' }> {
  return part.type === 'text-delta';
}
