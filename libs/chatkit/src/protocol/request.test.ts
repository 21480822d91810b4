import { describe, expect, it } from 'vitest';
import { ChatKitRequest, isStreamingRequest } from './request.js';

const input = { content: [{ type: 'input_text', text: 'Hi' }], attachments: [], inference_options: {} };

function parse(body: unknown) {
  return ChatKitRequest.parse(body);
}

function accepts(body: unknown) {
  return ChatKitRequest.safeParse(body).success;
}

function create(fields: object) {
  return { type: 'threads.create', params: { input: { ...input, ...fields } } };
}

function list(params: object) {
  return { type: 'threads.list', params };
}

describe('the common shape of a request', () => {
  it('has {} for metadata that is missing, and refuses what is no object [RQ-2]', () => {
    expect(parse(list({})).metadata).toEqual({});
    expect(parse({ ...list({}), metadata: { flag: null } }).metadata).toEqual({ flag: null });
    expect(accepts({ ...list({}), metadata: null })).toBe(false);
    expect(accepts({ ...list({}), metadata: [] })).toBe(false);
  });

  it('needs params even when all of them are optional [RQ-1]', () => {
    expect(accepts({ type: 'threads.list' })).toBe(false);
    expect(accepts({ type: 'threads.list', params: [] })).toBe(false);
  });

  it('ignores unknown keys at every level [RQ-3]', () => {
    const part = { type: 'input_text', text: 'Hi', colour: 'red' };
    const options = { model: 'fast', temperature: 1 };
    const request = parse({ ...create({ content: [part], inference_options: options, mood: 'good' }), trace: 1 });
    expect(request).toEqual(parse(create({ inference_options: { model: 'fast' } })));
    expect(request).not.toHaveProperty('trace');
    expect(request).not.toHaveProperty('params.input.mood');
    expect(request).not.toHaveProperty('params.input.content.0.colour');
    expect(request).not.toHaveProperty('params.input.inference_options.temperature');
  });
});

describe('user input', () => {
  it('may be empty [RQ-10]', () => {
    expect(accepts(create({ content: [] }))).toBe(true);
  });

  it.each(['content', 'attachments', 'inference_options'])('needs %s', (field) => {
    expect(accepts(create({ [field]: undefined }))).toBe(false);
    expect(accepts(create({ [field]: null }))).toBe(false);
  });

  it('reads null as absent where the protocol allows null, and writes no null [RQ-3] [SER-1]', () => {
    const request = parse(create({ quoted_text: null, inference_options: { model: null, tool_choice: null } }));
    expect(JSON.parse(JSON.stringify(request))).toEqual({ ...create({}), metadata: {} });
  });

  it('refuses a tool choice that is only a name, and parts of other kinds', () => {
    expect(accepts(create({ inference_options: { tool_choice: 'ledger' } }))).toBe(false);
    expect(accepts(create({ inference_options: { tool_choice: { id: 'ledger' } } }))).toBe(true);
    expect(accepts(create({ content: [{ type: 'input_image', url: 'x' }] }))).toBe(false);
    expect(accepts(create({ content: 'Hi' }))).toBe(false);
  });

  it('fills in what a tag leaves out and keeps its free-form data [IT-3] [SER-2]', () => {
    const tag = { type: 'input_tag', id: 'inv_77', text: 'Invoice 77' };
    const data = { paid_at: null, lines: [null, { note: null }] };
    expect(parse(create({ content: [tag, { ...tag, data, group: null }] }))).toMatchObject({
      params: { input: { content: [{ data: {}, interactive: false }, { data }] } },
    });
    expect(accepts(create({ content: [{ ...tag, data: null }] }))).toBe(false);
    expect(accepts(create({ content: [{ ...tag, interactive: null }] }))).toBe(false);
  });
});

describe('paging', () => {
  it.each([
    [{}, 20],
    [{ limit: null }, 20],
    [{ limit: 0 }, 20],
    [{ limit: 1 }, 1],
    [{ limit: 9999 }, 9999],
  ])('%j asks for %i rows [PG-1]', (params, limit) => {
    expect(parse(list(params)).params).toMatchObject({ limit });
  });

  it.each([{ limit: -1 }, { limit: 5.5 }, { limit: '5' }, { order: 'up' }, { order: null }, { after: 7 }])(
    'refuses %j',
    (params) => {
      expect(accepts(list(params))).toBe(false);
      expect(accepts({ type: 'items.list', params: { thread_id: 'thr_1', ...params } })).toBe(false);
    },
  );

  it('lists newest first unless asked otherwise, and reads a null cursor as none [PG-2]', () => {
    expect(parse(list({ after: null })).params).toEqual({ limit: 20, order: 'desc' });
    expect(parse(list({ order: 'asc', after: 'thr_9' })).params).toEqual({ limit: 20, order: 'asc', after: 'thr_9' });
  });
});

describe('the id of a thread', () => {
  it.each(['threads.get_by_id', 'items.list', 'threads.add_user_message'])('%s needs it as a string', (type) => {
    expect(accepts({ type, params: { input, thread_id: 'thr_1' } })).toBe(true);
    expect(accepts({ type, params: { input } })).toBe(false);
    expect(accepts({ type, params: { input, thread_id: 7 } })).toBe(false);
    expect(accepts({ type, params: { input, thread_id: null } })).toBe(false);
  });
});

describe('isStreamingRequest', () => {
  it.each([
    ['threads.create', true],
    ['threads.add_user_message', true],
    ['threads.get_by_id', false],
    ['threads.list', false],
    ['items.list', false],
  ])('%s: %s [TR-3]', (type, streaming) => {
    expect(isStreamingRequest(parse({ type, params: { input, thread_id: 'thr_1' } }))).toBe(streaming);
  });
});
