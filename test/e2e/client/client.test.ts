import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyEvent, emptyThread, parseFrames } from '#chatkit';
import { type ChatKitFetchOptions, createChatKitFetch } from '../../../libs/client/src/index.js';
import { followRun, withoutMarks } from '../../api/support/run-routes.js';
import {
  addMessage,
  createThread,
  deltasOf,
  listItems,
  postJson,
  textOf,
  until,
  type WireItem,
} from '../../support/chat.js';
import { oneEngine } from '../../support/one-engine.js';
import { useProvider } from '../../support/provider.js';
import { USER_HEADER, useRelay } from '../../support/relay.js';
import { type CuttingProxy, openCuttingProxy } from './cutting-proxy.js';

const PREAMBLE = ['thread.created', 'thread.item.done', 'stream_options'];
/** What a settled run's log has no more: the item is told whole when it is done. */
const STEP = /"type":"thread\.item\.(added|updated)"/;
const CUTS = 10;

const words = (count: number): string[] => Array.from({ length: count }, (_, index) => `word${index} ä😀 `);
const stateOf = (raw: string) => parseFrames(raw).reduce(applyEvent, emptyThread);

/** A person's browser tab: what it keeps outlives a reload. */
function aTab() {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
    size: () => kept.size,
  };
}

/** Reads an answer, and calls back after each piece. */
async function readAll(response: Response, onText: (text: string) => void = () => undefined): Promise<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    onText(text);
  }
  return text;
}

/** Calls back once, when so many deltas have been read. */
function afterDeltas(count: number, reached: (text: string) => void): (text: string) => void {
  let done = false;
  return (text) => {
    if (done || deltasOf(parseFrames(text)).length < count) return;
    done = true;
    reached(text);
  };
}

describe.each(oneEngine('redis'))('the fetch shim with three APIs on the %s engine', (engine) => {
  const provider = useProvider();
  const relay = useRelay(engine, { provider, apis: 3 });
  let proxy: CuttingProxy;
  // The last one is never ended by a test.
  const urlOf = (index: number): string => String(relay.apis[index]?.ready['url']);
  beforeEach(async () => {
    proxy = await openCuttingProxy(urlOf(2));
  });
  afterEach(() => proxy.close());

  const aPage = (options: ChatKitFetchOptions = {}) =>
    createChatKitFetch({ url: `${proxy.url}/chatkit`, headers: { [USER_HEADER]: 'ada' }, ...options });
  const send = (chatFetch: typeof fetch, text: string, signal: AbortSignal | null = null) =>
    chatFetch(`${proxy.url}/chatkit`, { method: 'POST', body: JSON.stringify(createThread(text)), signal });
  /** By its message, so that a request of an earlier test that comes late cannot take it. */
  const scriptFor = (message: string, deltas: readonly string[], more: object = {}) =>
    provider.script([{ when: { input_contains: message }, text: deltas.join(''), deltas, ...more }]);
  const state = async (runId: string | null) =>
    (await relay.query<{ state: string }>(`SELECT state FROM runs WHERE id = $1`, [runId]))[0]?.state;
  const stateOfRunFor = async (message: string) =>
    (
      await relay.query<{ state: string }>(
        `SELECT state FROM runs JOIN items ON items.id = trigger_item_id WHERE payload #>> '{content,0,text}' = $1`,
        [message],
      )
    )[0]?.state;
  const types = async (threadId: string) =>
    (
      await relay.query<{ type: string }>(`SELECT type FROM items WHERE thread_id = $1 ORDER BY position`, [threadId])
    ).map(({ type }) => type);
  const threadIdOf = async (runId: string | null) =>
    String(
      (await relay.query<{ thread_id: string }>(`SELECT thread_id FROM runs WHERE id = $1`, [runId]))[0]?.thread_id,
    );

  /** What was read is the preamble and then what is left of the run's log, once: the steps of its items are merged when it settles. */
  async function expectWhole(response: Response, text: string): Promise<void> {
    const log = withoutMarks(await followRun(urlOf(2), String(response.headers.get('chatkit-run-id')), '0-0'));
    const read = text.split('\n\n');
    expect(parseFrames(read.slice(0, PREAMBLE.length).join('\n\n')).map(({ type }) => type)).toEqual(PREAMBLE);
    expect(read.slice(PREAMBLE.length).filter((frame) => !STEP.test(frame))).toEqual(log.split('\n\n'));
  }

  it('goes on elsewhere when its API is killed in mid-answer', async () => {
    const deltas = words(150);
    await scriptFor('Survive', deltas, { delay_ms: 15 });
    proxy.leadTo(urlOf(0));
    const response = await send(aPage(), 'Survive');
    const text = await readAll(
      response,
      afterDeltas(20, () => {
        proxy.leadTo(urlOf(2));
        void relay.apis[0]?.kill('SIGKILL');
      }),
    );
    expect(deltasOf(parseFrames(text)).join('')).toBe(deltas.join(''));
    await expectWhole(response, text);
    expect(await provider.calls()).toHaveLength(1);
  });

  it('goes on elsewhere when its API ends the body to stop, and takes that for no end', async () => {
    const deltas = words(160);
    // Longer than an API waits for its streams.
    await scriptFor('Deploy', deltas, { delay_ms: 60 });
    proxy.leadTo(urlOf(1));
    let stopped: Promise<void> | undefined;
    const response = await send(aPage(), 'Deploy');
    const text = await readAll(
      response,
      afterDeltas(10, () => {
        proxy.leadTo(urlOf(2));
        stopped = relay.apis[1]?.stop();
      }),
    );
    await stopped;
    expect(deltasOf(parseFrames(text)).join('')).toBe(deltas.join(''));
    await expectWhole(response, text);
  }, 60_000);

  it(`loses and doubles nothing over ${CUTS} cuts in one answer`, async () => {
    const deltas = words(300);
    await scriptFor('Cut me', deltas, { delay_ms: 5 });
    // The first one is behind the preamble; the others may be anywhere, also within the head of the answer.
    const cuts = [3_000, ...Array.from({ length: CUTS - 1 }, () => 200 + Math.floor(Math.random() * 3_000))];
    proxy.cuts = [...cuts];
    const response = await send(aPage({ retry: { firstMs: 20, maxMs: 100 } }), 'Cut me');
    const text = await readAll(response);
    expect({ cuts, made: proxy.cutCount(), text: deltasOf(parseFrames(text)).join('') }).toEqual({
      cuts,
      made: CUTS,
      text: deltas.join(''),
    });
    await expectWhole(response, text);
  });

  it('makes a cancel of an abort: the partial answer is kept once, with a marker', async () => {
    await scriptFor('Count', ['one ', 'two ', 'three'], { hang_after: 2 });
    const abort = new AbortController();
    const tab = aTab();
    const response = await send(aPage({ storage: tab }), 'Count', abort.signal);
    let abortedAt = 0;
    const reading = readAll(
      response,
      afterDeltas(2, () => {
        abortedAt = Date.now();
        abort.abort();
      }),
    );
    await expect(reading).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
    const [call] = await until('the provider is told', 10_000, async () => {
      const calls = await provider.calls();
      return calls[0]?.cancelled && calls;
    });
    console.log(`abort to closed provider socket, ${engine}: ${Date.parse(call?.cancelled_at ?? '') - abortedAt} ms`);
    const runId = response.headers.get('chatkit-run-id');
    await until('the run is cancelled', 10_000, async () => (await state(runId)) === 'cancelled');
    const threadId = await threadIdOf(runId);
    expect(await types(threadId)).toEqual(['user_message', 'assistant_message', 'sdk_hidden_context']);
    const page = await postJson<{ data: WireItem[] }>(urlOf(2), listItems(threadId));
    expect(textOf(page.data[1])).toBe('one two ');
    await until('the run is forgotten', 10_000, async () => tab.size() === 0);
  });

  it('stops also what was aborted before its answer had begun', async () => {
    await scriptFor('Quick', ['never'], { hang_after: 0 });
    const abort = new AbortController();
    const sending = send(aPage(), 'Quick', abort.signal);
    setImmediate(() => abort.abort());
    await expect(sending).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
    // Not the newest run: that is an earlier test's until this one has been admitted.
    await until('the run is cancelled', 10_000, async () => (await stateOfRunFor('Quick')) === 'cancelled');
  });

  it('carries out a stop that was pressed without a network, before the next message', async () => {
    await provider.script([
      { when: { input_contains: 'And now' }, text: 'here' },
      { when: { input_contains: 'Far away' }, text: 'one two three', deltas: ['one ', 'two ', 'three'], hang_after: 2 },
    ]);
    const abort = new AbortController();
    const tab = aTab();
    const page = aPage({ storage: tab });
    const response = await send(page, 'Far away', abort.signal);
    const runId = response.headers.get('chatkit-run-id');
    const reading = readAll(
      response,
      afterDeltas(2, () => {
        proxy.goDown();
        abort.abort();
      }),
    );
    await expect(reading).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
    const threadId = await threadIdOf(runId);
    const next = page(`${proxy.url}/chatkit`, {
      method: 'POST',
      body: JSON.stringify(addMessage(threadId, 'And now')),
    });
    // More tries than those of a request that is given up soon.
    await until('several tries', 20_000, async () => proxy.triedCount() > 6);
    expect(await state(runId)).toBe('working');
    proxy.leadTo(urlOf(2));
    expect(deltasOf(parseFrames(await readAll(await next))).join('')).toBe('here');
    expect(await state(runId)).toBe('cancelled');
    expect(await types(threadId)).toEqual([
      'user_message',
      'assistant_message',
      'sdk_hidden_context',
      'user_message',
      'assistant_message',
    ]);
    await until('nothing is remembered', 10_000, async () => tab.size() === 0);
  }, 60_000);

  it('carries out a stop that was pressed without a network after a reload', async () => {
    await scriptFor('Reload me', ['one ', 'two'], { hang_after: 1 });
    const abort = new AbortController();
    const tab = aTab();
    const response = await send(
      aPage({ storage: tab, retry: { firstMs: 600_000, maxMs: 600_000 } }),
      'Reload me',
      abort.signal,
    );
    const runId = response.headers.get('chatkit-run-id');
    const reading = readAll(
      response,
      afterDeltas(1, () => {
        proxy.goDown();
        abort.abort();
      }),
    );
    await expect(reading).rejects.toThrow(expect.objectContaining({ name: 'AbortError' }));
    await until('a try', 10_000, async () => proxy.triedCount() > 0);
    proxy.leadTo(urlOf(2));
    aPage({ storage: tab });
    await until('the run is cancelled', 10_000, async () => (await state(runId)) === 'cancelled');
  });

  it('sends a message that was written while the server restarts, once', async () => {
    await scriptFor('Restart', ['back ', 'again']);
    proxy.goDown();
    const sent = send(aPage({ retry: { attempts: 30, firstMs: 100, maxMs: 500 } }), 'Restart');
    await until('several tries', 20_000, async () => proxy.triedCount() > 6);
    proxy.leadTo(urlOf(2));
    const response = await sent;
    expect(deltasOf(parseFrames(await readAll(response))).join('')).toBe('back again');
    expect(await types(await threadIdOf(response.headers.get('chatkit-run-id')))).toEqual([
      'user_message',
      'assistant_message',
    ]);
  });

  it.each(['the tab remembers', 'the server is asked'])('sees the whole answer after a reload (%s)', async (how) => {
    const deltas = words(120);
    await scriptFor('Reload', deltas, { delay_ms: 20 });
    const tab = aTab();
    const abort = new AbortController();
    const response = await send(aPage({ storage: tab, isLeaving: () => true }), 'Reload', abort.signal);
    const runId = response.headers.get('chatkit-run-id');
    await readAll(
      response,
      afterDeltas(15, () => abort.abort()),
    ).catch(() => undefined);
    const threadId = await threadIdOf(runId);
    expect(await state(runId)).toBe('working');

    const page = aPage({ storage: how === 'the tab remembers' ? tab : aTab() });
    const seen: string[] = [];
    const attached = page.attach(
      threadId,
      async () => {
        const body = JSON.stringify({ type: 'threads.get_by_id', params: { thread_id: threadId } });
        const answer = await page(`${proxy.url}/chatkit`, { method: 'POST', body });
        const { items } = (await answer.json()) as { items: { data: WireItem[] } };
        seen.push(textOf(items.data[1]));
      },
      { everyMs: 300 },
    );
    const followed = await aPage({ storage: aTab() }).follow(threadId);
    const frames = await new Response(followed?.body).text();
    await attached;
    expect(deltasOf(parseFrames(frames)).join('')).toBe(deltas.join(''));
    expect(stateOf(frames).items.map((item) => textOf(item as unknown as WireItem))).toEqual([deltas.join('')]);
    expect(seen.length).toBeGreaterThan(2);
    expect(seen[0]).not.toBe('');
    expect(seen.map((text) => deltas.join('').startsWith(text))).toEqual(seen.map(() => true));
    expect(seen.at(-1)).toBe(deltas.join(''));
    expect(await state(runId)).toBe('completed');
  });
});
