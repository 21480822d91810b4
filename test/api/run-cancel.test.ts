import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { addMessage, type Answer, createThread, deltasOf, post, threadIdOf, until } from '../support/chat.js';
import { oneEngine } from '../support/one-engine.js';
import { useProvider } from '../support/provider.js';
import { useRelay } from '../support/relay.js';
import { cancelRun, SHIM } from './support/run-routes.js';

const TOOLS = fileURLToPath(new URL('../e2e/assistants/modules/chatkit.config.yaml', import.meta.url));

/** What a person is promised between the click and the end of what costs money. */
const PROMISED_MS = 500;
const CANCELS = 100;
const AT_ONCE = 10;
const name = (index: number): string => `[question ${index}]`;

interface Begun {
  readonly runId: string;
  readonly threadId: string;
  readonly answer: Promise<Answer>;
}

describe.each(oneEngine('postgres'))('a run that is cancelled from another process on the %s engine', (engine) => {
  const provider = useProvider();
  const relay = useRelay(engine, { provider, apis: 2, variables: { CHATKIT_CONFIG: TOOLS } });
  let other: string;
  beforeAll(() => {
    other = String(relay.apis[1]?.ready['url']);
  });

  /** Sends as the shim does, and resolves when `isThere` finds what it waits for in the stream so far. */
  function begin(body: unknown, isThere: (raw: string) => boolean, query = ''): Promise<Begun> {
    return new Promise((resolve, reject) => {
      let runId = '';
      const answer: Promise<Answer> = post(relay.url, body, {
        headers: SHIM,
        query,
        onResponse: (response) => (runId = String(response.headers['chatkit-run-id'])),
        onEvents: (events) => {
          const known = events.some(({ type }) => type === 'stream_options');
          if (!known || !isThere(JSON.stringify(events))) return;
          resolve({ runId, threadId: threadIdOf({ events }), answer });
        },
      });
      answer.then(() => reject(new Error('the answer ended too early')), reject);
    });
  }

  const state = async (runId: string) =>
    (await relay.query<{ state: string }>(`SELECT state FROM runs WHERE id = $1`, [runId]))[0]?.state;
  const types = async (threadId: string) =>
    (
      await relay.query<{ type: string }>(`SELECT type FROM items WHERE thread_id = $1 ORDER BY position`, [threadId])
    ).map(({ type }) => type);
  const modelAsked = () => until('the model is asked', 10_000, async () => (await provider.calls()).length > 0);
  const providerTold = () =>
    until('the provider is told', 10_000, async () => (await provider.calls()).every(({ cancelled }) => cancelled));

  it('in mid-answer ends its stream, keeps the partial text once, and a marker', async () => {
    await provider.script([{ text: 'one two three', deltas: ['one ', 'two ', 'three'], hang_after: 2 }]);
    const { runId, threadId, answer } = await begin(createThread('Count'), (raw) => raw.includes('two'));
    expect(await cancelRun(other, runId)).toMatchObject({ met: 'working', run: { id: runId, thread_id: threadId } });
    const { complete, raw } = await answer;
    expect([complete, raw.endsWith('id: end\n\n')]).toEqual([true, true]);
    expect(await state(runId)).toBe('cancelled');
    expect(await types(threadId)).toEqual(['user_message', 'assistant_message', 'sdk_hidden_context']);
    await providerTold();
  });

  it('before the first token, twice and after its end, is cancelled once', async () => {
    await provider.script([{ text: 'never', hang_after: 0 }]);
    const { runId, threadId, answer } = await begin(createThread('Quick'), () => true);
    await modelAsked();
    const met = await Promise.all([cancelRun(other, runId), cancelRun(relay.url, runId)]);
    expect(met.map((one) => ['working', 'settled'].includes(one.met))).toEqual([true, true]);
    expect((await answer).complete).toBe(true);
    expect(await cancelRun(other, runId)).toMatchObject({ met: 'settled', run: { state: 'cancelled' } });
    expect(await types(threadId)).toEqual(['user_message', 'sdk_hidden_context']);
    await providerTold();
  });

  it('while it is queued is cancelled at once, and what is next is not held up', async () => {
    await provider.script([
      { text: 'first', deltas: ['fir', 'st'], hang_after: 1, when: { input_contains: 'One' } },
      { text: 'third' },
    ]);
    const first = await begin(createThread('One'), (raw) => raw.includes('fir'));
    const second = await begin(addMessage(first.threadId, 'Two'), () => true);
    const third = post(relay.url, addMessage(first.threadId, 'Three'), { headers: SHIM });
    expect(await cancelRun(other, second.runId)).toMatchObject({ met: 'queued', run: { state: 'cancelled' } });
    expect(await cancelRun(other, first.runId)).toMatchObject({ met: 'working' });
    expect(deltasOf((await third).events).join('')).toBe('third');
    expect((await second.answer).complete).toBe(true);
    expect((await types(first.threadId)).filter((type) => type === 'sdk_hidden_context')).toHaveLength(2);
  });

  it('in a tool that hears nothing of it leaves the tool', async () => {
    await provider.script([{ tool_call: { name: 'deaf', arguments: {} } }, { text: 'never' }]);
    const { runId, answer } = await begin(createThread('Go'), (raw) => raw.includes('Deaf'), '?assistant=tools');
    expect(await cancelRun(other, runId)).toMatchObject({ met: 'working' });
    expect((await answer).complete).toBe(true);
    expect(await state(runId)).toBe('cancelled');
    expect(await provider.calls()).toHaveLength(1);
  });

  it('after its end stays as it was', async () => {
    await provider.script([{ text: 'Done.' }]);
    const answer = await post(relay.url, createThread('Quick'), { headers: SHIM });
    const runId = String(answer.headers['chatkit-run-id']);
    expect(await cancelRun(other, runId)).toMatchObject({ met: 'settled', run: { state: 'completed' } });
    expect(await types(threadIdOf(answer))).toEqual(['user_message', 'assistant_message']);
  });

  it(`lets go of the provider in time: p99 of ${CANCELS} below ${PROMISED_MS} ms`, async () => {
    await provider.script(
      Array.from({ length: CANCELS }, (_, index) => ({
        text: 'one two',
        deltas: ['one ', 'two'],
        hang_after: 1,
        when: { input_contains: name(index) },
      })),
    );
    const askedAt = new Map<string, number>();
    const cancelOne = async (index: number): Promise<void> => {
      const { runId, answer } = await begin(createThread(name(index)), (raw) => raw.includes('one '));
      askedAt.set(name(index), Date.now());
      await cancelRun(other, runId);
      await answer;
    };
    for (let first = 0; first < CANCELS; first += AT_ONCE) {
      await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => cancelOne(first + index)));
    }
    await providerTold();

    const took = (await provider.calls())
      .map(({ input, cancelled_at: at = '' }) => {
        const [question = ''] = /\[question \d+\]/.exec(JSON.stringify(input)) ?? [];
        return Date.parse(at) - (askedAt.get(question) ?? Number.NaN);
      })
      .toSorted((a, b) => a - b);
    const [p50, p99] = [0.5, 0.99].map((share) => took[Math.ceil(took.length * share) - 1]);
    console.log(`cancel to closed provider socket, ${engine}, ${took.length} cancels: p50 ${p50} ms, p99 ${p99} ms`);
    expect(took).toHaveLength(CANCELS);
    expect(p99).toBeLessThan(PROMISED_MS);
  }, 120_000);
});
