import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Conversation } from './conversation.js';
import { DraftMemory } from './draft-memory.js';
import { Drafts } from './drafts.js';
import { RequestError } from '../protocol/request-error.js';
import { answer, areaOf, FakeClient, preamble } from './testing.js';

let client: FakeClient;
let values: Record<string, string>;
let drafts: Drafts;
let discarded: string[];

beforeEach(() => {
  client = new FakeClient();
  values = {};
  discarded = [];
  drafts = page();
});

/** A page that is loaded, perhaps again. */
const page = (now = Date.now): Drafts =>
  new Drafts(new DraftMemory(areaOf(values), now), {
    uploads: {
      upload: async () => ({ id: 'atc_1', name: 'a.txt', mime_type: 'text/plain' }),
      discard: (id) => void discarded.push(id),
    },
    limits: () => ({ maxCount: 9, maxSize: 9_999, maxTotalSize: 9_999, accept: {} }),
    isPersistent: (tool) => tool === 'web',
  });
const conversation = (threadId?: string): Conversation =>
  new Conversation(
    {
      client,
      schedule: (run) => run(),
      sleep: async () => undefined,
      isLocal: () => false,
      model: () => undefined,
      onTurn: () => undefined,
      onThread: () => undefined,
      onBusy: () => undefined,
      onGone: () => undefined,
    },
    threadId,
  );
const opened = async (threadId: string): Promise<Conversation> => {
  const existing = conversation(threadId);
  await existing.open();
  return existing;
};
const write = (of: Conversation, text: string): void => drafts.of(of).change({ text });
const textIn = (of: Conversation, all = drafts): string => all.of(of).store.latest.text;
const send = (of: Conversation): void => drafts.send(of, (message) => void of.send(message));
const settled = (of: Conversation) => vi.waitFor(() => expect(of.store.latest.phase).toBe('idle'));

describe('drafts', () => {
  it('are kept for each conversation, and go with the message', async () => {
    const started = conversation();
    write(started, 'Hi');
    write(conversation('thr_9'), 'for another');
    expect(textIn(conversation(), page())).toBe('Hi');
    client.stream = [...preamble('Hi'), ...answer('msg_2', 'Hello')];
    send(started);
    expect(textIn(started)).toBe('');
    await settled(started);
    expect([textIn(conversation(), page()), textIn(conversation('thr_9'), page())]).toEqual(['', 'for another']);
  });

  it('of a new conversation move to its thread, and leave the place to the next one', async () => {
    const started = conversation();
    write(started, 'Hi');
    client.stream = preamble('Hi');
    client.ending = 'hang';
    send(started);
    write(started, 'and then?');
    write(conversation(), 'something else');
    await vi.waitFor(() => expect(started.threadId).toBe('thr_1'));
    expect([textIn(started), textIn(conversation('thr_1')), textIn(conversation())]).toEqual([
      'and then?',
      'and then?',
      'something else',
    ]);
    const reloaded = page();
    expect([textIn(conversation('thr_1'), reloaded), textIn(conversation(), reloaded)]).toEqual([
      'and then?',
      'something else',
    ]);
  });

  it('come back with files, quote and tool if the server refuses', async () => {
    const started = conversation();
    drafts.of(started).change({ text: 'Read', quote: 'a line', tool: 'draw' });
    drafts.of(started).attach([new File(['x'], 'a.txt')]);
    await vi.waitFor(() => expect(drafts.of(started).message()?.attachments).toHaveLength(1));
    client.ending = new RequestError(404, 'gone');
    send(started);
    expect(drafts.of(started).store.latest).toMatchObject({ text: '', files: [], tool: undefined });
    await settled(started);
    expect(drafts.of(started).store.latest).toMatchObject({ text: 'Read', quote: 'a line', tool: 'draw' });
    expect(started.store.latest).toMatchObject({ pending: undefined, problem: { again: undefined } });
    expect(drafts.of(conversation()).store.latest.files).toHaveLength(1);
  });

  it('stay where another one was begun, and wait in the conversation if the server is not reached', async () => {
    const refusedOne = await opened('thr_1');
    write(refusedOne, 'first');
    client.ending = new RequestError(422, 'no');
    send(refusedOne);
    write(refusedOne, 'second');
    await settled(refusedOne);
    expect([textIn(refusedOne), refusedOne.store.latest.pending?.text]).toEqual(['second', 'first']);

    const lost = await opened('thr_2');
    write(lost, 'Hello?');
    client.ending = new RequestError(0, 'no network');
    send(lost);
    await settled(lost);
    expect([textIn(lost), lost.store.latest.pending?.text]).toEqual(['', 'Hello?']);
    // It is not lost with the page.
    expect(textIn(conversation('thr_2'), page())).toBe('Hello?');
    client.ending = 'end';
    client.stream = [...preamble('Hello?', false), ...answer('msg_2', 'Yes')];
    // Another one is not lost, either: it is not sent before.
    write(lost, 'Are you there?');
    send(lost);
    expect([textIn(lost), lost.store.latest.pending?.text]).toEqual(['Are you there?', 'Hello?']);
    write(lost, '');
    await lost.sendAgain({ text: 'Hello?' });
    expect(textIn(conversation('thr_2'), page())).toBe('');
  });

  it('stay where they are while the conversation takes no message', () => {
    const loading = conversation('thr_1');
    write(loading, 'too early');
    send(loading);
    expect([textIn(loading), client.sent]).toEqual(['too early', []]);
  });

  it('keep a tool that stays chosen', async () => {
    const started = await opened('thr_1');
    drafts.of(started).change({ text: 'News', tool: 'web' });
    client.stream = [...preamble('News', false), ...answer('msg_2', 'None')];
    send(started);
    await settled(started);
    expect(client.sent[0]?.tool).toBe('web');
    expect(drafts.of(started).store.latest.tool).toBe('web');
  });

  it('forget files that the server has deleted by now', async () => {
    drafts.of(conversation()).attach([new File(['x'], 'a.txt')]);
    await vi.waitFor(() => expect(values['chatkit-drafts']).toContain('atc_1'));
    write(conversation(), 'text');
    const tomorrow = page(() => Date.now() + 24 * 60 * 60 * 1_000);
    expect(tomorrow.of(conversation()).store.latest).toMatchObject({ text: 'text', files: [] });
  });

  it('go with the conversation, also those that were written before a reload, and files that are on their way', async () => {
    write(conversation('thr_1'), 'before');
    write(conversation('thr_2'), 'for another');
    const reloaded = page();
    reloaded.forget('thr_1');
    expect(textIn(conversation('thr_1'), page())).toBe('');
    expect(values['chatkit-drafts']).not.toContain('thr_1');

    const draft = drafts.of(conversation('thr_1'));
    draft.attach([new File(['x'], 'a.txt')]);
    drafts.forget('thr_1');
    await vi.waitFor(() => expect(discarded).toEqual(['atc_1']));
    expect(values['chatkit-drafts']).not.toContain('thr_1');
    expect(textIn(conversation('thr_1'))).toBe('');
    expect(textIn(conversation('thr_2'), page())).toBe('for another');
  });

  it('are none where the browser holds something else', () => {
    values['chatkit-drafts'] = '{"new":{"text":1}}';
    expect(textIn(conversation(), page())).toBe('');
    values['chatkit-drafts'] = 'no json';
    expect(textIn(conversation(), page())).toBe('');
  });
});
