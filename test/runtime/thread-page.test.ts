import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from '#chatkit';
import { aThread } from '#chatkit/testing';
import { PrismaThreadStore } from '#runtime';
import { MAX_PAGE_BYTES, MAX_PAGE_ROWS } from '../../libs/runtime/src/threads/page-size.js';
import { LOAD_THREADS } from '../../libs/runtime/src/threads/thread-page.js';
import { query } from '../../libs/runtime/src/platform/statement.js';
import { auth, useWorld } from './support/world.js';

const world = useWorld();
const COUNT = 12;
const caller = auth('wide');
const ids: string[] = [];
let store: PrismaThreadStore;
beforeAll(async () => {
  store = new PrismaThreadStore(world.db);
  for (let n = 0; n < COUNT; n++) {
    const id = newId('thread');
    ids.push(id);
    await store.saveThread(caller, aThread({ id, metadata: { notes: 'x'.repeat(900_000) } }));
  }
});

describe.each(['asc', 'desc'] as const)('threads with much that is private of them, %s', (order) => {
  it('are read by the statement as far as a page goes, and no further', async () => {
    const values = [caller.tenantId, caller.userId, null, MAX_PAGE_ROWS + 1, MAX_PAGE_BYTES];
    const { rows } = await query(world.db.of(caller), LOAD_THREADS[order], values);
    const bytes = rows.reduce((sum, row) => sum + row.bytes, 0);
    expect(rows.length).toBeLessThan(COUNT);
    expect(bytes - (rows.at(-1)?.bytes ?? 0)).toBeLessThanOrEqual(MAX_PAGE_BYTES);
  });

  it('are all on the pages, each once and in order', async () => {
    const seen: string[] = [];
    let after: string | undefined;
    let pages = 0;
    do {
      const page = await store.loadThreads(caller, { limit: 1e9, order, after });
      expect(page.data.length).toBeGreaterThan(0);
      seen.push(...page.data.map(({ id }) => id));
      after = page.after;
      pages += 1;
    } while (after !== undefined);
    expect(seen).toEqual(order === 'asc' ? ids : ids.toReversed());
    expect(pages).toBeGreaterThan(2);
  });
});
