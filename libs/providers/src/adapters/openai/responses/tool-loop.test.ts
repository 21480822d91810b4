import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FakeProvider, startProvider } from '../../../../../../test/support/provider.js';
import { createProviders } from '../../../config.js';
import type { LanguageModel, ModelCall } from '../../../spec/language-model.js';
import type { AssistantMessage } from '../../../spec/prompt.js';
import type { StreamPart } from '../../../spec/stream-part.js';
import { collect, noAbort, say } from '../../../testing/prompts.js';
import { faultsOf } from '../../../testing/well-formed.js';

let fake: FakeProvider;
beforeAll(async () => {
  fake = await startProvider();
});
afterAll(() => fake.close());

function model(): LanguageModel {
  const [provider] = createProviders([{ kind: 'openai', wire: 'responses', baseUrl: fake.url }]);
  if (!provider) throw new Error('no provider');
  return provider.model('fake');
}

async function ask(call: ModelCall): Promise<readonly StreamPart[]> {
  const parts = await collect(model().stream({ ...call, settings: { reasoningEffort: 'low' } }, noAbort()));
  expect(faultsOf(parts)).toEqual([]);
  return parts;
}

/** What was said, as the assistant message of the next call. */
function toContent(parts: readonly StreamPart[]): AssistantMessage['content'] {
  return parts.flatMap((part): AssistantMessage['content'] => {
    if (part.type === 'reasoning-replay') return [part.reasoning];
    if (part.type === 'text-delta') return [{ type: 'text', text: part.text }];
    if (part.type !== 'tool-call-start') return [];
    return [{ type: 'tool-call', callId: part.callId, name: part.name, arguments: '{}' }];
  });
}

it('gives the thoughts back before the call that they led to', async () => {
  await fake.script([
    { reasoning: [['one', ' more'], ['two']], tool_call: { name: 'f', call_id: 'call_1', arguments: {} } },
    { text: 'done' },
  ]);
  const first = await ask(say('hi'));
  expect(first.filter((part) => part.type === 'reasoning-start')).toHaveLength(2);
  const content = toContent(first);
  const output = { type: 'tool-result', callId: 'call_1', name: 'f', output: 'ok' } as const;
  const second = await ask({
    prompt: [...say('hi').prompt, { role: 'assistant', content }, { role: 'tool', content: [output] }],
  });
  expect(toContent(second)).toEqual([{ type: 'text', text: 'done' }]);
  expect((await fake.calls())[1]?.input.slice(1)).toEqual([
    {
      type: 'reasoning',
      summary: [
        { type: 'summary_text', text: 'one more' },
        { type: 'summary_text', text: 'two' },
      ],
    },
    { type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{}' },
    { type: 'function_call_output', call_id: 'call_1', output: 'ok' },
  ]);
});

it('reads thoughts, a picture and a cited text in their order', async () => {
  const annotation = { type: 'url_citation', url: 'https://x', title: 'X', start_index: 0, end_index: 1 };
  await fake.script([
    { reasoning: [['hm']], image: { partials: 2, b64: 'AAAA' }, text: 'see', annotations: [annotation] },
  ]);
  expect((await ask(say('hi'))).map((part) => part.type)).toEqual([
    'reasoning-start',
    'reasoning-delta',
    'reasoning-end',
    'image-start',
    'image-preview',
    'image-preview',
    'image-end',
    'text-start',
    'text-delta',
    'source',
    'text-end',
    'finish',
  ]);
});

it.each([
  [{ status: 429, message: 'slow down' }, 'rate_limited'],
  [{ after: 1 }, 'unavailable'],
  [{ after: 1, failed_only: true }, 'unavailable'],
  [{ after: 1, cut: true }, 'stream_truncated'],
])('calls %j %s', async (error, code) => {
  await fake.script([{ deltas: ['a', 'b'], error }]);
  await expect(ask(say('hi'))).rejects.toMatchObject({ code });
});
