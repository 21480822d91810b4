import { afterEach, describe, expect, it } from 'vitest';
import { createProviders, ProviderConfig } from '../config.js';
import { createRegistry } from '../registry.js';
import type { ModelNameMap } from '../model-names.js';
import type { Message, ReasoningPart } from '../spec/prompt.js';
import { collect, noAbort } from '../testing/prompts.js';
import { type LocalServer, startLocalServer } from '../testing/local-server.js';

let server: LocalServer | undefined;
afterEach(() => server?.close());

const said = (role: 'user' | 'assistant', text: string) => ({ role, content: [{ type: 'text', text }] }) as Message;
const FAILED_TURN = [said('user', 'a'), said('user', 'b')];
const CALL = { type: 'tool-call', callId: 'c', name: 'f', arguments: '{}' } as const;
const ROUND: Message = { role: 'assistant', content: [CALL] };
const RESULT: Message = { role: 'tool', content: [{ type: 'tool-result', callId: 'c', name: 'f', output: '1' }] };
const THOUGHT =
  'data: {"choices":[{"index":0,"delta":{"reasoning_content":"hm","content":"hi"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';

/** The roles of what a server gets for two messages of the user, by the public name `it` when there are names. */
async function rolesFor(more: object, names?: ModelNameMap): Promise<string[]> {
  server = await startLocalServer((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(THOUGHT);
  });
  const providers = createProviders([{ kind: 'vllm', baseUrl: server.url, ...more }]);
  const model = names ? createRegistry(providers, { names }).resolve('it') : providers[0]!.model('m');
  await collect(model.stream({ prompt: FAILED_TURN }, noAbort()));
  return (server.requests[0]!.body['messages'] as { role: string }[]).map(({ role }) => role);
}

describe('a conversation', () => {
  it('fits what the kind demands, without a registry too', async () => {
    expect(await rolesFor({})).toEqual(['user']);
  });

  it('fits what the entry of the provider says', async () => {
    expect(await rolesFor({ conversation: { alternate: false } })).toEqual(['user', 'user']);
    await server?.close();
    expect(await rolesFor({ apiKeys: ['k1', 'k2'], conversation: { alternate: false } })).toEqual(['user', 'user']);
    await server?.close();
    const listed = { models: ['m'], defaultModel: 'm', onlyListed: true, conversation: { alternate: false } };
    expect(await rolesFor(listed)).toEqual(['user', 'user']);
  });

  it('fits what a public name says before the provider is heard', async () => {
    const names = { it: { model: 'vllm/m', conversation: { alternate: true } } };
    expect(await rolesFor({ conversation: { alternate: false } }, names)).toEqual(['user']);
    await server?.close();
    const listed = { models: ['m'], defaultModel: 'm', onlyListed: true, conversation: { alternate: false } };
    expect(await rolesFor(listed, names)).toEqual(['user']);
  });

  it.each([
    ['prefill', [said('user', 'a'), said('assistant', 'b')], ['user', 'user']],
    ['alternation', FAILED_TURN, ['user']],
    ['system_role', [{ role: 'system', content: 'x' }, said('user', 'a')], ['user']],
    ['tools', [...FAILED_TURN, ROUND, RESULT], ['user', 'user', 'user']],
  ] as const)('fits rules that the model has shown by refusing %s', async (feature, prompt, expected) => {
    server = await startLocalServer((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(THOUGHT);
    });
    const conversation = {
      system: 'anywhere',
      firstFromUser: false,
      alternate: false,
      userAfterTool: true,
      prefill: true,
    } as const;
    const [provider] = createProviders([{ kind: 'vllm', baseUrl: server.url, conversation }]);
    const rolesOf = () => (server!.requests.at(-1)!.body['messages'] as { role: string }[]).map(({ role }) => role);
    await collect(provider!.model('m').stream({ prompt }, noAbort()));
    expect(rolesOf()).toEqual(prompt.map(({ role }) => role));
    await collect(provider!.model('m').stream({ prompt, without: new Set([feature]) }, noAbort()));
    expect(rolesOf()).toEqual(expected);
  });

  it('fails before a call where it is empty', async () => {
    server = await startLocalServer(() => undefined);
    const [provider] = createProviders([{ kind: 'vllm', baseUrl: server.url }]);
    const stream = provider!.model('m').stream({ prompt: [] }, noAbort());
    await expect(collect(stream)).rejects.toMatchObject({
      code: 'bad_request',
      retryable: false,
      ref: { provider: 'vllm', model: 'm' },
    });
    expect(server.requests).toEqual([]);
  });

  it.each([
    [{ alternate: 'yes' }, 'conversation.alternate'],
    [{ alternates: true }, 'conversation'],
    [{ callIds: { alphabet: 'word', minLength: 9, maxLength: 8 } }, 'conversation.callIds'],
    [{ callIds: { alphabet: 'word', minLength: 1, maxLength: 2 } }, 'conversation.callIds'],
  ])('is refused at the start as %j', (conversation, path) => {
    const { error } = ProviderConfig.safeParse({ kind: 'vllm', conversation });
    expect(error?.issues[0]?.path.join('.')).toBe(path);
  });
});

async function thoughtOf(apiKey: string, model: string): Promise<ReasoningPart> {
  const [provider] = createProviders([{ kind: 'deepseek', baseUrl: server!.url, apiKey }]);
  const parts = await collect(provider!.model(model).stream({ prompt: FAILED_TURN }, noAbort()));
  const replay = parts.find((part) => part.type === 'reasoning-replay');
  if (!replay) throw new Error('no thought came');
  return replay.reasoning;
}

describe('the thoughts of a model', () => {
  it('say which model and account had them, without the key', async () => {
    server = await startLocalServer((response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(THOUGHT);
    });
    const [first, again, other] = [await thoughtOf('k1', 'm'), await thoughtOf('k1', 'm'), await thoughtOf('k2', 'n')];
    expect(first).toMatchObject({ provider: 'deepseek', model: 'm', data: { reasoning_content: 'hm' } });
    expect(again.account).toBe(first.account);
    expect(other.account).not.toBe(first.account);
    expect(first.account).toMatch(/^[0-9a-f]{12}$/);
  });
});
