import { afterEach, describe, expect, it } from 'vitest';
import { createProviders, type ProviderConfigInput } from '../config.js';
import { createRegistry } from '../registry.js';
import { generate } from '../spec/generate.js';
import type { ModelCall } from '../spec/language-model.js';
import type { NamedModel } from '../spec/policy-config.js';
import { type LocalServer, startLocalServer } from '../testing/local-server.js';
import { noAbort, say } from '../testing/prompts.js';

let server: LocalServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const CHAT = { choices: [{ index: 0, message: { content: 'Hi' }, finish_reason: 'stop' }] };
const OLLAMA = { message: { content: 'Hi' }, done: true, done_reason: 'stop' };

/** The body that goes out for a call of a model, by its public name. */
async function bodyOf(entry: ProviderConfigInput, named: Partial<NamedModel>, call: Partial<ModelCall> = {}) {
  const answer = entry.kind === 'ollama' ? OLLAMA : CHAT;
  server = await startLocalServer((response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  const providers = createProviders([{ ...entry, id: 'p', baseUrl: server.url } as ProviderConfigInput]);
  const registry = createRegistry(providers, { names: { smart: { ...named, model: 'p/m' } } });
  await generate(registry.resolve('smart'), { ...say('hi'), ...call }, noAbort());
  return server.requests[0]?.body as Record<string, unknown>;
}

const chat = { kind: 'openai-compatible', id: 'p', baseUrl: 'http://x', defaultModel: 'm' } as const;

describe('what the configuration says of all calls', () => {
  it('is sent where a call says nothing else', async () => {
    const entry = { ...chat, settings: { temperature: 0.7, maxTokens: 2_048 }, body: { repetition_penalty: 1.1 } };
    expect(await bodyOf(entry, {})).toMatchObject({ temperature: 0.7, max_tokens: 2_048, repetition_penalty: 1.1 });
  });

  it('is weaker than what a call says, and stronger at a public name than at the provider', async () => {
    const entry = { ...chat, settings: { temperature: 0.7, topP: 0.5, seed: 1 }, body: { a: 1, b: 1, temperature: 9 } };
    const named = { settings: { topP: 0.6, seed: 2 }, body: { b: 2, seed: 9 } };
    const call = { settings: { seed: 3 }, providerOptions: { p: { c: 3 } } };
    expect(await bodyOf(entry, named, call)).toMatchObject({ temperature: 0.7, top_p: 0.6, seed: 3, a: 1, b: 2, c: 3 });
  });

  it('is joined with the objects that a wire puts its settings into', async () => {
    const entry = {
      kind: 'ollama',
      settings: { seed: 4 },
      body: { keep_alive: -1, options: { mirostat: 1, seed: 9 } },
    } as const;
    expect(await bodyOf(entry, {})).toMatchObject({ keep_alive: -1, options: { seed: 4, mirostat: 1 } });
  });

  it('is left out where the model refuses it, as what a call says is', async () => {
    server = await startLocalServer((response, { body }) => {
      const isRefused = body['max_tokens'] !== undefined;
      const said = 'max_tokens is too large: 100000. This model supports at most 16384 completion tokens.';
      response.writeHead(isRefused ? 400 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(isRefused ? { error: { message: said } } : CHAT));
    });
    const settings = { maxTokens: 100_000, temperature: 0.7 };
    const registry = createRegistry(createProviders([{ ...chat, baseUrl: server.url, settings }]));
    expect((await generate(registry.resolve('p/m'), say('hi'), noAbort())).text).toBe('Hi');
    expect(server.requests.map(({ body }) => [body['max_tokens'], body['temperature']])).toEqual([
      [100_000, 0.7],
      [undefined, 0.7],
    ]);
  });

  it.each([
    [{ settings: { temperature: 3 } }, 'settings.temperature'],
    [{ settings: { heat: 1 } }, 'settings'],
    [{ body: { messages: [] } }, 'body.messages'],
    [{ body: { stream: false } }, 'body.stream'],
  ])('is refused as %j at %s', (more, path) => {
    const entry = { ...chat, ...more } as unknown as ProviderConfigInput;
    const refused = { issues: [expect.objectContaining({ path: path.split('.') })] };
    expect(() => createProviders([entry])).toThrow(expect.objectContaining(refused));
  });
});
