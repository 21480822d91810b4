import type { ServerResponse } from 'node:http';
import OpenAI, { APIError } from 'openai';
import { beforeAll, describe, expect, it } from 'vitest';
import type { SeenRequest } from '#providers/testing';
import { engineKinds } from '../../support/engines.js';
import { until } from '../../support/chat.js';
import { USER_HEADER } from '../../support/relay.js';
import { runIdOf, type Stage, useStage } from './support/stage.js';

const say = (content: string) => [{ role: 'user' as const, content }];
const weather = {
  type: 'function' as const,
  function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
};
const PIXEL = 'data:image/png;base64,iVBORw0KGgo=';

const refuse = (response: ServerResponse, status: number, error: object, headers: Record<string, string> = {}) =>
  void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify({ error }));

const frameOf = (fields: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: fields, finish_reason: finish }] })}\n\n`;
const delta = (content: string): string => frameOf({ content });

/** What the server of the test's own does, by the model's name. */
const ANSWERS: Record<string, (response: ServerResponse) => void> = {
  limited: (response) => refuse(response, 429, { message: 'slow down' }, { 'retry-after': '7' }),
  'wrong-key': (response) => refuse(response, 401, { message: 'sk-local is wrong', code: 'invalid_api_key' }),
  gone: (response) => refuse(response, 404, { message: 'no', code: 'model_not_found' }),
  'too-long': (response) => refuse(response, 400, { message: 'long', code: 'context_length_exceeded' }),
  filtered: (response) => refuse(response, 400, { message: 'bad', code: 'content_filter' }),
  busy: (response) => refuse(response, 529, { message: 'busy' }),
  broken: (response) => refuse(response, 500, { message: 'broken' }),
  cut: (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(delta('one '), () => response.write(delta('two'), () => response.end()));
  },
  hangs: (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(delta('one '));
  },
  paints: (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    const images = [{ type: 'image_url', image_url: { url: PIXEL } }];
    response.end(`${delta('Look:')}${frameOf({ content: '', images })}${frameOf({}, 'stop')}data: [DONE]\n\n`);
  },
  silent: (response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders(),
};

function answer(response: ServerResponse, { body }: SeenRequest): void {
  const known = ANSWERS[String(body['model'])];
  if (known) known(response);
  else refuse(response, 404, { message: 'nothing here' });
}

const post = ({ relay }: Stage, body: string, headers = {}) =>
  fetch(`${relay.url}/v1/chat/completions`, { method: 'POST', body, headers });

async function collect<T>(pieces: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const piece of pieces) all.push(piece);
  return all;
}

/** What a failed call throws. */
async function refusal(call: Promise<unknown>): Promise<APIError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof APIError) return error;
  throw new Error(`no API error: ${String(error)}`);
}

describe.each(engineKinds)('the gateway on %s', (engine) => {
  const stage = useStage(engine, answer, 'gateway.config.yaml');
  let openai: OpenAI;
  beforeAll(() => {
    openai = stage.client();
  });

  it('streams an answer as the model says it, and keeps what it came to but not what was said', async () => {
    await stage.provider.script([{ reasoning: [['I ', 'think']], deltas: ['Hel', 'lo ', 'wörld 🎉', '"\n'] }]);
    const stream = await openai.chat.completions.create({
      model: 'fast',
      messages: [{ role: 'system', content: 'Be brief.' }, ...say('secret question')],
      stream: true,
      stream_options: { include_usage: true },
      temperature: 0,
      max_completion_tokens: 50,
      stop: 'END',
    });
    const chunks = await collect(stream);
    const [first] = chunks;
    expect(first).toMatchObject({ object: 'chat.completion.chunk', model: 'fast', usage: null });
    expect(first?.choices[0]).toMatchObject({ delta: { role: 'assistant' }, finish_reason: null });
    const deltas = chunks.flatMap(({ choices }) => choices.map((choice) => choice.delta as Record<string, unknown>));
    expect(deltas.flatMap(({ content }) => (content ? [content] : []))).toEqual(['Hel', 'lo ', 'wörld 🎉', '"\n']);
    expect(deltas.map((one) => one['reasoning_content'] ?? '').join('')).toBe('I think');
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop');
    const usage = chunks.at(-1)?.usage;
    expect(chunks.at(-1)?.choices).toEqual([]);
    expect(usage?.prompt_tokens).toBeGreaterThan(0);
    expect(usage?.total_tokens).toBe((usage?.prompt_tokens ?? 0) + (usage?.completion_tokens ?? 0));

    const [call] = await stage.provider.calls();
    expect(call).toMatchObject({
      model: 'gpt-test',
      instructions: 'Be brief.',
      raw: { temperature: 0, max_tokens: 50, stop: ['END'] },
    });
    const run = await stage.settled(runIdOf(first!));
    expect(run).toMatchObject({ state: 'completed', thread_id: null, request: {}, context: null, provider: 'openai' });
    expect([run.input_tokens, run.output_tokens]).toEqual([usage?.prompt_tokens, usage?.completion_tokens]);
  });

  it('answers as a whole', async () => {
    await stage.provider.script([{ reasoning: [['Hm.']], deltas: ['Hello ', 'world'] }]);
    const { data, response } = await openai.chat.completions
      .create({ model: 'openai/gpt-test', messages: say('Hi') })
      .withResponse();
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(response.headers.get('chatkit-run-id')).toBe(runIdOf(data));
    expect(data).toMatchObject({
      object: 'chat.completion',
      model: 'openai/gpt-test',
      choices: [
        {
          index: 0,
          message: { role: 'assistant', content: 'Hello world', reasoning_content: 'Hm.' },
          finish_reason: 'stop',
        },
      ],
      usage: { prompt_tokens: expect.any(Number) as number },
    });
  });

  it.each([true, false])('makes a round trip through tools (streamed: %s)', async (stream) => {
    await stage.provider.script([
      {
        tool_calls: [
          { name: 'weather', arguments: { city: 'Paris' }, call_id: 'call_1' },
          { name: 'weather', arguments: '', call_id: 'call_2' },
        ],
      },
      { text: 'Sunny.' },
    ]);
    const messages: OpenAI.ChatCompletionMessageParam[] = say('Weather?');
    const ask = async () => {
      const request = { model: 'fast', messages, tools: [weather], tool_choice: 'auto' as const };
      if (!stream) return openai.chat.completions.create(request);
      return openai.chat.completions.stream(request).finalChatCompletion();
    };
    const [asked] = (await ask()).choices;
    expect(asked?.finish_reason).toBe('tool_calls');
    const calls = asked?.message.tool_calls ?? [];
    expect(calls).toMatchObject([
      { id: 'call_1', type: 'function', function: { name: 'weather', arguments: '{"city":"Paris"}' } },
      { id: 'call_2', type: 'function', function: { name: 'weather', arguments: '{}' } },
    ]);
    messages.push(asked!.message);
    for (const { id } of calls) messages.push({ role: 'tool', tool_call_id: id, content: `result of ${id}` });
    expect((await ask()).choices[0]?.message.content).toBe('Sunny.');
    const [first, second] = await stage.provider.calls();
    expect(first).toMatchObject({ tools: ['weather'] });
    expect(second?.input.slice(1)).toEqual([
      { type: 'function_call', call_id: 'call_1', name: 'weather', arguments: '{"city":"Paris"}' },
      { type: 'function_call', call_id: 'call_2', name: 'weather', arguments: '{}' },
      { type: 'function_call_output', call_id: 'call_1', output: 'result of call_1' },
      { type: 'function_call_output', call_id: 'call_2', output: 'result of call_2' },
    ]);
  });

  it('shows a picture to the model, and asks it for JSON', async () => {
    await stage.provider.script([{ text: '{"a":1}' }]);
    const schema = { type: 'object', properties: { a: { type: 'number' } } };
    const format = { type: 'json_schema' as const, json_schema: { name: 'thing', schema } };
    await openai.chat.completions.create({
      model: 'fast',
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is it?' },
            { type: 'image_url', image_url: { url: PIXEL } },
          ],
        },
      ],
      response_format: format,
      tools: [weather],
      parallel_tool_calls: false,
    });
    const [call] = await stage.provider.calls();
    expect(call?.input).toMatchObject([
      { content: [{ type: 'input_text' }, { type: 'input_image', image_url: PIXEL }] },
    ]);
    expect(call).toMatchObject({ raw: { response_format: format, parallel_tool_calls: false } });
  });

  it.each([true, false])(
    'hands on the pictures that a model makes, and takes them back (streamed: %s)',
    async (stream) => {
      const model = 'local/paints';
      type Painted = { images?: { image_url: { url: string } }[]; content?: string | null };
      const ask = async (messages: OpenAI.ChatCompletionMessageParam[]): Promise<Painted[]> => {
        if (stream) {
          const chunks = await collect(await openai.chat.completions.create({ model, messages, stream: true }));
          return chunks.flatMap(({ choices }) => choices.map((choice) => choice.delta as Painted));
        }
        return [(await openai.chat.completions.create({ model, messages })).choices[0]?.message as Painted];
      };
      const said = await ask(say('Paint.'));
      expect(said.map(({ content }) => content ?? '').join('')).toBe('Look:');
      const images = said.flatMap((one) => one.images ?? []);
      expect(images).toEqual([{ type: 'image_url', image_url: { url: PIXEL }, index: 0 }]);
      await ask([...say('Paint.'), { role: 'assistant', content: 'Look:', images } as never, ...say('Greener.')]);
      expect(stage.local.requests.at(-1)?.body['messages']).toEqual([
        { role: 'user', content: 'Paint.' },
        { role: 'assistant', content: 'Look:' },
        {
          role: 'user',
          content: [
            { type: 'image_url', image_url: { url: PIXEL } },
            { type: 'text', text: 'Greener.' },
          ],
        },
      ]);
    },
  );

  it('is no run of the chat', async () => {
    await stage.provider.script([{ deltas: ['Hello'] }]);
    const { id } = await stage.client().chat.completions.create({ model: 'openai/gpt', messages: say('hi') });
    const of = { headers: { [USER_HEADER]: 'ada' } };
    const run = `${stage.relay.url}/chatkit/runs/${runIdOf({ id })}`;
    expect((await fetch(`${run}/events`, of)).status).toBe(404);
    expect((await fetch(`${run}/cancel`, { ...of, method: 'POST' })).status).toBe(404);
  });

  it('lists what a call may name, and finds one', async () => {
    const models = await collect(openai.models.list());
    expect(models.slice(0, 1)).toEqual([{ id: 'fast', object: 'model', created: 0, owned_by: 'openai' }]);
    expect(models.map(({ id }) => id)).toContain('openai/gpt-test');
    expect(await openai.models.retrieve('openai/gpt-test')).toMatchObject({
      id: 'openai/gpt-test',
      owned_by: 'openai',
    });
    const plain = await fetch(`${stage.relay.url}/v1/models/openai/gpt-test`, { headers: { 'x-test-user': 'ada' } });
    expect(await plain.json()).toMatchObject({ id: 'openai/gpt-test' });
    expect(await refusal(openai.models.retrieve('nobody/x'))).toMatchObject({ status: 404, code: 'model_not_found' });
  });

  describe.each([true, false])('tells of failures by status (streamed: %s)', (stream) => {
    const ask = (model: string) => refusal(openai.chat.completions.create({ model, messages: say('Hi'), stream }));

    it.each([
      ['nobody/x', 404, 'model_not_found', 'invalid_request_error'],
      ['local/gone', 404, 'model_not_found', 'invalid_request_error'],
      ['local/wrong-key', 502, 'provider_error', 'server_error'],
      ['local/too-long', 400, 'context_length_exceeded', 'invalid_request_error'],
      ['local/filtered', 400, 'content_filter', 'invalid_request_error'],
      ['local/busy', 503, 'overloaded', 'server_error'],
      ['local/broken', 503, 'provider_unavailable', 'server_error'],
    ])('%s: %i %s', async (model, status, code, type) => {
      const error = await ask(model);
      expect(error).toMatchObject({ status, code, type });
      expect(error.message).not.toContain('sk-local');
    });

    it('passes on how long a provider asks to wait', async () => {
      const error = await ask('local/limited');
      expect(error).toMatchObject({ status: 429, code: 'rate_limit_exceeded', type: 'rate_limit_error' });
      expect((error.headers as Headers).get('retry-after')).toBe('7');
    });
  });

  it('refuses what is no call before anything is stored, and names the field', async () => {
    const stored = await stage.relay.query('SELECT id FROM runs');
    const wrong: [object, string | null][] = [
      [{ model: 'fast', messages: [] }, 'messages'],
      [{ model: 'fast', messages: [{ role: 'nobody', content: 'x' }] }, 'messages[0].role'],
      [{ model: 'fast', messages: [{ role: 'tool', tool_call_id: 'x', content: 'x' }] }, 'messages[0].tool_call_id'],
      [{ model: 'fast', messages: say('x'), temperature: 3 }, 'temperature'],
      [{ model: 'fast', messages: say('x'), n: 2 }, 'n'],
    ];
    for (const [body, param] of wrong) {
      const error = await refusal(openai.chat.completions.create(body as never));
      expect(error).toMatchObject({ status: 400, type: 'invalid_request_error', param });
    }
    const named = { 'x-test-user': 'ada' };
    const unnamed = await post(stage, '{}');
    expect([unnamed.status, await unnamed.json()]).toMatchObject([
      401,
      { error: { type: 'authentication_error', code: 'invalid_api_key' } },
    ]);
    expect((await post(stage, '{', named)).status).toBe(400);
    const large = await post(stage, JSON.stringify({ model: 'fast', messages: say('x'.repeat(5_000_000)) }), named);
    expect([large.status, await large.json()]).toMatchObject([413, { error: { type: 'invalid_request_error' } }]);
    expect(await stage.relay.query('SELECT id FROM runs')).toHaveLength(stored.length);
  });

  it('ends a stream that breaks off in an error, behind what was said', async () => {
    const stream = await openai.chat.completions.create({ model: 'local/cut', messages: say('Hi'), stream: true });
    let text = '';
    const read = async () => {
      for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
    };
    expect(await refusal(read())).toMatchObject({ code: 'provider_error', type: 'server_error' });
    expect(text).toBe('one two');
  });

  it.each([
    ['in mid-stream', 'local/hangs', true],
    ['before the first token', 'local/silent', true],
    ['of a whole answer', 'local/hangs', false],
  ])("closes the provider's connection when the caller leaves %s", async (_, model, stream) => {
    const asked = stage.local.requests.length;
    const gone = new AbortController();
    const call = openai.chat.completions.create({ model, messages: say('Hi'), stream }, { signal: gone.signal });
    const read = async () => {
      for await (const chunk of (await call) as AsyncIterable<unknown>) if (chunk) gone.abort();
    };
    const reading = read().catch(() => undefined);
    const seen = await until('the provider is asked', 10_000, async () => stage.local.requests[asked]);
    if (model === 'local/silent' || !stream) gone.abort();
    await reading;
    expect(await seen.hungUp).toBe(true);
    const [run] = await until('the run is cancelled', 10_000, async () => {
      const rows = await stage.relay.query('SELECT id FROM runs ORDER BY created_at DESC LIMIT 1');
      return rows.length > 0 && rows;
    });
    expect(await stage.settled(String(run?.['id']))).toMatchObject({ state: 'cancelled', request: {} });
  });

  it('keeps 20 streams at once apart', async () => {
    const texts = Array.from({ length: 20 }, (_, n) => Array.from({ length: 40 }, (_one, i) => `${n}:${i} `));
    await stage.provider.script(
      texts.map((deltas, n) => ({ when: { input_contains: `question ${n}.` }, deltas, delay_ms: 1 })),
    );
    const answers = await Promise.all(
      texts.map(async (_, n) => {
        const stream = openai.chat.completions.stream({ model: 'fast', messages: say(`question ${n}.`) });
        return (await stream.finalChatCompletion()).choices[0]?.message.content;
      }),
    );
    expect(answers).toEqual(texts.map((deltas) => deltas.join('')));
  });
});
