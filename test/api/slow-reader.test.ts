import { describe, expect, it } from 'vitest';
import { createThread, deltasOf, doneItems, post, textOf, until } from '../support/chat.js';
import { oneEngine } from '../support/one-engine.js';
import { useProvider } from '../support/provider.js';
import { useRelay } from '../support/relay.js';

/** About 14 MB of frames with the finished item: more than sockets and buffer hold, less than a run's log may. */
const DELTAS = 1150;
const DELTA = 'x'.repeat(4000);

const HEARTBEAT_AFTER_MS = 15_000;

describe.each(oneEngine('redis'))('a reader on the %s engine', (engine) => {
  const provider = useProvider();
  const relay = useRelay(engine, { provider });

  const settled = () =>
    until('the run is settled while nobody reads', 20_000, async () => {
      const [run] = await relay.query<{ state: string }>(`SELECT state FROM runs ORDER BY created_at DESC LIMIT 1`);
      return run?.state === 'completed';
    });

  it('that is slow is not waited for, and gets every byte', async () => {
    const deltas = Array.from({ length: DELTAS }, (_, index) => `${index}:${DELTA}`);
    await provider.script([{ text: deltas.join(''), deltas }]);
    const answer = await post(relay.url, createThread('Much'), {
      onResponse: (response) => {
        response.pause();
        void settled().then(() => response.resume());
      },
    });
    expect(answer.complete).toBe(true);
    expect(deltasOf(answer.events).join('')).toBe(deltas.join(''));
    expect(textOf(doneItems(answer.events, 'assistant_message')[0])).toBe(deltas.join(''));
  }, 60_000);

  it('hears a heartbeat when the model is silent, and loses nothing by it', async () => {
    await provider.script([{ text: 'slow', deltas: ['slow'], delay_ms: HEARTBEAT_AFTER_MS + 1500 }]);
    const answer = await post(relay.url, createThread('Think'));
    expect(answer.raw).toMatch(/\n\n:\n\ndata: /);
    expect(deltasOf(answer.events)).toEqual(['slow']);
  }, 40_000);
});
