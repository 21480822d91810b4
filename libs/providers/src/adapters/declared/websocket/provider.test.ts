import { describe, expect, it } from 'vitest';
import {
  ask,
  modelAt,
  type Protocol,
  PROTOCOLS,
  providerAt,
  useTalkServers,
} from '../../../../../../test/support/talk-provider.js';
import { type Asked, hello, KEY } from '../../../../../../test/support/talk-server.js';
import { generate } from '../../../spec/generate.js';
import type { StreamPart } from '../../../spec/stream-part.js';
import { conformance } from '../../../testing/conformance.js';
import { noAbort, say } from '../../../testing/prompts.js';
import { failureOf } from '../../../testing/failure-of.js';

const serve = useTalkServers();

for (const protocol of PROTOCOLS) {
  conformance(`a WebSocket API (${protocol})`, async () => modelAt(protocol, await serve(protocol)));
}

describe('what is sent and read', () => {
  it('is what the example declares', async () => {
    const server = await serve('talk');
    const call = { ...say('hi'), settings: { temperature: 0, topK: 3 }, caller: { tenantId: 't', userId: 'ada' } };
    const answer = await generate(modelAt('talk', server), call, noAbort());
    expect(server.handshakes[0]).toMatchObject({ url: '/v1', headers: { 'sec-websocket-protocol': 'talk.v1' } });
    const messages = [{ from: 'user', text: 'hi' }];
    expect(server.asked[0]?.message).toMatchObject({ model: 'talk-large', temperature: 0, user: 'ada', messages });
    expect(answer).toMatchObject({
      text: 'Hello wörld',
      reasoning: 'Hm.',
      finish: { unified: 'stop', raw: 'end' },
      usage: { inputTokens: 7, outputTokens: 2 },
      warnings: [{ code: 'unsupported_setting', setting: 'topK' }],
    });
  });

  it('is distinguished without types', async () => {
    const answer = await ask(modelAt('plain', await serve('plain')));
    expect(answer).toMatchObject({ text: 'Hello wörld', finish: { unified: 'stop' }, usage: { totalTokens: 9 } });
  });

  it('is a thought where that is marked, though it stands where texts do', async () => {
    const response = { type: 'type', id: 'id', text: 'text', reasoning: 'text' };
    const kinds = { reasoning: 'thought', done: 'done', ignored: 'accepted' };
    const model = modelAt('talk', await serve('talk'), { response: { ...response, kinds } });
    expect(await ask(model)).toMatchObject({ text: 'Hello wörld', reasoning: 'Hm.' });
  });

  it('ends for the reason that the API gives', async () => {
    const server = await serve('talk', {
      answer({ send }) {
        send({ type: 'token', text: 'a' });
        send({ type: 'done', reason: 'cut' });
      },
    });
    expect((await ask(modelAt('talk', server))).finish).toEqual({ unified: 'length', raw: 'cut' });
  });

  it('offers the models that are declared', async () => {
    const server = await serve('talk');
    expect(await providerAt('talk', server).listModels(noAbort())).toEqual([
      { id: 'talk-large' },
      { id: 'talk-small' },
    ]);
    expect(server.handshakes).toEqual([]);
  });
});

const failing = async (answer: (asked: Asked) => void, protocol: Protocol = 'talk') => {
  const server = await serve(protocol, { answer });
  const model = modelAt(protocol, server);
  const received: StreamPart[] = [];
  const listen = async () => {
    for await (const part of model.stream(say('hi'), noAbort())) received.push(part);
  };
  const error = await failureOf(listen());
  return { error, server, model, said: received.flatMap((part) => (part.type === 'text-delta' ? [part.text] : [])) };
};

describe('an answer that fails', () => {
  it('says what came before, and leaves the connection to others', async () => {
    let first = true;
    const { error, said, server, model } = await failing((asked) => {
      if (!first) return void hello(asked);
      first = false;
      asked.send({ type: 'token', text: 'Hello ' });
      asked.send({ type: 'error', code: 'quota', message: 'enough for today' });
    });
    expect(error).toMatchObject({ code: 'rate_limited', ref: { provider: 'talk', model: 'talk-large' } });
    expect(error.detail).toBe('in mid-stream: quota enough for today');
    expect(said).toEqual(['Hello ']);
    expect((await ask(model)).text).toBe('Hello wörld');
    expect(server.handshakes).toHaveLength(1);
  });

  it('is known without a type', async () => {
    const { error } = await failing(({ send }) => send({ error: { code: 'content_filter', text: 'no' } }), 'plain');
    expect(error.code).toBe('content_filtered');
  });

  it.each<[string, string, string, object[]]>([
    ['is empty', 'empty_response', 'no text', [{ type: 'done' }]],
    ['fits nothing', 'malformed_response', 'type, data.words', [{ type: 'chunk', data: { words: 'x' } }]],
    [
      'has no text where it should',
      'malformed_response',
      'type, data.words',
      [{ type: 'token', data: { words: 'x' } }],
    ],
  ])('%s: %s', async (_, code, words, messages) => {
    const { error } = await failing(({ send }) => messages.forEach(send));
    expect([error.code, error.detail]).toEqual([code, expect.stringContaining(words)]);
  });

  it('has something else than text where the text is', async () => {
    const { error } = await failing(({ send }) => send({ delta: { html: 'x' } }), 'plain');
    expect(error).toMatchObject({ code: 'malformed_response', detail: expect.stringContaining('seen: delta.html') });
  });

  it('does not for a message that came to be later', async () => {
    const server = await serve('talk', {
      answer({ send }) {
        send({ type: 'token', text: 'a' });
        send({ type: 'mood', smile: true });
        send({ type: 'done' });
      },
    });
    expect((await ask(modelAt('talk', server))).warnings).toMatchObject([{ code: 'unknown_frames', count: 1 }]);
  });

  it.each(PROTOCOLS)('holds garbage: %s', async (protocol) => {
    const { error } = await failing(({ socket }) => socket.send('<html>'), protocol);
    expect(error).toMatchObject({ code: 'malformed_response', detail: 'a message that is not JSON' });
  });

  it('does not say whose it is', async () => {
    const { error } = await failing(({ socket }) => socket.send('{"type":"token","text":"x"}'));
    expect(error).toMatchObject({ code: 'malformed_response', detail: expect.stringContaining('seen: type, text') });
  });

  it.each(PROTOCOLS)('is cut in the middle: %s', async (protocol) => {
    const { error, said, server } = await failing(({ send, socket }) => {
      send({ type: 'token', text: 'Hello ', ...(protocol === 'plain' && { delta: 'Hello ' }) });
      setTimeout(() => socket.terminate(), 5);
    }, protocol);
    expect([error.code, said]).toEqual(['stream_truncated', ['Hello ']]);
    expect(server.asked).toHaveLength(1);
  });

  it('is cut on a new connection before it begins, and is not asked for again by itself', async () => {
    const { error, server } = await failing(({ socket }) => socket.terminate());
    expect([error.code, server.asked.length]).toEqual(['unavailable', 1]);
  });
});

it('hides the key', async () => {
  const server = await serve('talk', {
    answer: ({ send }) => send({ type: 'error', code: 'x', message: `key ${KEY}` }),
  });
  expect((await failureOf(ask(modelAt('talk', server)))).detail).toBe('in mid-stream: x key [secret]');
});
