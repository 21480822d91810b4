import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OWN_RECORDINGS } from '../../../../../../test/support/recordings/folders.js';
import { loadRecordings } from '../../../../../../test/support/recordings/recording.js';
import { type ReplayServer, startReplayServer } from '../../../../../../test/support/replay-server/server.js';
import { createProviders } from '../../../config.js';
import type { CallSettings } from '../../../spec/call-settings.js';
import { generate } from '../../../spec/generate.js';
import type { ModelCall } from '../../../spec/language-model.js';
import type { Message } from '../../../spec/prompt.js';
import { noAbort, say } from '../../../testing/prompts.js';

const hello: Message = { role: 'user', content: [{ type: 'text', text: 'hello' }] };
const call = (callId: string, args: string) => ({ type: 'tool-call', callId, name: 'f', arguments: args }) as const;
const output = (callId: string, text: string) => ({ type: 'tool-result', callId, name: 'f', output: text }) as const;

const PROMPTS: readonly (readonly Message[])[] = [
  [{ role: 'system', content: '' }, hello, { role: 'system', content: 'x' }],
  [{ role: 'assistant', content: [{ type: 'text', text: 'I begin ' }] }],
  [{ role: 'user', content: [{ type: 'text', text: ' ' }] }, hello, hello],
  [
    hello,
    { role: 'assistant', content: [{ type: 'text', text: '' }, call('', '{"x'), call('', ''), call('a:b', '[]')] },
    { role: 'tool', content: [output('', ''), output('', 'two'), output('a:b', 'three')] },
    hello,
    { role: 'assistant', content: [call('a:b', '{"x":1}')] },
    hello,
    { role: 'tool', content: [output('a:b', '')] },
    { role: 'assistant', content: [{ type: 'text', text: 'done' }] },
    hello,
  ],
];

const SETTINGS: readonly CallSettings[] = [
  {},
  { temperature: 2, topP: 1, topK: 1, stop: ['\n'], maxTokens: 1 },
  { reasoningEffort: 'minimal', temperature: 0, maxTokens: 1 },
  { reasoningEffort: 'max' },
  { reasoningEffort: 'none', seed: 1, frequencyPenalty: 1 },
];

describe("a request that keeps Anthropic's rules", () => {
  let server: ReplayServer;
  beforeAll(async () => {
    server = await startReplayServer(loadRecordings(OWN_RECORDINGS));
  });
  afterAll(() => server.close());

  /** The server refuses what Anthropic would. */
  async function ask(asked: ModelCall): Promise<string> {
    const baseUrl = `${server.url}/anthropic-messages`;
    const [provider] = createProviders([{ kind: 'anthropic', baseUrl, apiKey: 'sk-recorded-key' }]);
    return (await generate(provider!.model('fixture:anthropic-messages/text'), asked, noAbort())).text;
  }

  it.each(PROMPTS.map((prompt) => ({ prompt })))(
    'comes of every prompt: $prompt.length messages',
    async ({ prompt }) => {
      expect(await ask({ prompt })).toBe('Grüße aus Köln 🌍.');
    },
  );

  it.each(SETTINGS.map((settings) => ({ settings })))('comes of every setting: $settings', async ({ settings }) => {
    const { prompt } = say('hello');
    const tools = [{ name: 'f', parameters: {} }];
    for (const toolChoice of ['auto', 'none', 'required', { name: 'f' }] as const) {
      expect(await ask({ prompt, settings, tools, toolChoice })).toBe('Grüße aus Köln 🌍.');
      expect(await ask({ prompt, settings, toolChoice })).toBe('Grüße aus Köln 🌍.');
    }
  });
});
