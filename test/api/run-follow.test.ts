import { beforeAll, describe, expect, it } from 'vitest';
import { applyEvent, emptyThread, parseFrames } from '#chatkit';
import {
  addMessage,
  type Answer,
  createThread,
  deltasOf,
  listItems,
  post,
  type PostOptions,
  postJson,
  textOf,
  threadIdOf,
  until,
  type WireItem,
} from '../support/chat.js';
import { engineKinds } from '../support/engines.js';
import { useProvider } from '../support/provider.js';
import { useRelay } from '../support/relay.js';
import {
  call,
  cancelRun,
  dropLog,
  followRun,
  marksOf,
  type RunSummary,
  SHIM,
  withoutMarks,
} from './support/run-routes.js';

const words = (count: number): string[] => Array.from({ length: count }, (_, index) => `word${index} ä😀 `);
const stateOf = (raw: string) => parseFrames(raw).reduce(applyEvent, emptyThread);
const typesOf = (raw: string): string[] => parseFrames(raw).map(({ type }) => type);
const runIdOf = (answer: Pick<Answer, 'headers'>): string => String(answer.headers['chatkit-run-id']);
const getThread = (threadId: string) => ({ type: 'threads.get_by_id', params: { thread_id: threadId } });

describe.each(engineKinds)('the routes of a run on the %s engine', (engine) => {
  const provider = useProvider();
  const relay = useRelay(engine, { provider, apis: 2 });
  let other: string;
  beforeAll(() => {
    other = String(relay.apis[1]?.ready['url']);
  });

  const send = (body: unknown, options: PostOptions = {}) => post(relay.url, body, { headers: SHIM, ...options });

  /** Sends as the shim does, and resolves when so many deltas have come; the answer goes on. */
  async function sendUntil(body: unknown, deltas: number) {
    let answer: Promise<Answer> | undefined;
    const reached = await new Promise<{ threadId: string; runId: string; close: () => void }>((resolve, reject) => {
      let runId = '';
      answer = send(body, {
        onResponse: (response) => (runId = runIdOf(response)),
        onEvents: (events, request) => {
          if (events.length < 3 || deltasOf(events).length < deltas) return;
          resolve({ threadId: threadIdOf({ events }), runId, close: () => request.destroy() });
        },
      });
      answer.then(() => reject(new Error('the answer ended too early')), reject);
    });
    return { ...reached, answer: answer as Promise<Answer> };
  }

  const settled = (runId: string) =>
    until('the run settles', 20_000, async () => {
      const [run] = await relay.query<{ state: string }>(`SELECT state FROM runs WHERE id = $1`, [runId]);
      return run && !['queued', 'working'].includes(run.state) && run.state;
    });

  it('mark a stream for the shim only, and say where it ends', async () => {
    const deltas = words(5);
    await provider.script([{ text: deltas.join(''), deltas }, { text: 'plain' }]);
    const marked = await send(createThread('Mark'));
    const cursors = marksOf(marked.raw).map(({ cursor }) => cursor);
    expect(cursors[0]).toBe('0-0');
    expect(cursors.at(-1)).toBe('end');
    expect(marked.raw.endsWith('id: end\n\n')).toBe(true);
    expect(withoutMarks(marked.raw)).toMatch(/^(data: [^\n]*\n\n)+$/);
    const plain = await post(relay.url, createThread('No marks'));
    expect(plain.raw).toMatch(/^(data: [^\n]*\n\n)+$/);
  });

  it('go on behind every mark to the same state, with nothing twice, from another process', async () => {
    const deltas = words(40);
    await provider.script([{ text: deltas.join(''), deltas, delay_ms: 5 }]);
    const answer = await send(createThread('Many'));
    const marks = marksOf(answer.raw).filter(({ cursor }) => cursor !== 'end');
    expect(marks.length).toBeGreaterThan(10);
    expect(new Set(marks.map(({ cursor }) => cursor)).size).toBe(marks.length);
    const whole = withoutMarks(answer.raw);
    for (const { cursor, rest } of marks) {
      const before = whole.slice(0, whole.length - rest.length);
      const after = withoutMarks(await followRun(other, runIdOf(answer), cursor));
      expect({ cursor, state: stateOf(before + after) }).toEqual({ cursor, state: stateOf(whole) });
      // The run has settled, and its log is merged: of the answer it holds the end.
      expect({ cursor, types: typesOf(after) }).toEqual({ cursor, types: rest === '' ? [] : ['thread.item.done'] });
    }
    const polyfill = await call(other, `/runs/${runIdOf(answer)}/events?after=${marks[5]?.cursor}`);
    expect(typesOf(withoutMarks(await polyfill.text()))).toEqual(['thread.item.done']);
    expect(polyfill.headers.get('content-type')).toBe(answer.headers['content-type']);
    expect(polyfill.headers.get('chatkit-run-id')).toBe(runIdOf(answer));
  });

  it('bring a late reader to the present and keep it there, while another one goes on', async () => {
    const deltas = words(120);
    await provider.script([{ text: deltas.join(''), deltas, delay_ms: 10 }]);
    const { answer, runId, close } = await sendUntil(createThread('Long'), 20);
    const following = followRun(other, runId);
    close();
    const [late, whole] = await Promise.all([following, answer]);
    expect(late.endsWith('id: end\n\n')).toBe(true);
    expect(deltasOf(parseFrames(late)).length).toBeLessThan(110);
    expect(deltasOf(parseFrames(late)).join('')).toBe(deltas.join(''));
    const again = await followRun(relay.url, runId, '0-0');
    expect(stateOf(late)).toEqual(stateOf(again));
    // Who was the first to read has left; nobody was stopped by that.
    expect(whole.complete).toBe(false);
    expect(await settled(runId)).toBe('completed');
  });

  it('do not stop a run when its followers leave', async () => {
    await provider.script([{ text: 'one two three', deltas: ['one ', 'two ', 'three'], delay_ms: 300 }]);
    const { runId, close } = await sendUntil(createThread('Leave'), 1);
    close();
    const abort = new AbortController();
    const followed = await call(other, `/runs/${runId}/events`, { signal: abort.signal });
    await followed.body?.getReader().read();
    abort.abort();
    expect(await settled(runId)).toBe('completed');
  });

  it('let the reader of a queued run wait, and find it by its thread', async () => {
    await provider.script([
      { text: 'first', deltas: ['fir', 'st'], hang_after: 1, when: { input_contains: 'One' } },
      { text: 'second' },
    ]);
    const { threadId, runId } = await sendUntil(createThread('One'), 1);
    void send(addMessage(threadId, 'Two'));
    const runs = await until('the second run', 10_000, async () => {
      const page = (await (await call(other, `/threads/${threadId}/runs`)).json()) as { data: RunSummary[] };
      return page.data.length === 2 && page.data;
    });
    expect(runs).toMatchObject([
      { state: 'queued', trigger: 'threads.add_user_message', thread_id: threadId },
      { id: runId, state: 'working', trigger: 'threads.create' },
    ]);
    const waiting = followRun(other, String(runs[0]?.id));
    await cancelRun(other, runId);
    expect(deltasOf(parseFrames(await waiting)).join('')).toBe('second');

    const page = (await (await call(other, `/threads/${threadId}/runs?limit=1`)).json()) as { has_more: boolean };
    const answering = async (items: string) =>
      (await (await call(other, `/threads/${threadId}/runs?items=${items}`)).json()) as { data: RunSummary[] };
    const listed = (await (await call(other, `/threads/${threadId}/runs`)).json()) as { data: RunSummary[] };
    const [newest] = listed.data;
    expect((await answering(`msg_none,${newest?.trigger_item_id}`)).data).toEqual([newest]);
    expect((await answering('msg_none')).data).toEqual([]);
    expect((await call(other, `/threads/${threadId}/runs?items=`)).status).toBe(400);
    expect(page).toMatchObject({ data: [{ state: 'completed', settled_at: expect.any(String) }], has_more: true });
  });

  it('answer from Postgres when the log is gone: finished items, then the end', async () => {
    await provider.script([{ text: 'kept in the database' }]);
    const answer = await send(createThread('Keep'));
    await relay.query(`UPDATE runs SET settled_at = settled_at - interval '2 hours' WHERE id = $1`, [runIdOf(answer)]);
    await dropLog(relay, runIdOf(answer));
    for (const cursor of [undefined, marksOf(answer.raw)[1]?.cursor]) {
      const raw = await followRun(other, runIdOf(answer), cursor);
      expect(raw.endsWith('id: end\n\n')).toBe(true);
      expect(parseFrames(raw).map(({ type }) => type)).toEqual(['thread.item.done']);
      expect(stateOf(raw).items).toEqual(stateOf(answer.raw).items.filter(({ type }) => type !== 'user_message'));
    }
  });

  it('tell how a run failed, in its events and in the list', async () => {
    await provider.script([{ error: { status: 400 } }]);
    const answer = await send(createThread('Fail'));
    await relay.query(`UPDATE runs SET settled_at = settled_at - interval '2 hours' WHERE id = $1`, [runIdOf(answer)]);
    await dropLog(relay, runIdOf(answer));
    const raw = await followRun(other, runIdOf(answer));
    expect(parseFrames(raw).map(({ type }) => type)).toEqual(['error']);
    expect(parseFrames(raw)).toEqual(parseFrames(answer.raw).slice(-1));
    const page = await (await call(other, `/threads/${threadIdOf(answer)}/runs`)).json();
    expect(page).toMatchObject({
      data: [{ state: 'failed', error: { code: 'provider.bad_request' } }],
      has_more: false,
    });
    expect(JSON.stringify(page)).not.toContain('cause');
  });

  it('refuse what is malformed, and know nothing of other people', async () => {
    await provider.script([{ text: 'mine' }]);
    const answer = await send(createThread('Mine'));
    const runId = runIdOf(answer);
    for (const cursor of ['1', '1-', '-1', '1-2-3', 'x', '1-99999999999', '1.5-2', ' 1-2x']) {
      const { status } = await call(other, `/runs/${runId}/events`, { headers: { 'last-event-id': cursor } });
      expect({ cursor, status }).toEqual({ cursor, status: 400 });
    }
    for (const limit of ['0', '-1', 'x', '1.5', '']) {
      const { status } = await call(other, `/threads/${threadIdOf(answer)}/runs?limit=${limit}`);
      expect({ limit, status }).toEqual({ limit, status: 400 });
    }
    const end = await call(other, `/runs/${runId}/events`, { headers: { 'last-event-id': 'end' } });
    expect(end.status).toBe(204);

    const refusal = async (path: string, options: Parameters<typeof call>[2]) => {
      const response = await call(other, path, options);
      return { status: response.status, body: (await response.text()).replace(/(run|thr)_\w+/, '…') };
    };
    for (const [path, method] of [
      ['/runs/%/events', 'GET'],
      ['/runs/%/cancel', 'POST'],
    ] as const) {
      const foreign = await refusal(path.replace('%', runId), { method, user: 'eve' });
      expect(foreign).toEqual(await refusal(path.replace('%', 'run_unknown'), { method }));
      expect(foreign.status).toBe(404);
    }
    const foreign = await refusal(`/threads/${threadIdOf(answer)}/runs`, { user: 'eve' });
    expect(foreign).toEqual(await refusal('/threads/thr_unknown/runs', {}));
    expect(foreign.status).toBe(404);
  });

  it('show an unfinished item in the pages of a thread, to the shim only', async () => {
    await provider.script([{ text: 'one two three', deltas: ['one ', 'two ', 'three'], hang_after: 2 }]);
    const { threadId, runId, answer } = await sendUntil(createThread('Partial'), 2);
    const headers = SHIM;
    const items = await postJson<{ data: WireItem[] }>(other, listItems(threadId), { headers });
    expect(items.data.map(({ type }) => type)).toEqual(['user_message', 'assistant_message']);
    expect(textOf(items.data[1])).toBe('one two ');
    const thread = await postJson<{ items: { data: WireItem[] } }>(other, getThread(threadId), { headers });
    expect(thread.items.data).toEqual(items.data);
    const newest = { type: 'items.list', params: { thread_id: threadId, order: 'desc', limit: 1 } };
    const first = await postJson<{ data: WireItem[] }>(other, newest, { headers });
    expect(first.data.map(({ type }) => type)).toEqual(['assistant_message', 'user_message']);

    const plain = await postJson<{ data: WireItem[] }>(other, listItems(threadId));
    expect(plain.data.map(({ type }) => type)).toEqual(['user_message']);

    await cancelRun(other, runId);
    await answer;
    const kept = await postJson<{ data: WireItem[] }>(other, listItems(threadId), { headers });
    expect(kept.data.map(({ id }) => id)).toEqual(items.data.map(({ id }) => id));
  });
});
