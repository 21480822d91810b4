import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProviders, type ProviderConfigInput } from '../config.js';
import { generate } from '../spec/generate.js';
import { failureOf } from '../testing/failure-of.js';
import { type LocalServer, startLocalServer } from '../testing/local-server.js';
import { noAbort, say } from '../testing/prompts.js';

const KINDS: readonly ((url: string, apiKey: string) => ProviderConfigInput)[] = [
  (baseUrl, apiKey) => ({ kind: 'openai', apiKey, baseUrl }),
  (endpoint, apiKey) => ({ kind: 'azure-openai', apiKey, endpoint, apiVersion: '2024-10-21' }),
  (baseUrl, apiKey) => ({ kind: 'anthropic', apiKey, baseUrl }),
  (baseUrl, apiKey) => ({ kind: 'bedrock', apiKey, region: 'us-east-1', baseUrl }),
  (baseUrl, accessToken) => ({ kind: 'vertex', accessToken, region: 'eu', projectId: 'p', baseUrl }),
  (baseUrl, apiKey) => ({ kind: 'cohere', apiKey, baseUrl }),
];

/** An error with everything that a logger writes of it. */
const written = (error: unknown): string =>
  error instanceof Error ? `${error.message}\n${error.stack}\n${written(error.cause)}` : String(error);

describe('a request by an SDK', () => {
  let server: LocalServer;
  let answer = { status: 200, body: '' };

  beforeEach(async () => {
    server = await startLocalServer((response) => {
      response.writeHead(answer.status, { 'content-type': 'text/event-stream' }).end(answer.body);
    });
  });
  afterEach(() => server.close());

  const providerOf = (entryAt: (typeof KINDS)[number], key = 'key-0123456789') =>
    createProviders([entryAt(server.url, key)])[0]!;

  it.each(KINDS)('leaves no listener at a signal that lives on: %#', async (entryAt) => {
    const { signal } = new AbortController();
    const provider = providerOf(entryAt);
    for (const status of [200, 200, 429, 503]) {
      answer = { status, body: '{"error":{"message":"no"}}' };
      await generate(provider.model('m'), say('hi'), signal).catch(() => undefined);
      await provider.healthCheck(signal);
    }
    expect(server.requests).toHaveLength(8);
    await expect.poll(() => getEventListeners(signal, 'abort')).toEqual([]);
  });

  it.each(KINDS)('whose key has a line break fails without the key: %#', async (entryAt) => {
    const error = await failureOf(
      generate(providerOf(entryAt, 'first-half\nsecond-half').model('m'), say('hi'), noAbort()),
    );
    expect(error).toMatchObject({ code: 'bad_request', detail: expect.stringMatching(/header/) });
    expect(written(error)).not.toMatch(/first-half|second-half/);
    expect(server.requests).toEqual([]);
  });
});
