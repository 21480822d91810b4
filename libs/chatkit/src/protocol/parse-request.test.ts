import { describe, expect, it } from 'vitest';
import { parseRequest } from './parse-request.js';

function structured(input: object) {
  return { type: 'threads.add_structured_input', params: { thread_id: 'thr_1', item_id: 'msg_1', input } };
}

describe('parseRequest', () => {
  it('returns a request with its defaults', () => {
    expect(parseRequest({ type: 'threads.list', params: {} })).toEqual({
      ok: true,
      request: { type: 'threads.list', params: { limit: 20, order: 'desc' }, metadata: {} },
    });
  });

  it.each([undefined, null, 'text', 7, []])('refuses the body %j [ER-2]', (body) => {
    expect(parseRequest(body)).toEqual({
      ok: false,
      reason: 'invalid',
      message: 'The request body must be a JSON object.',
      issues: [],
    });
  });

  it.each([
    [{}, 'type is required'],
    [{ params: {} }, 'type is required'],
    [{ type: 7, params: {} }, 'type must be a string'],
    [{ type: 'threads.list' }, 'params is required'],
    [{ type: 'threads.list', params: {}, metadata: null }, 'metadata must be an object'],
    [{ type: 'threads.list', params: { limit: 5.5 } }, 'params.limit must be a whole number, not a fraction'],
    [{ type: 'threads.list', params: { limit: -1 } }, 'params.limit must be 0 or more'],
    [{ type: 'threads.list', params: { order: 'up' } }, 'params.order must be "asc" or "desc"'],
    [{ type: 'threads.get_by_id', params: { thread_id: 7 } }, 'params.thread_id must be a string, not a number'],
    [{ type: 'threads.create', params: {} }, 'params.input is required'],
    [{ type: 'threads.create', params: { input: null } }, 'params.input must be an object, not null'],
    [{ type: 'threads.add_client_tool_output', params: { thread_id: 'thr_1' } }, 'params.result is required'],
    [
      { type: 'input.transcribe', params: { audio_base64: '?', mime_type: 'a/b' } },
      'params.audio_base64 must be text in base64',
    ],
    [structured({ answers: [] }), 'params.input.answers must be an object, not an array'],
  ])('says what is wrong with %j', (body, words) => {
    const message = `The request is not valid: ${words}.`;
    expect(parseRequest(body)).toMatchObject({ ok: false, reason: 'invalid', message });
  });

  it('lists every issue with its path', () => {
    const input = { content: [{ type: 'input_image' }], attachments: 'none', inference_options: {} };
    const parsed = parseRequest({ type: 'threads.create', params: { input } });
    expect(parsed).toMatchObject({
      message:
        'The request is not valid: params.input.content.0.type is not a kind that this server knows (and 1 more).',
      issues: [
        { path: 'params.input.content.0.type', message: 'is not a kind that this server knows' },
        { path: 'params.input.attachments', message: 'must be an array, not a string' },
      ],
    });
  });

  it.each(['nope', 'toString', '__proto__', ''])('does not know the type "%s"', (type) => {
    const message = `There is no request type "${type}".`;
    expect(parseRequest({ type, params: {} })).toEqual({ ok: false, reason: 'unknown_type', message, issues: [] });
  });

  it('does not repeat a type of any length', () => {
    const parsed = parseRequest({ type: 'x'.repeat(10_000), params: {} });
    expect(JSON.stringify(parsed).length).toBeLessThan(200);
  });
});
