import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OWN_RECORDINGS } from '../../../../../../test/support/recordings/folders.js';
import { loadRecordings } from '../../../../../../test/support/recordings/recording.js';
import { type ReplayServer, startReplayServer } from '../../../../../../test/support/replay-server/server.js';
import { createProviders } from '../../../config.js';
import { generate } from '../../../spec/generate.js';
import type { ModelCall } from '../../../spec/language-model.js';
import type { Provider } from '../../../spec/provider.js';
import { noAbort } from '../../../testing/prompts.js';

/** One pixel. */
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const IMAGE = { type: 'image', mediaType: 'image/png', data: { type: 'base64', data: PNG } } as const;

/** Whatever a call can hold that this wire can express. */
const EVERYTHING: ModelCall = {
  prompt: [
    { role: 'system', content: 'be brief' },
    { role: 'user', content: [IMAGE, { type: 'text', text: 'what is it?' }] },
    {
      role: 'assistant',
      content: [
        { type: 'reasoning', provider: 'cohere', data: { tool_plan: 'so' } },
        { type: 'reasoning', provider: 'cohere', data: { thinking: 'hm' } },
        { type: 'tool-call', callId: 'c1', name: 'f', arguments: 'null' },
        { type: 'tool-call', callId: 'c2', name: 'f', arguments: '{}' },
      ],
    },
    {
      role: 'tool',
      content: [
        { type: 'tool-result', callId: 'c1', name: 'f', output: '1' },
        { type: 'tool-result', callId: 'c2', name: 'f', output: '' },
      ],
    },
  ],
  documents: [{ id: 'd', title: 'T', text: 'a', url: 'https://x' }],
  tools: [{ name: 'f', parameters: { type: 'object' }, strict: true }],
  toolChoice: { name: 'f' },
  settings: {
    maxTokens: 9,
    temperature: 0,
    topP: 0.5,
    topK: 3,
    frequencyPenalty: 0.1,
    stop: ['x'],
    seed: 1,
    reasoningEffort: 'low',
  },
  providerOptions: { cohere: { citation_options: { mode: 'FAST' } } },
};

describe('Cohere', () => {
  let server: ReplayServer;
  beforeAll(async () => {
    server = await startReplayServer(loadRecordings(OWN_RECORDINGS));
  });
  afterAll(() => server.close());

  function provider(): Provider {
    const baseUrl = `${server.url}/cohere-v2-chat`;
    return createProviders([{ kind: 'cohere', baseUrl, apiKey: 'co-recorded-key' }])[0]!;
  }

  it('takes a request with everything in it', async () => {
    const answer = await generate(provider().model('fixture:cohere-v2-chat/text'), EVERYTHING, noAbort());
    expect(answer.warnings).toEqual([]);
    expect(server.journal.at(-1)).toMatchObject({ path: '/cohere-v2-chat/v2/chat', status: 200 });
  });

  it('lists its models', async () => {
    expect(await provider().listModels(noAbort())).toContainEqual({ id: 'fixture:cohere-v2-chat/text' });
  });
});
