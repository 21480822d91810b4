import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { createProviders } from '../../config.js';
import { createRegistry } from '../../registry.js';
import type { ModelAttempt } from '../../spec/model-attempt.js';
import { noAbort } from '../../testing/prompts.js';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

async function answering(body: object): Promise<string> {
  server = createServer((request, response) => {
    request.resume().on('end', () => response.end(JSON.stringify(body)));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it.each([
  [
    'tokens',
    { type: 'tokens', input_tokens: 14, output_tokens: 45, total_tokens: 59 },
    { usage: { inputTokens: 14, outputTokens: 45 }, usageIs: 'reported' },
  ],
  ['seconds', { type: 'duration', seconds: 3 }, { usage: { inputTokens: 30 }, usageIs: 'estimated' }],
  ['nothing', undefined, { usage: { inputTokens: 1 }, usageIs: 'estimated' }],
  ['something else', { type: 'words', words: 3 }, { usage: { inputTokens: 1 }, usageIs: 'estimated' }],
])('a transcription of which a server counts %s is reported', async (_, usage, expected) => {
  const baseUrl = await answering({ text: 'Hello', usage });
  const registry = createRegistry(createProviders([{ kind: 'openai', apiKey: 'k', baseUrl }]));
  const attempts: ModelAttempt[] = [];
  const speech = { bytes: Buffer.from('speech'), mediaType: 'audio/webm' };
  const text = await registry.transcribe('openai/ears', speech, noAbort(), {
    report: (attempt) => attempts.push(attempt),
  });
  expect(text).toBe('Hello');
  expect(attempts).toMatchObject([{ ref: { provider: 'openai', model: 'ears' }, outcome: 'completed', ...expected }]);
});
