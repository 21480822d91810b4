import { describe, expect, it } from 'vitest';
import { answerEvents, aThread } from '../testing/index.js';
import { toWireThread } from '../wire/wire-thread.js';
import { customError, streamError } from './error-code.js';
import { ThreadStreamEvent } from './event.js';

const thread = toWireThread(aThread());

describe('ThreadStreamEvent', () => {
  it.each<ThreadStreamEvent>([
    { type: 'thread.created', thread },
    { type: 'thread.updated', thread },
    { type: 'stream_options', stream_options: { allow_cancel: true } },
    { type: 'thread.item.removed', item_id: 'msg_1' },
    { type: 'progress_update', text: 'Looking', icon: 'search' },
    { type: 'client_effect', name: 'flash', data: { colour: null } },
    { type: 'notice', level: 'warning', message: 'Soon full' },
    streamError(),
    customError('The model is busy.'),
    ...answerEvents('msg_1', [['Hel', 'lo']]),
  ])('reads $type', (event) => {
    expect(ThreadStreamEvent.parse(event)).toEqual(event);
  });

  it('writes no null of a modelled field and keeps those of an effect [SER-1] [SER-2]', () => {
    const parsed = ThreadStreamEvent.parse({ type: 'progress_update', text: 'Looking', icon: null });
    expect(JSON.stringify(parsed)).toBe('{"type":"progress_update","text":"Looking"}');
  });

  it('gives an effect without data an empty object [SER-3]', () => {
    const effect = { type: 'client_effect', name: 'flash' };
    expect(ThreadStreamEvent.parse(effect)).toEqual({ ...effect, data: {} });
  });

  it('writes what an error leaves out [SER-3] [ER-6]', () => {
    expect(ThreadStreamEvent.parse({ type: 'error', message: 'soft' })).toEqual(customError('soft'));
  });

  it('keeps error codes that it does not know [ER-7]', () => {
    const event = { type: 'error', code: 'quota.reached', allow_retry: false };
    expect(ThreadStreamEvent.parse(event)).toEqual(event);
  });

  it.each([
    { type: 'thread.exploded' },
    { type: 'notice', level: 'fatal', message: 'x' },
    { type: 'thread.item.updated', item_id: 'msg_1', update: { type: 'nope' } },
    { type: 'error', code: 'stream.error', allow_retry: 'yes' },
    { type: 'client_effect', name: 'flash', data: null },
  ])('refuses %j', (event) => {
    expect(ThreadStreamEvent.safeParse(event).success).toBe(false);
  });
});

describe('errors', () => {
  it('have no text when nobody foresaw them [ER-5]', () => {
    expect(streamError()).toEqual({ type: 'error', code: 'stream.error', allow_retry: true });
  });

  it('may not be retried when deliberate, unless it is said [ER-6]', () => {
    expect(customError('No.')).toEqual({ type: 'error', code: 'custom', message: 'No.', allow_retry: false });
    expect(customError('Wait.', true).allow_retry).toBe(true);
  });
});
