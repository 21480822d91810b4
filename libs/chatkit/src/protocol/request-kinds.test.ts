import { describe, expect, it } from 'vitest';
import { ChatKitRequest, type RequestType } from './request.js';

const input = { content: [], attachments: [], inference_options: {} };
const thread = { thread_id: 'thr_1' };
const item = { ...thread, item_id: 'msg_1' };

/** One valid `params` for each of the sixteen, and changes of it that must be refused; undefined means left out. */
const kinds: Record<RequestType, { params: object; wrong: object[] }> = {
  'threads.create': { params: { input }, wrong: [{ input: undefined }, { input: null }] },
  'threads.add_user_message': { params: { ...thread, input }, wrong: [{ thread_id: 7 }, { input: undefined }] },
  'threads.retry_after_item': {
    params: item,
    wrong: [{ thread_id: undefined }, { item_id: undefined }, { item_id: null }],
  },
  'threads.add_client_tool_output': {
    params: { ...thread, result: { ids: [3, null] } },
    wrong: [{ thread_id: null }, { result: undefined }],
  },
  'threads.add_structured_input': {
    params: { ...item, input: { status: 'answered', answers: { prio: { values: ['low'], skipped: false } } } },
    wrong: [
      { item_id: undefined },
      { input: undefined },
      { input: null },
      { input: { status: 'pending' } },
      { input: { status: null } },
      { input: { answers: null } },
      { input: { answers: { prio: null } } },
      { input: { answers: { prio: { values: 'low' } } } },
      { input: { answers: { prio: { values: [1] } } } },
      { input: { answers: { prio: { skipped: 'no' } } } },
    ],
  },
  'threads.custom_action': {
    params: { ...item, action: { type: 'go', payload: { to: null } } },
    wrong: [{ action: undefined }, { action: null }, { action: { payload: {} } }, { item_id: 7 }],
  },
  'threads.sync_custom_action': {
    params: { ...thread, action: { type: 'go', payload: null } },
    wrong: [{ thread_id: undefined }, { action: { type: null } }],
  },
  'threads.get_by_id': { params: thread, wrong: [{ thread_id: undefined }, { thread_id: null }] },
  'threads.list': { params: { limit: 5, order: 'asc', after: 'thr_0' }, wrong: [{ limit: '5' }, { order: null }] },
  'threads.update': {
    params: { ...thread, title: '' },
    wrong: [{ title: null }, { title: undefined }, { title: 'a\u0000b' }],
  },
  'threads.delete': { params: thread, wrong: [{ thread_id: undefined }] },
  'items.list': { params: { ...thread, limit: 9999, order: 'desc' }, wrong: [{ thread_id: undefined }, { limit: -1 }] },
  'items.feedback': {
    params: { ...thread, item_ids: ['msg_1', 'tc_1'], kind: 'positive' },
    wrong: [{ item_ids: undefined }, { item_ids: [null] }, { kind: 'neutral' }, { kind: undefined }],
  },
  'attachments.create': {
    params: { name: 'scan.pdf', size: 0, mime_type: 'application/pdf' },
    wrong: [{ name: undefined }, { size: '3' }, { size: 1.5 }, { size: -1 }, { mime_type: null }],
  },
  'attachments.delete': { params: { attachment_id: 'atc_1' }, wrong: [{ attachment_id: undefined }] },
  'input.transcribe': {
    params: { audio_base64: 'AAEC', mime_type: 'audio/webm;codecs=opus' },
    wrong: [{ audio_base64: 'not base64!' }, { audio_base64: undefined }, { mime_type: undefined }],
  },
};

const rows = Object.entries(kinds).map(([type, kind]) => ({ type, ...kind }));
const refusals = rows.flatMap(({ type, params, wrong }) => wrong.map((change) => ({ type, params, change })));

function read(type: string, given: object): unknown {
  return JSON.parse(JSON.stringify(ChatKitRequest.parse({ type, params: given }).params));
}

describe('a request', () => {
  it.each(rows)('$type is read as it is sent', ({ type, params: given }) => {
    expect(ChatKitRequest.parse({ type, params: given })).toEqual({ type, params: given, metadata: {} });
  });

  it.each(refusals)('$type is refused with $change', ({ type, params: given, change }) => {
    expect(ChatKitRequest.safeParse({ type, params: { ...given, ...change } }).success).toBe(false);
  });

  it.each(rows)('$type needs params, and drops what nobody knows [RQ-1] [RQ-3]', ({ type, params: given }) => {
    expect(ChatKitRequest.safeParse({ type }).success).toBe(false);
    expect(read(type, { ...given, mood: 'good' })).toEqual(given);
  });
});

describe('the result of a client tool', () => {
  it.each([null, false, 0, '', [], [null]])('may be %j [RQ-16]', (result) => {
    expect(read('threads.add_client_tool_output', { ...thread, result })).toEqual({ ...thread, result });
  });
});

describe('a submission', () => {
  it('writes its defaults [SER-3] [RQ-17]', () => {
    expect(read('threads.add_structured_input', { ...item, input: {} })).toEqual({
      ...item,
      input: { status: 'answered', answers: {} },
    });
    expect(read('threads.add_structured_input', { ...item, input: { answers: { why: {} } } })).toEqual({
      ...item,
      input: { status: 'answered', answers: { why: { values: [], skipped: false } } },
    });
  });
});

describe('an action', () => {
  it('has a null payload when it brings none, and no sender when that is null [RQ-18]', () => {
    const action = { type: 'go', handler: 'server', loadingBehavior: 'auto', streaming: false };
    expect(read('threads.custom_action', { ...thread, item_id: null, action })).toEqual({
      ...thread,
      action: { type: 'go', payload: null },
    });
  });
});
