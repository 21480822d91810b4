import { setTimeout as wait } from 'node:timers/promises';
import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createProviders } from '../../../config.js';
import { generate } from '../../../spec/generate.js';
import { ProviderError } from '../../../spec/provider-error.js';
import type { LanguageModel } from '../../../spec/language-model.js';
import type { StreamPart } from '../../../spec/stream-part.js';
import { conformance } from '../../../testing/conformance.js';
import { type LocalServer, type SeenRequest, startLocalServer } from '../../../testing/local-server.js';
import { useLocalServers } from '../../../testing/use-local-servers.js';
import { noAbort, say } from '../../../testing/prompts.js';

const KEY = 'sk-test-0123456789';
const serve = useLocalServers();

type Answer = (response: ServerResponse, request: SeenRequest) => void | Promise<void>;

function modelAt(baseUrl: string): LanguageModel {
  const [provider] = createProviders([{ kind: 'openai', apiKey: KEY, baseUrl }]);
  if (!provider) throw new Error('no provider');
  return provider.model('some-model');
}

const delta = (fields: object, finish: string | null = null) =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: fields, finish_reason: finish }] })}\n\n`;
const head = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/event-stream' });
const hello: Answer = (response) => {
  head(response).end(`${delta({ content: 'Hel' })}${delta({ content: 'lo' })}${delta({}, 'stop')}data: [DONE]\n\n`);
};

async function failureOf(model: LanguageModel): Promise<ProviderError> {
  const error: unknown = await generate(model, say('hi'), noAbort()).then(
    () => new Error('it succeeded'),
    (reason: unknown) => reason,
  );
  if (error instanceof ProviderError) return error;
  throw error;
}

conformance('openai', async () => {
  const server = await serve(async (response) => {
    head(response).write(delta({ content: 'one ' }));
    await wait(20);
    response.write(delta({ content: 'two' }));
    response.end(`${delta({}, 'stop')}data: [DONE]\n\n`);
  });
  return modelAt(server.url);
});

/** Sends one delta and then nothing, the connection open. */
const hang: Answer = (response) => void head(response).write(delta({ content: 'one' }));

function closedWithin(server: LocalServer, ms: number): Promise<boolean> {
  return Promise.race([server.requests[0]?.hungUp ?? false, wait(ms, false)]);
}

describe('stopping', () => {
  it('closes the socket as soon as the signal is aborted', async () => {
    const server = await serve(hang);
    const stop = new AbortController();
    const reason = new Error('stopped by test');
    const listen = async () => {
      for await (const part of modelAt(server.url).stream(say('hi'), stop.signal)) {
        if (part.type === 'text-delta') setTimeout(() => stop.abort(reason), 5);
      }
    };
    await expect(listen()).rejects.toBe(reason);
    await expect(closedWithin(server, 500)).resolves.toBe(true);
  });

  it('closes the socket when the loop is left early', async () => {
    const server = await serve(hang);
    for await (const part of modelAt(server.url).stream(say('hi'), noAbort())) if (part.type === 'text-delta') break;
    await expect(closedWithin(server, 500)).resolves.toBe(true);
  });

  it('stops waiting for the headers', async () => {
    const reason = new Error('no patience');
    const stop = new AbortController();
    // Once the server has the request: a fixed time would pass before that on a busy machine.
    const server = await serve(() => stop.abort(reason));
    const answer = generate(modelAt(server.url), say('hi'), stop.signal);
    await expect(answer).rejects.toBe(reason);
    await expect(closedWithin(server, 500)).resolves.toBe(true);
  });

  it('says nothing more of what has already come', async () => {
    const server = await serve(hello);
    const stop = new AbortController();
    const received: StreamPart[] = [];
    const listen = async () => {
      for await (const part of modelAt(server.url).stream(say('hi'), stop.signal)) {
        received.push(part);
        stop.abort(new Error('enough'));
      }
    };
    await expect(listen()).rejects.toThrow('enough');
    expect(received).toHaveLength(1);
  });
});

describe('connections', () => {
  it('uses one connection for one answer after another', async () => {
    const server = await serve(hello);
    const model = modelAt(server.url);
    for (let turn = 0; turn < 5; turn++) {
      expect((await generate(model, say('hi'), noAbort())).text).toBe('Hello');
      // The tail of an answer is let in behind the reader's back.
      await wait(5);
    }
    expect(server.connections()).toBe(1);
  });

  it('does not mind a signal that is aborted after the answer', async () => {
    const server = await serve(hello);
    const stop = new AbortController();
    const model = modelAt(server.url);
    await generate(model, say('hi'), stop.signal);
    stop.abort();
    expect((await generate(model, say('hi'), noAbort())).text).toBe('Hello');
  });

  it('is done at [DONE], even if the server keeps the response open', async () => {
    const server = await serve((response) => {
      head(response).write(`${delta({ content: 'all' }, 'stop')}data: [DONE]\n\n`);
    });
    expect((await generate(modelAt(server.url), say('hi'), noAbort())).text).toBe('all');
  });
});

describe('failures', () => {
  it('calls a server that is not there unavailable', async () => {
    const server = await startLocalServer(() => undefined);
    await server.close();
    const error = await failureOf(modelAt(server.url));
    expect([error.code, error.retryable]).toEqual(['unavailable', true]);
    expect(error.ref).toEqual({ provider: 'openai', model: 'some-model' });
    expect(error.detail).toContain('ECONNREFUSED');
  });

  it('delivers what was said before an error object in the same chunk', async () => {
    const server = await serve((response) => {
      const error = { error: { message: `overloaded, key ${KEY}`, type: 'server_error', code: 'server_overloaded' } };
      head(response).end(`${delta({ content: 'so far' })}data: ${JSON.stringify(error)}\n\n`);
    });
    const received: string[] = [];
    const listen = async () => {
      for await (const part of modelAt(server.url).stream(say('hi'), noAbort())) {
        if (part.type === 'text-delta') received.push(part.text);
      }
    };
    await expect(listen()).rejects.toMatchObject({ code: 'overloaded', detail: expect.stringContaining('[secret]') });
    expect(received).toEqual(['so far']);
  });

  it.each([
    ['an event named error', `event: error\ndata: {"message":"slow down","code":429}\n\n`, 'rate_limited'],
    ['an error of a choice', 'data: {"choices":[{"index":0,"error":{"message":"x","code":502}}]}\n\n', 'unavailable'],
    ['an error of Groq', 'data: {"x_groq":{"error":"over capacity"},"choices":[]}\n\n', 'unavailable'],
    ['nothing but [DONE]', 'data: [DONE]\n\n', 'empty_response'],
    ['no end at all', delta({ content: 'half' }), 'stream_truncated'],
  ])('reads %s', async (_, body, code) => {
    const server = await serve((response) => void head(response).end(body));
    expect((await failureOf(modelAt(server.url))).code).toBe(code);
  });

  it('never puts the key into what it says, even if the provider echoes it', async () => {
    const server = await serve((response) => {
      response.writeHead(401, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({ error: { message: `Incorrect API key provided: ${KEY}`, code: 'invalid_api_key' } }),
      );
    });
    const error = await failureOf(modelAt(server.url));
    expect(error.code).toBe('bad_key');
    expect(error.detail).toContain('Incorrect API key provided: [secret]');
    expect(`${error.stack} ${JSON.stringify(error)}`).not.toContain(KEY);
  });

  it('keeps the status when the body of an error is torn', async () => {
    const server = await serve((response) => {
      response.writeHead(503, { 'content-length': '1000', 'retry-after': '2' });
      response.write('part of');
      setTimeout(() => response.destroy(), 5);
    });
    expect(await failureOf(modelAt(server.url))).toMatchObject({
      code: 'unavailable',
      status: 503,
      retryAfterMs: 2_000,
    });
  });

  it('follows no redirect to another place', async () => {
    const location = 'http://127.0.0.1:1/elsewhere';
    const server = await serve((response) => void response.writeHead(307, { location }).end());
    expect(await failureOf(modelAt(server.url))).toMatchObject({ code: 'bad_request', status: 307 });
    expect(server.requests).toHaveLength(1);
  });

  it('refuses a key that no header can carry, without showing it', async () => {
    const [provider] = createProviders([
      { kind: 'openai', apiKey: 'schlüssel-\u{1f511}', baseUrl: 'http://127.0.0.1:1' },
    ]);
    if (!provider) throw new Error('no provider');
    const error = await failureOf(provider.model('m'));
    expect(error.code).toBe('bad_request');
    expect(String(error.stack)).not.toContain('schlüssel');
  });
});

describe('answers', () => {
  it('takes refusals as text, and a missing finish_reason before [DONE] as another reason', async () => {
    const server = await serve((response) => {
      head(response).end(`${delta({ refusal: 'I will ' })}${delta({ refusal: 'not.' })}data: [DONE]\n\n`);
    });
    const result = await generate(modelAt(server.url), say('hi'), noAbort());
    expect(result).toMatchObject({ text: 'I will not.', finish: { unified: 'other', raw: null } });
  });

  it('finishes an answer that holds no text', async () => {
    const server = await serve((response) => void head(response).end(`${delta({}, 'length')}data: [DONE]\n\n`));
    const result = await generate(modelAt(server.url), say('hi'), noAbort());
    expect(result).toMatchObject({ text: '', finish: { unified: 'length' } });
  });

  it('counts frames it does not know', async () => {
    const server = await serve((response) => {
      head(response).end(`data: {"surprise":1}\n\ndata: 7\n\n${delta({ content: 'x' }, 'stop')}data: [DONE]\n\n`);
    });
    const { warnings } = await generate(modelAt(server.url), say('hi'), noAbort());
    expect(warnings).toEqual([expect.objectContaining({ code: 'unknown_frames', count: 2 })]);
  });

  it('reads choice 0 only', async () => {
    const server = await serve((response) => {
      const other = { choices: [{ index: 1, delta: { content: 'B' }, finish_reason: 'length' }] };
      head(response).end(`data: ${JSON.stringify(other)}\n\n${delta({ content: 'A' }, 'stop')}data: [DONE]\n\n`);
    });
    expect((await generate(modelAt(server.url), say('hi'), noAbort())).text).toBe('A');
  });

  it('sends key, headers and body as documented', async () => {
    const server = await serve(hello);
    const [provider] = createProviders([
      { kind: 'openai', apiKey: KEY, baseUrl: `${server.url}/v1/`, headers: { 'OpenAI-Organization': 'org-1' } },
    ]);
    await generate(provider!.model('a/b'), say('hi'), noAbort());
    expect(server.requests[0]).toMatchObject({
      method: 'POST',
      path: '/v1/chat/completions',
      headers: { authorization: `Bearer ${KEY}`, 'openai-organization': 'org-1', 'content-type': 'application/json' },
      body: { model: 'a/b', stream: true, stream_options: { include_usage: true } },
    });
  });

  it('sends no authorization without a key', async () => {
    const server = await serve(hello);
    const [provider] = createProviders([{ kind: 'openai', baseUrl: server.url }]);
    await generate(provider!.model('m'), say('hi'), noAbort());
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
  });
});
