import { describe, expect, it } from 'vitest';
import { createThread, post, postJson, threadIdOf } from '../support/chat.js';
import { oneEngine } from '../support/one-engine.js';
import { startRelay, USER_HEADER } from '../support/relay.js';

interface WireThread {
  readonly created_at: string;
  readonly items: { readonly data: readonly { readonly id: string; readonly created_at: string }[] };
}

const ODD = { timezone: 'Asia/Kathmandu', datestyle: 'German, DMY' };

describe.each(oneEngine('postgres'))('times on the %s engine', (engine) => {
  it.each([
    ['the database', { settings: ODD }],
    ['the processes', { variables: { TZ: 'America/St_Johns' } }],
    ['both', { settings: ODD, variables: { TZ: 'Pacific/Chatham' } }],
  ])('are the same live and after a reload, whatever the zone of %s', async (_, options) => {
    const began = Date.now();
    const relay = await startRelay(engine, options);
    try {
      const answer = await post(relay.url, createThread('Hello! (tokens=2)'));
      const thread_id = threadIdOf(answer);
      const thread = await postJson<WireThread>(relay.url, { type: 'threads.get_by_id', params: { thread_id } });
      const live = answer.events.find(({ type }) => type === 'thread.created')?.['thread'] as WireThread;
      expect(thread.created_at).toBe(live.created_at);
      const done = answer.events.filter(({ type }) => type === 'thread.item.done').map(({ item }) => item);
      const stored = thread.items.data;
      expect(stored.map(({ id, created_at }) => ({ id, created_at }))).toEqual(
        (done as typeof stored).map(({ id, created_at }) => ({ id, created_at })),
      );
      const headers = { [USER_HEADER]: 'ada' };
      const runs = (await (await fetch(`${relay.url}/chatkit/threads/${thread_id}/runs`, { headers })).json()) as {
        data: { created_at: string; settled_at: string }[];
      };
      const instants = [thread, ...stored].map(({ created_at }) => created_at);
      for (const instant of [...instants, runs.data[0]?.created_at ?? '', runs.data[0]?.settled_at ?? '']) {
        expect(Date.parse(instant)).toBeGreaterThan(began - 1_000);
        expect(Date.parse(instant)).toBeLessThan(Date.now() + 1_000);
      }
    } finally {
      await relay.stop();
    }
  });
});
