import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { cancelRun } from '../api/support/run-routes.js';
import { type Answer, createThread, deltasOf, post, threadIdOf, until } from '../support/chat.js';
import { isLong } from '../support/chaos-length.js';
import { engineKinds } from '../support/engines.js';
import { useProvider } from '../support/provider.js';
import { useRelay } from '../support/relay.js';
import { percentile, spread, tell } from './support/figures.js';
import { watchMachine } from './support/machine.js';

const CONFIG = fileURLToPath(new URL('cancel.config.yaml', import.meta.url));
const PROMISED_MS = 500;
const WORKERS = 2;
const CONCURRENCY = 4;
/** As many as the workers have places: one that is not given back would be missed. */
const AT_ONCE = WORKERS * CONCURRENCY;
const CANCELS = isLong ? 30 * AT_ONCE : 9 * AT_ONCE;

const WAYS = ['by another API', 'twice, by two APIs', 'by a closed socket'] as const;
type Way = (typeof WAYS)[number];

/** One turn that has got as far as its test wants it. */
interface Begun {
  readonly runId: string;
  readonly threadId: string;
  readonly user: string;
  readonly answer: Promise<Answer>;
  readonly close: () => void;
}

/** A script that says one word to whoever asks for this, and then nothing. */
const endless = (text: string) => ({
  text: 'one two',
  deltas: ['one ', 'two'],
  hang_after: 1,
  when: { input_contains: text },
});

describe.each(engineKinds)('a stop on the %s engine', (engine) => {
  const provider = useProvider();
  const relay = useRelay(engine, {
    provider,
    apis: 2,
    workers: WORKERS,
    variables: { CHATKIT_CONFIG: CONFIG, WORKER_CONCURRENCY: String(CONCURRENCY) },
  });

  const [streams, other] = [0, 1].map((index) => () => String(relay.apis[index]?.ready['url']));

  /** Sends without the shim; resolves when the stream so far has what it waits for. */
  function begin(user: string, text: string, isThere: (raw: string) => boolean, query = ''): Promise<Begun> {
    return new Promise((resolve, reject) => {
      let runId = '';
      const answer: Promise<Answer> = post(streams?.() ?? '', createThread(text), {
        user,
        query,
        onResponse: ({ headers }) => (runId = String(headers['chatkit-run-id'])),
        onEvents: (events, request) => {
          if (!events.some(({ type }) => type === 'stream_options') || !isThere(JSON.stringify(events))) return;
          resolve({ runId, threadId: threadIdOf({ events }), user, answer, close: () => request.destroy() });
        },
      });
      answer.then(({ raw }) => reject(new Error(`the answer ended too early: ${raw}`)), reject);
    });
  }

  async function stop({ runId, user, close }: Begun, way: Way): Promise<void> {
    if (way === 'by a closed socket') return close();
    const again = way === 'twice, by two APIs' ? [cancelRun(streams?.() ?? '', runId, { user })] : [];
    await Promise.all([cancelRun(other?.() ?? '', runId, { user }), ...again]);
  }

  const cancelled = (runs: readonly Begun[]) =>
    until('the runs are cancelled', 30_000, async () => {
      const ids = runs.map(({ runId }) => runId);
      return (
        (await relay.query(`SELECT 1 FROM runs WHERE id = ANY($1) AND state = 'cancelled'`, [ids])).length ===
        ids.length
      );
    });
  const stored = async ({ threadId }: Begun): Promise<string[]> =>
    (
      await relay.query<{ item: string }>(
        `SELECT CASE type WHEN 'assistant_message' THEN payload->'content'->0->>'text' ELSE type END AS item
         FROM items WHERE thread_id = $1 ORDER BY position`,
        [threadId],
      )
    ).map(({ item }) => item);
  const asked = async (text: string) =>
    (await provider.calls()).filter(({ input }) => JSON.stringify(input).includes(text));
  const isAsked = (text: string) => until('the model is asked', 30_000, async () => (await asked(text)).length > 0);

  it('of runs behind their owner’s limit leaves the model unasked; the place of one that ran is the next one’s', async () => {
    await provider.script([endless('First'), endless('Second'), { text: 'Fifth.' }]);
    const running = [];
    for (const text of ['First', 'Second']) running.push(await begin('kim', text, (raw) => raw.includes('one ')));
    const third = await begin('kim', 'Third', () => true);
    const fourth = await begin('kim', 'Fourth', () => true);
    const fifth = post(streams?.() ?? '', createThread('Fifth'), { user: 'kim' });
    await until('three wait for their owner’s others', 30_000, async () => {
      const waiting = await relay.query(`SELECT 1 FROM runs WHERE state = 'queued' AND dispatched_at IS NULL`);
      return waiting.length === 3;
    });
    expect(await cancelRun(other?.() ?? '', third.runId, { user: 'kim' })).toMatchObject({ met: 'queued' });
    fourth.close();
    await cancelled([third, fourth]);
    expect([(await third.answer).complete, (await fourth.answer).complete]).toEqual([true, false]);
    for (const run of [third, fourth]) expect(await stored(run)).toEqual(['user_message', 'sdk_hidden_context']);

    await cancelRun(other?.() ?? '', running[0]?.runId ?? '', { user: 'kim' });
    expect(deltasOf((await fifth).events).join('')).toBe('Fifth.');
    running[1]?.close();
    await cancelled(running);
    expect(await provider.calls()).toHaveLength(3);
  }, 60_000);

  it.each(WAYS)(
    '%s ends a tool that sleeps, asks the model nothing more, and the next turn starts',
    async (way) => {
      const user = `tired ${way.length}`;
      await provider.script([
        { tool_call: { name: 'rest', arguments: {} } },
        { tool_call: { name: 'rest', arguments: {} } },
        { text: 'Awake.' },
      ]);
      const resting = await Promise.all(
        [0, 1].map((n) => begin(user, `Rest ${n}`, (raw) => raw.includes('Resting'), '?assistant=tools')),
      );
      const next = post(streams?.() ?? '', createThread('Next'), { user });
      for (const run of resting) await stop(run, way);
      await cancelled(resting);
      expect(deltasOf((await next).events).join('')).toBe('Awake.');
      for (const run of resting) {
        const items = await stored(run);
        expect([items[0], items.at(-1)]).toEqual(['user_message', 'sdk_hidden_context']);
        expect(items.filter((item) => item === 'sdk_hidden_context')).toHaveLength(1);
      }
      expect(await provider.calls()).toHaveLength(3);
    },
    60_000,
  );

  it(`closes the provider’s socket in time, keeps what was said once, and gives its place back (${CANCELS} times)`, async () => {
    const turns = Array.from({ length: CANCELS }, (_, index) => ({
      text: `[question ${index}]`,
      user: `person-${index}`,
      way: WAYS[index % WAYS.length] ?? WAYS[0],
      hasBegun: index % 2 === 0,
    }));
    const held = Array.from({ length: AT_ONCE }, (_, index) => `[held ${index}]`);
    await provider.script([
      ...turns.map(({ text, hasBegun }) => ({ ...endless(text), hang_after: hasBegun ? 1 : 0 })),
      ...held.map(endless),
    ]);
    const sentAt = new Map<string, number>();
    const runs: Begun[] = [];
    const cancelOne = async ({ text, user, way, hasBegun }: (typeof turns)[number]): Promise<void> => {
      const run = await begin(user, text, (raw) => !hasBegun || raw.includes('one '));
      await isAsked(text);
      sentAt.set(text, Date.now());
      await stop(run, way);
      await run.answer;
      runs.push(run);
    };
    const machine = watchMachine(() => streams?.() ?? '');
    for (let first = 0; first < CANCELS; first += AT_ONCE) {
      await Promise.all(turns.slice(first, first + AT_ONCE).map(cancelOne));
    }
    const { figures, isBusy } = await machine.stop();
    await cancelled(runs);
    // All places at once.
    const last = await Promise.all(held.map((text) => begin(text, text, (raw) => raw.includes('one '))));
    await Promise.all(last.map((run) => stop(run, 'by a closed socket')));
    await cancelled(last);

    const calls = await until('every call is let go of', 30_000, async () => {
      const all = await provider.calls();
      return all.every((call) => call.cancelled) && all;
    });
    expect(calls).toHaveLength(CANCELS + AT_ONCE);
    const took = ({ text }: (typeof turns)[number]): number => {
      const call = calls.find(({ input }) => JSON.stringify(input).includes(text));
      return Date.parse(call?.cancelled_at ?? '') - (sentAt.get(text) ?? Number.NaN);
    };
    const all = turns.map(took);
    const byWay = WAYS.map((way) => [way, spread(turns.filter((turn) => turn.way === way).map(took), [0.5, 0.99])]);
    tell(`cancel to closed provider socket (${engine})`, {
      cancels: CANCELS,
      'a request for nothing': figures,
      all: spread(all, [0.5, 0.99]),
      ...(Object.fromEntries(byWay) as Record<string, string>),
    });
    for (const run of runs) {
      const turn = turns.find(({ user }) => user === run.user);
      expect(await stored(run)).toEqual(['user_message', ...(turn?.hasBegun ? ['one '] : []), 'sdk_hidden_context']);
    }
    expect(isBusy || percentile(all, 0.99) < PROMISED_MS).toBe(true);
  }, 180_000);
});
