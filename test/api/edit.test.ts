import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '#chatkit';
import { aHiddenItem } from '#chatkit/testing';
import {
  addMessage,
  type Answer,
  createThread,
  doneItems,
  input,
  post,
  type PostOptions,
  textOf,
  threadIdOf,
  until,
} from '../support/chat.js';
import { oneEngine } from '../support/one-engine.js';
import { type FakeProvider, startProvider } from '../support/provider.js';
import { type Relay, startRelay } from '../support/relay.js';
import { logCopies } from './support/log-copies.js';
import { everything, openTurn, putItem } from './support/seed.js';

let provider: FakeProvider;
let relay: Relay;

const CONFIG = new URL('edit.config.yaml', import.meta.url).pathname;
const start = async (engine: 'redis' | 'postgres') => {
  provider = await startProvider();
  const variables = { CHATKIT_CONFIG: CONFIG, OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: provider.url };
  relay = await startRelay(engine, { variables });
};
const stop = async () => {
  await relay.stop();
  await provider.close();
};

const edit = (threadId: string, body: unknown, options: PostOptions = {}): Promise<Answer> =>
  post(relay.url, body, { ...options, query: `/threads/${threadId}/edit${options.query ?? ''}` });
const removedIn = ({ events }: Answer) =>
  events.flatMap(({ type, item_id: id }) => (type === 'thread.item.removed' ? [id] : []));
const stored = (threadId: string) =>
  relay.query<{ id: string; type: string }>('SELECT id, type FROM items WHERE thread_id = $1 ORDER BY position', [
    threadId,
  ]);

interface Answered {
  readonly threadId: string;
  readonly first: string;
  readonly second: string;
}

const idIn = ({ events }: Answer): string => doneItems(events, 'user_message')[0]?.id ?? '';

/** A thread with two questions and their answers. */
async function answered(user?: string): Promise<Answered> {
  await provider.script([{ text: 'First answer.' }, { text: 'Second answer.' }]);
  const one = await post(relay.url, createThread('First question'), { user });
  const two = await post(relay.url, addMessage(threadIdOf(one), 'Second question'), { user });
  return { threadId: threadIdOf(one), first: idIn(one), second: idIn(two) };
}

async function attach(name: string, user = 'ada'): Promise<string> {
  const form = new FormData();
  form.append('file', new File([name], name, { type: 'text/plain' }));
  const answer = await fetch(`${relay.url}/files`, { method: 'POST', headers: { 'x-test-user': user }, body: form });
  return ((await answer.json()) as { id: string }).id;
}

describe.each(oneEngine('postgres'))('the edit of a message on the %s engine', (engine) => {
  beforeAll(() => start(engine));
  afterAll(stop);

  it('takes away the message and what came after it, and answers the new one', async () => {
    const { threadId, first, second } = await answered();
    const before = await stored(threadId);
    await putItem(relay, aHiddenItem({ id: newId('message'), thread_id: threadId }));
    await provider.script([{ text: 'Third answer.' }]);
    const answer = await edit(threadId, { item_id: second, input: input('Better question') });
    expect(answer.status).toBe(200);
    expect(removedIn(answer)).toEqual(before.slice(2).map(({ id }) => id));
    const types = answer.events.map(({ type }) => type);
    expect(types.slice(0, 4)).toEqual([
      'thread.item.removed',
      'thread.item.removed',
      'thread.item.done',
      'stream_options',
    ]);
    expect(textOf(doneItems(answer.events, 'user_message')[0])).toBe('Better question');
    expect(textOf(doneItems(answer.events, 'assistant_message')[0])).toBe('Third answer.');
    const rows = await stored(threadId);
    expect(rows.map(({ id }) => id).slice(0, 2)).toEqual(before.map(({ id }) => id).slice(0, 2));
    expect(rows[0]?.id).toBe(first);
    expect(rows.map(({ type }) => type)).toEqual([
      'user_message',
      'assistant_message',
      'user_message',
      'assistant_message',
    ]);
    const prompt = JSON.stringify((await provider.calls())[0]?.input);
    expect(prompt).toContain('First answer.');
    expect(prompt).not.toMatch(/Second/);
  });

  it('takes away the copies of removed answers in the run log', async () => {
    const { threadId, second } = await answered();
    const [question] = await relay.query<{ run_id: string }>(
      'SELECT run_id FROM items WHERE thread_id = $1 AND id = $2',
      [threadId, second],
    );
    const runId = question?.run_id ?? '';
    expect(await logCopies(relay, runId)).toBeGreaterThan(0);
    await provider.script([{ text: 'Third answer.' }]);
    await edit(threadId, { item_id: second, input: input('Better question') });
    expect(await logCopies(relay, runId)).toBe(0);
  });

  it('of the first message leaves the thread and its id', async () => {
    const { threadId, first } = await answered();
    await provider.script([{ text: 'New.' }]);
    const answer = await edit(threadId, { item_id: first, input: input('From the start') });
    expect(removedIn(answer)).toHaveLength(4);
    expect(answer.events.map(({ type }) => type)).not.toContain('thread.created');
    expect(await stored(threadId)).toHaveLength(2);
  });

  it('keeps attachments that are sent along again, and releases the others', async () => {
    const { threadId } = await answered();
    const [kept, dropped] = [await attach('kept.txt'), await attach('dropped.txt')];
    await provider.script([{ text: 'Two files.' }, { text: 'One file.' }]);
    const message = { ...input('With files'), attachments: [kept, dropped] };
    const sent = await post(relay.url, {
      type: 'threads.add_user_message',
      params: { thread_id: threadId, input: message },
    });
    const itemId = doneItems(sent.events, 'user_message')[0]?.id;
    const answer = await edit(threadId, { item_id: itemId, input: { ...message, attachments: [kept] } });
    expect(doneItems(answer.events, 'user_message')[0]).toMatchObject({ attachments: [{ id: kept }] });
    const rows = await relay.query<{ id: string }>('SELECT id FROM attachments WHERE id = ANY($1::text[])', [
      [kept, dropped],
    ]);
    expect(rows).toEqual([{ id: kept }]);
  });

  it('sent again with its key gets the same run, with the same beginning', async () => {
    const { threadId, second } = await answered();
    await provider.script([{ text: 'Only once.' }]);
    const body = { item_id: second, input: input('Again') };
    const headers = { 'idempotency-key': `edit-${threadId}` };
    const one = await edit(threadId, body, { headers });
    const two = await edit(threadId, body, { headers });
    expect(two.headers['chatkit-run-id']).toBe(one.headers['chatkit-run-id']);
    expect(removedIn(two)).toEqual(removedIn(one));
    expect(await stored(threadId)).toHaveLength(4);
    const other = await edit(threadId, { ...body, input: input('Other') }, { headers });
    expect(JSON.parse(other.raw)).toMatchObject({ error: { code: 'idempotency.conflict' } });
  });

  it('of two at once one is taken', async () => {
    const { threadId, second } = await answered();
    await provider.script([{ text: 'Once.' }]);
    const answers = await Promise.all(
      ['a', 'b', 'c'].map((text) => edit(threadId, { item_id: second, input: input(text) })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 404, 404].toSorted());
    expect(await stored(threadId)).toHaveLength(4);
  });

  it('by the assistant that the query names', async () => {
    const { threadId, second } = await answered();
    await provider.script([{ text: 'By the other one.' }]);
    const answer = await edit(threadId, { item_id: second, input: input('x') }, { query: '?assistant=other' });
    const rows = await relay.query('SELECT assistant_id FROM runs WHERE id = $1', [answer.headers['chatkit-run-id']]);
    expect(rows).toEqual([{ assistant_id: 'other' }]);
  });

  it.each(['', '?assistant=interrupting'])('beside an open turn is refused and changes nothing (%s)', async (query) => {
    const { threadId, second } = await answered();
    await openTurn(relay, threadId);
    const before = await everything(relay);
    const refused = await edit(threadId, { item_id: second, input: input('x') }, { query });
    expect([refused.status, JSON.parse(refused.raw)]).toMatchObject([409, { error: { code: 'turn.open' } }]);
    expect(await everything(relay)).toEqual(before);
  });

  it('that finds no room for its run leaves the old message (limit.user)', async () => {
    const { threadId, second } = await answered('full');
    const busy = await answered('full');
    await openTurn(relay, busy.threadId);
    const waiting = post(relay.url, addMessage(busy.threadId, 'waits'), {
      user: 'full',
      headers: { 'chatkit-relay-client': 'test' },
      onEvents: (_, request) => request.destroy(),
    });
    await waiting;
    await until('the run waits', 5_000, async () => {
      const rows = await relay.query(`SELECT 1 FROM runs WHERE owner_id = 'full' AND state = 'queued'`);
      return rows.length === 1;
    });
    const before = await everything(relay);
    const refused = await edit(threadId, { item_id: second, input: input('x') }, { user: 'full' });
    expect([refused.status, JSON.parse(refused.raw)]).toMatchObject([429, { error: { code: 'limit.user' } }]);
    expect(await everything(relay)).toEqual(before);
  });

  describe('what is refused', () => {
    let thread: Answered;
    let answerId: string;
    beforeAll(async () => {
      thread = await answered();
      answerId = (await stored(thread.threadId)).at(-1)?.id ?? '';
    });

    it.each<[string, number, string, () => Promise<Answer>]>([
      [
        'an unknown thread',
        404,
        'thread.not_found',
        () => edit('thr_none', { item_id: thread.second, input: input('x') }),
      ],
      [
        'a foreign thread',
        404,
        'thread.not_found',
        () => edit(thread.threadId, { item_id: thread.second, input: input('x') }, { user: 'grace' }),
      ],
      [
        'an unknown item',
        404,
        'item.not_found',
        () => edit(thread.threadId, { item_id: 'msg_none', input: input('x') }),
      ],
      ['an answer', 400, 'item.wrong_kind', () => edit(thread.threadId, { item_id: answerId, input: input('x') })],
      ['no input', 400, 'request.invalid', () => edit(thread.threadId, { item_id: thread.second })],
      ['no object', 400, 'request.invalid', () => edit(thread.threadId, [])],
      [
        'an unknown model',
        422,
        'model.unknown',
        () => edit(thread.threadId, { item_id: thread.second, input: input('x', { model: 'nobody/x' }) }),
      ],
      [
        'an unknown file',
        404,
        'attachment.not_found',
        () => edit(thread.threadId, { item_id: thread.second, input: { ...input('x'), attachments: ['atc_none'] } }),
      ],
      [
        'an unknown assistant',
        404,
        'assistant.not_found',
        () => edit(thread.threadId, { item_id: thread.second, input: input('x') }, { query: '?assistant=nobody' }),
      ],
    ])('%s: %i %s, and nothing has changed', async (_, status, code, request) => {
      const before = await everything(relay);
      const refused = await request();
      expect([refused.status, (JSON.parse(refused.raw) as { error: { code: string } }).error.code]).toEqual([
        status,
        code,
      ]);
      expect(await everything(relay)).toEqual(before);
    });
  });
});
