import { beforeAll, describe, expect, it } from 'vitest';
import { addMessage, createThread, post, postJson, threadIdOf, until } from '../support/chat.js';
import { oneEngine } from '../support/one-engine.js';
import { useProvider } from '../support/provider.js';
import { useRelay } from '../support/relay.js';
import { logCopies } from './support/log-copies.js';
import { everything } from './support/seed.js';

const update = (threadId: string, title: unknown) => ({
  type: 'threads.update',
  params: { thread_id: threadId, title },
});
interface Listed {
  readonly data: readonly { readonly id: string }[];
  readonly has_more: boolean;
  readonly after?: string | null;
}
const remove = (threadId: string) => ({ type: 'threads.delete', params: { thread_id: threadId } });

describe.each(oneEngine('redis'))('renaming and deleting threads on the %s engine', (engine) => {
  const provider = useProvider();
  const relay = useRelay(engine, { provider });
  let threadId: string;
  beforeAll(async () => {
    threadId = threadIdOf(await post(relay.url, createThread('Hello')));
  });

  it('a title is set and nothing else; the answer has an empty page (RQ-20)', async () => {
    await relay.query(`UPDATE threads SET metadata = '{"plan": "gold"}', status = '{"type": "locked"}' WHERE id = $1`, [
      threadId,
    ]);
    for (const title of ['Zürich 🌍', '']) {
      expect(await postJson(relay.url, update(threadId, title))).toMatchObject({
        id: threadId,
        title,
        status: { type: 'locked' },
        metadata: {},
        items: { data: [], has_more: false },
      });
    }
    const [row] = await relay.query(`SELECT metadata FROM threads WHERE id = $1`, [threadId]);
    expect(row).toEqual({ metadata: { plan: 'gold' } });
  });

  it.each<[string, number, () => unknown, string?]>([
    ['an unknown thread cannot be renamed', 404, () => update('thr_none', 'x')],
    ['a foreign thread cannot be renamed', 404, () => update(threadId, 'x'), 'grace'],
    ['a title cannot be null', 400, () => update(threadId, null)],
    ['an unknown thread cannot be deleted', 404, () => remove('thr_none')],
    ['a foreign thread cannot be deleted', 404, () => remove(threadId), 'grace'],
  ])('%s: %i, and nothing has changed', async (_, status, request, user) => {
    const before = await everything(relay);
    expect((await post(relay.url, request(), { user })).status).toBe(status);
    expect(await everything(relay)).toEqual(before);
  });

  it.each(['asc', 'desc'])(
    'threads of the same instant are listed once each, whatever the pages (%s)',
    async (order) => {
      const user = `twins-${order}`;
      const texts = ['One', 'Two', 'Three', 'Four', 'Five'];
      const made: string[] = [];
      // Without an answer for each, the circuit breaker of the model would open.
      await provider.script(texts.map((text) => ({ text })));
      for (const text of texts) made.push(threadIdOf(await post(relay.url, createThread(text), { user })));
      await relay.query(`UPDATE threads SET created_at = '2026-01-01T00:00:00.123Z' WHERE owner_id = $1`, [user]);
      for (const limit of [1, 2, 5]) {
        const seen: string[] = [];
        for (let after: string | null | undefined; after !== null;) {
          const params = { limit, order, ...(after !== undefined && { after }) };
          const page: Listed = await postJson(relay.url, { type: 'threads.list', params }, { user });
          seen.push(...page.data.map(({ id }) => id));
          after = page.has_more ? page.after : null;
        }
        expect(seen).toEqual(order === 'asc' ? made : made.toReversed());
      }
      for (const id of made) expect((await post(relay.url, remove(id), { user })).status).toBe(200);
    },
  );

  it('a deleted thread takes the copies of its answers in the run log along', async () => {
    await provider.script([{ text: 'A private word.' }]);
    const answer = await post(relay.url, createThread('Tell me'));
    const runId = String(answer.headers['chatkit-run-id']);
    expect(await logCopies(relay, runId)).toBeGreaterThan(0);
    // A log is stored for an hour where something was withdrawn, and for a day where its end could not be written.
    await relay.query(`UPDATE runs SET settled_at = settled_at - interval '2 hours' WHERE id = $1`, [runId]);
    await post(relay.url, remove(threadIdOf(answer)));
    expect(await logCopies(relay, runId)).toBe(0);
  });

  it('a deleted thread takes its running turn along, whose model is stopped, and does not come back (CC-5)', async () => {
    await provider.script([{ text: 'one two three', deltas: ['one ', 'two ', 'three'], hang_after: 1 }]);
    const streaming = post(relay.url, addMessage(threadId, 'Slowly'));
    await until('the model is asked', 5_000, async () => (await provider.calls())[0]);
    expect((await post(relay.url, remove(threadId))).raw).toBe('{}');
    await until('the provider sees the close', 5_000, async () => (await provider.calls())[0]?.cancelled);
    await streaming;
    const rows = await relay.query(
      `SELECT (SELECT count(*)::int FROM threads) AS threads, (SELECT count(*)::int FROM items) AS items,
              (SELECT count(*)::int FROM runs) AS runs`,
    );
    expect(rows).toEqual([{ threads: 0, items: 0, runs: 0 }]);
    expect((await post(relay.url, addMessage(threadId, 'Hello?'))).status).toBe(404);
  });
});
