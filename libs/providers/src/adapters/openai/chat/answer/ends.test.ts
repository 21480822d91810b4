import { describe, expect, it } from 'vitest';
import { chatReader, chunk, DONE, readChunks, STOP } from '../../../../testing/chat-stream.js';

const HALF = chunk({ content: 'The result is 4' });
const usage = (fields: object | null) => `data: ${JSON.stringify({ choices: [], usage: fields })}\n\n`;
const image = (url: string) => ({ type: 'image_url', image_url: { url } });
const whole = (message: object) => ({
  object: 'chat.completion',
  choices: [{ index: 0, message, finish_reason: 'stop' }],
});
const piece = (content: string) => ({ choices: [{ index: 0, delta: { content } }] });
const lines = [piece('Hel'), piece('lo'), { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] }];
const data = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;

describe('a failure in the stream', () => {
  it.each<[string, string, string]>([
    ['an error object', data({ error: { message: 'no', type: 'server_error' } }), 'unavailable'],
    ['an error beside choices', data({ error: { code: 429 }, choices: [{ delta: {} }] }), 'rate_limited'],
    ['an error string', data({ error: 'model crashed' }), 'unavailable'],
    ['an error that is true', data({ error: true, message: 'model is overloaded' }), 'overloaded'],
    ['the object "error" of vLLM', data({ object: 'error', message: 'EngineCore', code: 500 }), 'unavailable'],
    [
      'the object "error" with a word',
      data({ object: 'error', message: 'x', type: 'rate_limit_error' }),
      'rate_limited',
    ],
    ["FastAPI's detail", data({ detail: 'Internal server error' }), 'unavailable'],
    ["FastAPI's list", data({ detail: [{ loc: ['body'], msg: 'wrong' }] }), 'unavailable'],
    ['an error of the choice', chunk({}, null, { error: { message: 'x', code: 502 } }), 'unavailable'],
    ['an error of Groq', data({ x_groq: { error: 'over capacity' }, choices: [] }), 'unavailable'],
    ['an event called error', 'event: error\ndata: {"message":"slow down","code":429}\n\n', 'rate_limited'],
    ['an event called error with words', 'event: error\ndata: upstream went away\n\n', 'unavailable'],
    ['a code in digits', data({ code: '429', message: 'slow' }), 'rate_limited'],
    ['nothing but a message', data({ message: 'Internal server error' }), 'unavailable'],
    ['a list of errors', data({ success: false, errors: [{ code: 7009, message: 'Upstream' }] }), 'unavailable'],
    ["MiniMax's status", data({ base_resp: { status_code: 1002, status_msg: 'rate limit' } }), 'rate_limited'],
    ['no status', data({ error: { message: 'maximum context length is 8192 tokens' } }), 'context_too_long'],
    ['finish_reason error', chunk({}, 'error'), 'unavailable'],
    ['finish_reason abort', chunk({}, 'abort'), 'unavailable'],
    ['finish_reason network_error', chunk({}, 'network_error'), 'unavailable'],
    ['finish_reason insufficient_system_resource', chunk({}, 'insufficient_system_resource'), 'overloaded'],
    ['finish_reason MALFORMED_FUNCTION_CALL', chunk({}, 'MALFORMED_FUNCTION_CALL'), 'malformed_response'],
    ['a finish_reason and the cause behind it', chunk({}, 'error') + data({ error: { code: 429 } }), 'rate_limited'],
  ])('%s is told, and what was said before is delivered', async (_, frame, code) => {
    for (const chunks of [[HALF, frame, DONE], [HALF + frame + DONE]]) {
      const { error, answer } = await readChunks(chunks);
      expect([error?.code, answer.text]).toEqual([code, 'The result is 4']);
    }
    expect((await readChunks([frame, DONE])).error?.code).toBe(code);
  });

  it('is none when its error is empty', async () => {
    const frames = [null, {}, '', [], { code: 0, message: '' }].map((error) => data({ error, choices: [] }));
    const { error, answer } = await readChunks([HALF, ...frames, STOP, DONE]);
    expect([error, answer.text, answer.warnings]).toEqual([undefined, 'The result is 4', []]);
  });

  it('is none of the answer that has ended well before', async () => {
    const { error, answer } = await readChunks([HALF, STOP, data({ error: { message: 'usage is late' } }), DONE]);
    expect(error).toBeUndefined();
    expect(answer).toMatchObject({ text: 'The result is 4', warnings: [{ code: 'unknown_frames', count: 1 }] });
  });

  it('of Groq, whose model wrote an unreadable call, may be tried again', async () => {
    const said = { message: 'Failed to call a function', type: 'invalid_request_error', code: 'tool_use_failed' };
    const { error } = await readChunks([data({ error: { ...said, failed_generation: '<function=f>' } })]);
    expect([error?.code, error?.retryable]).toEqual(['malformed_response', true]);
  });
});

describe('the end', () => {
  it.each([
    ['behind [DONE] alone', HALF + DONE, {}, undefined],
    [
      'behind [DONE] alone, of a server that always gives a reason',
      HALF + DONE,
      { alwaysFinishes: true },
      'stream_truncated',
    ],
    ['without anything', HALF, {}, 'stream_truncated'],
    [
      'behind nothing but an announcement',
      chunk({ role: 'assistant' }) + DONE,
      { alwaysFinishes: true },
      'stream_truncated',
    ],
    ['of a damaged stream', `${HALF}data: {"choi\n\n${DONE}`, { alwaysFinishes: true }, undefined],
    ['with a reason alone', HALF + STOP, { alwaysFinishes: true }, undefined],
    ['of no choice', DONE, {}, 'empty_response'],
  ])('%s', async (_, body, quirks, code) => {
    const { error, answer } = await readChunks([body], { reader: chatReader(quirks) });
    expect(error?.code).toBe(code);
    const isUnsure = code === undefined && !body.includes('"stop"');
    expect(answer.warnings.some((warning) => warning.code === 'unclear_finish')).toBe(isUnsure);
  });

  it('is not taken from placeholders, nor taken back by a later stop', async () => {
    const { answer } = await readChunks([chunk({ content: 'a' }, 'null'), chunk({}, 'length'), STOP, DONE]);
    expect(answer.finish).toEqual({ unified: 'length', raw: 'length' });
  });
});

describe('frames that are no JSON', () => {
  const A = chunk({ content: 'A' });
  const B = chunk({ content: 'B' });
  it.each([
    ['in the middle', [A, 'data: {oops\n\n', B, STOP, DONE], 1],
    ['at the beginning', ['data: {oops\n\n', A, B, STOP, DONE], 1],
    ['behind the reason', [A, B, STOP, 'data: <html>\n\n', DONE], 1],
    ['behind the reason, without [DONE]', [A, B, STOP, 'data: oops\n\n'], 1],
    ['several', [A, 'data: x\n\n', B, 'data: y\n\n', STOP, DONE], 2],
    ['as empty data', [A, 'data:\n\n', 'data: \n\n', B, STOP, DONE], 0],
    ['as comments', [': OPENROUTER PROCESSING\n\n', A, ':\n\n', B, STOP, DONE], 0],
    ['as pings', [A, 'event: ping\ndata: {"type":"ping"}\n\n', 'event: ping\ndata: hello\n\n', B, STOP, DONE], 0],
    ['as one frame, for want of blank lines', [A, B, STOP, DONE].map((frame) => frame.replace('\n\n', '\n')), 0],
    ['as doubled fields', [A, B, STOP].map((frame) => `data: ${frame}`), 0],
  ])('%s are skipped and counted', async (_, frames, count) => {
    for (const chunks of [frames, [frames.join('')]]) {
      const { error, answer } = await readChunks(chunks);
      expect([error, answer.text]).toEqual([undefined, 'AB']);
      const skipped = answer.warnings.map((warning) => [warning.code, 'count' in warning && warning.count]);
      expect(skipped).toEqual(count === 0 ? [] : [['unknown_frames', count]]);
    }
  });

  it('fail an answer that holds nothing else, saying how much came', async () => {
    const { error } = await readChunks(['data: upstream connect error\n\n']);
    expect([error?.code, error?.detail]).toEqual([
      'malformed_response',
      'expected JSON, got something else: 22 characters of text/event-stream',
    ]);
  });
});

describe('a body that is not what was asked for', () => {
  it.each([
    ['one JSON value', JSON.stringify(whole({ content: 'Hello' }))],
    ['one JSON value on several lines', JSON.stringify(whole({ content: 'Hello' }), null, 2)],
    ['one JSON value behind a byte order mark', `\uFEFF \n${JSON.stringify(whole({ content: 'Hello' }))}`],
    ['a JSON value on each line', lines.map((line) => JSON.stringify(line)).join('\n')],
    ['server-sent events', [...lines.map((line) => `data: ${JSON.stringify(line)}`), 'data: [DONE]'].join('\n\n')],
    ['a whole message as an event', `data: ${JSON.stringify(whole({ content: 'Hello' }))}\n\n${DONE}`],
    [
      'messages instead of deltas',
      chunk(null, null, { message: { content: 'Hel' } }) + chunk(null, 'stop', { message: { content: 'lo' } }),
    ],
    [
      'messages that grow',
      chunk(null, null, { message: { content: 'Hel' } }) + chunk(null, 'stop', { message: { content: 'Hello' } }),
    ],
    [
      'deltas, and the message once more',
      chunk({ content: 'Hello' }) + chunk({}, 'stop', { message: { content: 'Hello' } }),
    ],
    [
      'an empty delta beside the message',
      chunk({ role: 'assistant' }) + chunk({}, 'stop', { message: { content: 'Hello' } }),
    ],
    ['texts of completions', chunk(null, null, { text: 'Hel' }) + chunk(null, 'stop', { text: 'lo' })],
  ])('%s is read, whatever it is called', async (_, body) => {
    for (const contentType of ['text/event-stream', 'application/json', 'text/plain', 'text/html', '']) {
      const inBytes = [...Buffer.from(body)].map((byte) => Uint8Array.of(byte));
      for (const chunks of [[body], inBytes]) {
        const { error, answer, faults } = await readChunks(chunks, { contentType });
        expect([contentType, error, answer.text, faults]).toEqual([contentType, undefined, 'Hello', []]);
      }
    }
  });

  it.each([
    ['{"error":{"message":"too long","type":"exceed_context_size_error","code":400}}', 'context_too_long'],
    ['[{"error":{"code":429,"message":"slow"}}]', 'rate_limited'],
    ['{\n "detail": "Not today"\n}', 'unavailable'],
    ['<html><h1>502</h1></html>', 'malformed_response'],
    ['Internal Server Error', 'malformed_response'],
    ['{"half": ', 'malformed_response'],
    ['', 'stream_truncated'],
  ])('%s is %s', async (body, code) => {
    for (const contentType of ['text/event-stream', 'application/json']) {
      expect([contentType, (await readChunks([body], { contentType })).error?.code]).toEqual([contentType, code]);
    }
  });
});

it('keeps a usage that an empty one follows', async () => {
  const { answer } = await readChunks([
    HALF,
    STOP,
    usage({ prompt_tokens: 3, completion_tokens: 4 }),
    usage({}),
    usage(null),
    usage({ prompt_tokens: 0, completion_tokens: 0, total_tokens: 7 }),
    DONE,
  ]);
  expect(answer.usage).toEqual({ inputTokens: 3, outputTokens: 4, totalTokens: 7 });
});

describe('pictures', () => {
  const PNG = 'data:image/png;base64,AAAA';

  it.each([
    ['of a delta', chunk({ content: 'Here: ' }) + chunk({ images: [image(PNG)] }) + STOP],
    [
      'that come twice',
      chunk({ content: 'Here: ', images: [image(PNG)] }) +
        chunk({}, 'stop', { message: { content: 'Here: ', images: [image(PNG)] } }),
    ],
    ['of a whole message', chunk(null, 'stop', { message: { content: 'Here: ', images: [image(PNG)] } })],
    ['among the content', chunk({ content: [{ type: 'text', text: 'Here: ' }, image(PNG)] }) + STOP],
  ])('%s are parts of the answer', async (_, body) => {
    const { parts, answer, faults } = await readChunks([body, DONE]);
    expect([answer.text, faults]).toEqual(['Here: ', []]);
    const ends = parts.filter(({ type }) => type === 'image-end');
    expect(ends).toEqual([{ type: 'image-end', id: expect.any(String), mediaType: 'image/png', data: 'AAAA' }]);
  });

  it('that are only linked are shown as links', async () => {
    const { answer } = await readChunks([chunk({ images: [image('https://x.test/a.png')] }), STOP, DONE]);
    expect(answer.text).toBe('![](https://x.test/a.png)');
  });
});
