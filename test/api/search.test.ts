import { beforeAll, describe, expect, it } from 'vitest';
import { newId, type ThreadItem } from '#chatkit';
import { aHiddenItem, anAssistantMessage } from '#chatkit/testing';
import { Database } from '#runtime';
import { searchThreads, searchWords } from '#runtime/api';
import { createThread, post, threadIdOf } from '../support/chat.js';
import { useRelay } from '../support/relay.js';
import { ask, type Told } from './auth/ask.js';
import { aWidget, putItem } from './support/seed.js';

interface Found {
  readonly data: readonly {
    readonly id: string;
    readonly title?: string;
    readonly snippet?: { readonly item_id: string; readonly text: string; readonly highlights: [number, number][] };
  }[];
  readonly has_more: boolean;
  readonly after?: string;
}

const idsOf = ({ data }: Found): string[] => data.map(({ id }) => id);

const say = (threadId: string, text: string): ThreadItem =>
  anAssistantMessage({
    id: newId('message'),
    thread_id: threadId,
    content: [{ type: 'output_text', text, annotations: [] }],
  });

// Nothing of it depends on the engine: rows of Postgres are read, and nothing is written.
describe('search over threads', () => {
  const relay = useRelay('postgres');

  const search = async (params: Record<string, string>, user = 'ada'): Promise<Told> =>
    ask(relay.url, `/chatkit/threads?${new URLSearchParams(params)}`, { headers: { 'x-test-user': user } });
  const found = async (q: string, more: Record<string, string> = {}, user?: string): Promise<Found> => {
    const { status, json, text } = await search({ q, ...more }, user);
    if (status !== 200) throw new Error(text);
    return json as unknown as Found;
  };

  async function thread(text: string, user = 'ada'): Promise<string> {
    return threadIdOf(await post(relay.url, createThread(`${text} (tokens=1)`), { user }));
  }

  let greeting: string;
  let tokyo: string;
  let recipe: string;
  beforeAll(async () => {
    greeting = await thread('Guten Tag, ÄRGER mit "Anführung" und \\Pfad');
    tokyo = await thread('東京の天気は？');
    recipe = await thread('A cake with 100% rye_flour');
    await relay.query(`UPDATE threads SET title = 'Über Brot' WHERE id = $1`, [recipe]);
    await thread('Nothing of this is for Grace: ärger', 'grace');
  });

  it.each<[string, string, () => string[]]>([
    ['a part of a word, in any case', 'ärG', () => [greeting]],
    ['quotation marks', '"Anführung"', () => [greeting]],
    ['a backslash', '\\pfad', () => [greeting]],
    ['a language without spaces', '天気', () => [tokyo]],
    ['the title', 'über', () => [recipe]],
    ['all words, in any order', 'RYE cake', () => [recipe]],
    ['words of which one is missing', 'cake tea', () => []],
    ['a percent sign as it is', '100%', () => [recipe]],
    ['which is no wildcard', '1%0', () => []],
    ['an underscore as it is', 'rye_', () => [recipe]],
    ['which is no wildcard either', 'r_e', () => []],
    ['a pattern as plain text', 'c.ke', () => []],
    ['an alternative as plain text', 'cake|天気', () => []],
    ['names of fields', 'input_text', () => []],
    ['what is not text', 'content', () => []],
    ['what is in several threads, the newest first', 't', () => [recipe, tokyo, greeting]],
  ])('finds %s (%s)', async (_, q, expected) => {
    expect(idsOf(await found(q))).toEqual(expected());
  });

  it('finds letters with their marks, stored as one character or apart', async () => {
    const apart = await thread('Cafe\u0301 cre\u0300me', 'marks');
    const whole = await thread('Café crème', 'marks');
    for (const q of ['CAFÉ crè', 'CAFE\u0301 cre\u0300'])
      expect(idsOf(await found(q, {}, 'marks'))).toEqual([whole, apart]);
    const [, decomposed] = (await found('fé', {}, 'marks')).data;
    expect(decomposed?.snippet).toMatchObject({ text: expect.stringMatching(/^Café crème/), highlights: [[2, 4]] });
  });

  it('finds every sign of ASCII as it is, in texts and in titles', async () => {
    const signs = [...'!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~'];
    const all = signs.map((sign) => `a${sign}b`).join(' ');
    const id = await thread(all, 'signs');
    const titled = await thread('none', 'signs');
    await relay.query('UPDATE threads SET title = $2 WHERE id = $1', [titled, all]);
    for (const sign of signs) {
      const { data } = await found(`A${sign}B`, {}, 'signs');
      expect([sign, ...data.map(({ id: of }) => of)]).toEqual([sign, titled, id]);
      const { text = '', highlights = [] } = data[1]?.snippet ?? {};
      expect(highlights.map(([start, end]) => text.slice(start, end))).toEqual([`a${sign}b`]);
    }
  });

  it('shows where, and in which message', async () => {
    const { data } = await found('RYE cake');
    const [hit] = data;
    const [item] = await relay.query<{ id: string }>(
      `SELECT id FROM items WHERE thread_id = $1 AND type = 'user_message'`,
      [recipe],
    );
    expect(hit).toMatchObject({ title: 'Über Brot', snippet: { item_id: item?.id } });
    const { text = '', highlights = [] } = hit?.snippet ?? {};
    expect(highlights.map(([start, end]) => text.slice(start, end))).toEqual(['cake', 'rye']);
    expect((await found('über')).data[0]).not.toHaveProperty('snippet');
  });

  it('looks at messages alone, not at what is hidden, nor into escapes', async () => {
    const id = await thread('Container');
    await putItem(relay, { ...aHiddenItem({ id: newId('message'), thread_id: id }), content: 'zebra' });
    await putItem(relay, {
      ...aWidget(id),
      widget: { type: 'Card', children: [{ type: 'Text', value: 'zebra' }] },
    } as ThreadItem);
    expect(idsOf(await found('zebra'))).toEqual([]);
    await putItem(relay, say(id, 'one\nzebra\u0000giraffe\u0001'));
    expect(idsOf(await found('zebra'))).toEqual([id]);
    expect(idsOf(await found('nzebra'))).toEqual([]);
    expect(idsOf(await found('0001'))).toEqual([]);
  });

  it('finds nothing of anybody else', async () => {
    expect(idsOf(await found('guten', {}, 'grace'))).toEqual([]);
    expect(idsOf(await found('ärger', {}, 'grace'))).toHaveLength(1);
    const { status, json } = await search({ q: 'ärger', after: greeting }, 'grace');
    expect([status, json.error?.code]).toEqual([404, 'cursor.not_found']);
  });

  it('page by page shows each thread once; without words all of them', async () => {
    for (const q of ['t', '']) {
      const all = idsOf(await found(q, { limit: '100' }));
      const seen: string[] = [];
      for (let after: string | undefined = ''; after !== undefined;) {
        const page: Found = await found(q, { limit: '1', ...(after && { after }) });
        seen.push(...idsOf(page));
        after = page.has_more ? page.after : undefined;
      }
      expect(seen).toEqual(all);
      expect(all.length).toBeGreaterThanOrEqual(3);
    }
  });

  it.each([
    [{ q: 'x'.repeat(201) }, 400],
    [{ q: 'a b c d e f g h i j k' }, 400],
    [{ q: 'x', limit: '0' }, 400],
    [{ q: 'x', after: 'thr_none' }, 404],
    [{ q: 'x', after: 'a\0' }, 404],
    [{ q: 'x\0' }, 200],
  ])('%o: %i', async (params, status) => {
    expect((await search(params)).status).toBe(status);
  });

  it('of a long history answers a part at a time, and forgets nothing', async () => {
    await relay.query(`
      INSERT INTO threads (id, tenant_id, owner_id, title)
      SELECT 'thr_many_' || n, 'default', 'many', CASE WHEN n % 40 = 1 THEN 'needle ' || n END
      FROM generate_series(1, 130) AS n`);
    const db = new Database(relay.variables['DATABASE_URL'] ?? '', { maxConnections: 1, name: 'search test' });
    const auth = { tenantId: 'default', userId: 'many', roles: [], requestId: 'x' };
    const pages: string[][] = [];
    for (let after: string | undefined = ''; after !== undefined;) {
      const page: Awaited<ReturnType<typeof searchThreads>> = await searchThreads(
        db,
        auth,
        { ...searchWords('needle'), limit: 20, ...(after !== '' && { after }) },
        { pageMs: -1, statementMs: 60_000 },
      );
      pages.push(page.data.map(({ thread: { title = '' } }) => title));
      after = page.has_more ? page.after : undefined;
    }
    expect(pages.flat()).toEqual(['needle 121', 'needle 81', 'needle 41', 'needle 1']);
    expect(pages).toHaveLength(14);
    await db.close();
  });

  it('one at a time for each user, and Postgres ends one that takes too long', async () => {
    // The newest ten threads are empty, and those behind them have more text than can be searched in the time.
    await relay.query(`
      INSERT INTO threads (id, tenant_id, owner_id, title)
      SELECT 'thr_slow_' || n, 'default', 'slow', 'slow ' || n FROM generate_series(1, 20) AS n`);
    for (let n = 1; n <= 10; n++)
      await putItem(relay, say(`thr_slow_${n}`, `${'- '.repeat(950_000)} a b c d e f g h i`));
    const slow = { ...searchWords('a b c d e f g h i zebra'), limit: 20 };
    const auth = { tenantId: 'default', userId: 'slow', roles: [], requestId: 'x' };
    const db = new Database(relay.variables['DATABASE_URL'] ?? '', { maxConnections: 2, name: 'search test' });
    const holding = new Database(relay.variables['DATABASE_URL'] ?? '', { maxConnections: 1, name: 'holds items' });
    try {
      const lock = { text: 'LOCK TABLE items IN ACCESS EXCLUSIVE MODE' };
      await holding.system.transaction(async (tx) => {
        await tx.query(lock);
        const times = { pageMs: 60_000, statementMs: 50 };
        await expect(searchThreads(db, auth, slow, times)).rejects.toMatchObject({ code: 'service.unavailable' });
        const both = await Promise.all([search({ q: 'zebra' }, 'slow'), search({ q: 'zebra' }, 'slow')]);
        expect(both.map(({ json }) => json.error?.code).toSorted()).toEqual(['limit.searches', 'service.unavailable']);
      });
      const page = await searchThreads(db, auth, slow, { pageMs: 60_000, statementMs: 400 });
      expect(page).toEqual({ data: [], has_more: true, after: 'thr_slow_11' });
    } finally {
      await Promise.all([db.close(), holding.close()]);
    }
  }, 60_000);
});
