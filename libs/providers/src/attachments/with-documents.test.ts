import { expect, it } from 'vitest';
import type { Capability } from '../spec/capability.js';
import type { LanguageModel, ModelCall } from '../spec/language-model.js';
import { noAbort, say } from '../testing/prompts.js';
import { withDocuments } from './with-documents.js';

const DOCUMENTS = [{ title: 'Holidays', text: 'Everybody has 30 days.' }, { text: 'No title.' }];

/** What a model of these capabilities is asked and made to count. */
async function asked(call: ModelCall, ...capabilities: Capability[]) {
  const calls: ModelCall[] = [];
  const model: LanguageModel = {
    ref: { provider: 'p', model: 'm' },
    capabilities: new Set(capabilities),
    contextWindow: 100,
    async *stream(given) {
      calls.push(given);
      yield { type: 'finish', reason: { unified: 'stop', raw: null } };
    },
    async countInput(given) {
      calls.push(given);
      return { tokens: 1, is: 'exact' };
    },
  };
  const able = withDocuments(model);
  expect(able.contextWindow).toBe(100);
  for await (const _ of able.stream(call, noAbort()));
  await able.countInput?.(call, noAbort());
  expect(calls[1]).toEqual(calls[0]);
  return calls[0]!;
}

const { prompt } = say('How many?');

it('leaves documents to a model that takes them', async () => {
  const call = { prompt, documents: DOCUMENTS };
  expect(await asked(call, 'chat', 'documents')).toBe(call);
});

it('numbers them behind the instructions of any other', async () => {
  const system = { role: 'system', content: 'Be brief.' } as const;
  const {
    prompt: [first, ...rest],
    documents,
  } = await asked({ prompt: [system, ...prompt], documents: DOCUMENTS }, 'chat');
  expect(first?.content).toMatch(/^Be brief\.\n\nAnswer from these documents/);
  expect(first?.content).toContain('<Document number="1" title="Holidays">\nEverybody has 30 days.\n</Document>');
  expect(first?.content).toContain('<Document number="2">\nNo title.\n</Document>');
  expect([rest, documents]).toEqual([prompt, undefined]);
});

it('makes instructions where there are none', async () => {
  const asks = await asked({ prompt, documents: DOCUMENTS.slice(0, 1) });
  expect(asks.prompt.map(({ role }) => role)).toEqual(['system', 'user']);
});

it('changes no call without documents', async () => {
  expect(await asked({ prompt, documents: [] })).toEqual({ prompt });
});
