import { afterEach, describe, expect, it } from 'vitest';
import { createProviders } from '../../config.js';
import { generate } from '../../spec/generate.js';
import { type LocalServer, startLocalServer } from '../../testing/local-server.js';
import { collect, noAbort, say } from '../../testing/prompts.js';
import { failureOf } from '../../testing/failure-of.js';
import { streamsOverHttp } from '../../testing/transport-faults.js';
import { faultsOf } from '../../testing/well-formed.js';

let server: LocalServer | undefined;
afterEach(() => server?.close());

const line = (fields: object) => `${JSON.stringify({ model: 'm', done: false, ...fields })}\n`;
const says = (message: object) => line({ message: { role: 'assistant', content: '', ...message } });
const DONE = line({
  message: { role: 'assistant', content: '' },
  done: true,
  done_reason: 'stop',
  prompt_eval_count: 3,
  eval_count: 2,
});

const ollamaAt = (baseUrl: string) => createProviders([{ kind: 'ollama', baseUrl }])[0]!;

streamsOverHttp('ollama', {
  contentType: 'application/x-ndjson',
  frames: [says({ content: 'Hello ' }), says({ content: 'wörld' }), DONE],
  modelAt: (url) => ollamaAt(url).model('m'),
});

async function modelAnswering(body: string, { status = 200, type = 'application/x-ndjson' } = {}) {
  server = await startLocalServer((response) => void response.writeHead(status, { 'content-type': type }).end(body));
  return ollamaAt(server.url).model('m');
}

describe('an answer', () => {
  it.each(['', '/', '/v1', '/v1/', '/api'])('is asked for at the base URL with "%s"', async (suffix) => {
    await modelAnswering(says({ content: 'x' }) + DONE);
    await generate(ollamaAt(`${server!.url}${suffix}`).model('m'), say('hi'), noAbort());
    expect(server!.requests[0]).toMatchObject({
      method: 'POST',
      path: '/api/chat',
      body: { model: 'm', stream: true },
    });
  });

  it('has usage and the reason to stop', async () => {
    const answer = await generate(await modelAnswering(says({ content: 'x' }) + DONE), say('hi'), noAbort());
    expect(answer).toMatchObject({
      text: 'x',
      finish: { unified: 'stop', raw: 'stop' },
      usage: { inputTokens: 3, outputTokens: 2 },
    });
  });

  it('has thoughts, and gives them back for the next call of a tool loop', async () => {
    const call = { function: { name: 'f', arguments: { b: 1, a: 2 } } };
    const model = await modelAnswering(
      says({ thinking: 'let me' }) + says({ thinking: ' see' }) + says({ tool_calls: [call, call] }) + DONE,
    );
    const parts = await collect(model.stream(say('hi'), noAbort()));
    expect(faultsOf(parts)).toEqual([]);
    const types = parts.map(({ type }) => type);
    expect(types.indexOf('reasoning-replay')).toBeLessThan(types.indexOf('tool-call-start'));
    expect(parts).toContainEqual({
      type: 'reasoning-replay',
      reasoning: expect.objectContaining({ provider: 'ollama', data: { thinking: 'let me see' } }) as object,
    });
    const ids = parts.flatMap((part) => (part.type === 'tool-call-start' ? [part.callId] : []));
    expect(ids).toEqual([expect.stringMatching(/^call_./), expect.stringMatching(/^call_./)]);
    expect(new Set(ids).size).toBe(2);
    const given = parts.flatMap((part) => (part.type === 'tool-call-delta' ? [part.arguments] : []));
    expect(given).toEqual(['{"b":1,"a":2}', '{"b":1,"a":2}']);
  });

  it('may come whole', async () => {
    const model = await modelAnswering(DONE.replace('"content":""', '"content":"all"'), { type: 'application/json' });
    expect((await generate(model, say('hi'), noAbort())).text).toBe('all');
  });

  it('ends with done, even if the server keeps the response open', async () => {
    server = await startLocalServer((response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' }).write(says({ content: 'x' }) + DONE);
    });
    expect((await generate(ollamaAt(server.url).model('m'), say('hi'), noAbort())).text).toBe('x');
  });
});

describe('a failure', () => {
  it.each([
    [
      'an error in mid-stream',
      `${says({ content: 'so far' })}{"error":"llama runner process has terminated"}\n`,
      'unavailable',
    ],
    ['an error before anything', '{"error":"an error was encountered while running the model"}\n', 'unavailable'],
    ['no done', says({ content: 'half' }), 'stream_truncated'],
    ['nothing', '', 'stream_truncated'],
    ['no message', '{"done":true}\n', 'empty_response'],
    ['no JSON', 'Internal error\n', 'malformed_response'],
  ])('%s', async (_, body, code) => {
    expect((await failureOf(generate(await modelAnswering(body), say('hi'), noAbort()))).code).toBe(code);
  });

  it.each([
    [404, '{"error":"model \\"x\\" not found, try pulling it first"}', 'model_unknown'],
    [400, '{"error":"\\"m\\" does not support tools"}', 'bad_request'],
    [400, '{"error":"the prompt exceeds the context length"}', 'context_too_long'],
    [503, '{"error":"server busy, please try again"}', 'unavailable'],
  ])('%i %s', async (status, body, code) => {
    const model = await modelAnswering(body, { status, type: 'application/json' });
    expect((await failureOf(generate(model, say('hi'), noAbort()))).code).toBe(code);
  });

  it('delivers what was said before it in the same chunk', async () => {
    const model = await modelAnswering(`${says({ content: 'so far' })}{"error":"x"}\n`);
    const received: string[] = [];
    const listen = async () => {
      for await (const part of model.stream(say('hi'), noAbort()))
        if (part.type === 'text-delta') received.push(part.text);
    };
    await expect(listen()).rejects.toMatchObject({ code: 'unavailable' });
    expect(received).toEqual(['so far']);
  });
});

describe('models', () => {
  it.each([
    [
      '{"models":[{"name":"llama3.2:latest","model":"llama3.2:latest"},{"name":"qwen3"}]}',
      ['llama3.2:latest', 'qwen3'],
    ],
    ['{"models":null}', []],
  ])('are those of %s', async (body, ids) => {
    await modelAnswering(body, { type: 'application/json' });
    expect((await ollamaAt(server!.url).listModels(noAbort())).map(({ id }) => id)).toEqual(ids);
    expect(server!.requests[0]).toMatchObject({ method: 'GET', path: '/api/tags' });
  });

  it('tell whether the server is there', async () => {
    await modelAnswering('{"models":[]}', { type: 'application/json' });
    expect(await ollamaAt(server!.url).healthCheck(noAbort())).toMatchObject({ ok: true });
    expect(await ollamaAt('http://127.0.0.1:1').healthCheck(noAbort())).toMatchObject({ ok: false });
  });
});
