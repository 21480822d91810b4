import { describe, expect, it } from 'vitest';
import { applyEvent, emptyThread, parseFrames } from '#chatkit';
import {
  addMessage,
  type Answer,
  createThread,
  deltasOf,
  listItems,
  post,
  postJson,
  textOf,
  threadIdOf,
  until,
  type WireItem,
} from '../support/chat.js';
import { oneEngine } from '../support/one-engine.js';
import { useProvider } from '../support/provider.js';
import { useRelay } from '../support/relay.js';

const TWENTY = Array.from({ length: 20 }, (_, n) => n);
let keys = 0;
const newKey = (): string => `key-${++keys}`;
const named = (key: string) => ({ 'idempotency-key': key });

/** What a reader of the stream has in front of it at the end. */
const stateOf = ({ raw }: Answer) => {
  const state = parseFrames(raw).reduce(applyEvent, emptyThread);
  return JSON.stringify(state, (_, value: unknown) => (value instanceof Map ? [...value] : value));
};

describe.each(oneEngine('redis'))('a request with a key, on the %s engine', (engine) => {
  const provider = useProvider();
  const relay = useRelay(engine, { provider, apis: 3 });

  const api = (n: number): string => String(relay.apis[n % relay.apis.length]?.ready['url']);
  const count = async (table: 'runs' | 'items' | 'threads'): Promise<number> =>
    Number((await relay.query(`SELECT count(*) AS n FROM ${table}`))[0]?.['n']);
  const settled = (runId: unknown) =>
    until('the run settles', 20_000, async () => {
      const [run] = await relay.query<{ state: string }>('SELECT state FROM runs WHERE id = $1', [runId]);
      return run && !['queued', 'working'].includes(run.state) && run.state;
    });

  it('sent twenty times at once makes one message, one run, one model call and twenty equal streams', async () => {
    await provider.script([{ text: 'one two three', deltas: ['one ', 'two ', 'three'], delay_ms: 100 }]);
    const before = { runs: await count('runs'), threads: await count('threads'), items: await count('items') };
    const headers = named(newKey());
    const answers = await Promise.all(TWENTY.map((n) => post(api(n), createThread('Once'), { headers })));
    expect(answers.map(({ status }) => status)).toEqual(TWENTY.map(() => 200));
    expect(new Set(answers.map((answer) => answer.headers['chatkit-run-id'])).size).toBe(1);
    const states = answers.map(stateOf);
    for (const state of states) expect(state).toEqual(states[0]);
    expect(states[0]).toContain('one two three');
    expect(await provider.calls()).toHaveLength(1);
    expect({ runs: await count('runs'), threads: await count('threads'), items: await count('items') }).toEqual({
      runs: before.runs + 1,
      threads: before.threads + 1,
      items: before.items + 2,
    });
  });

  it('sent twenty times at once to a thread makes one turn of it, whatever the order', async () => {
    await provider.script([{ text: 'Hello.' }, { text: 'Once more.' }]);
    const threadId = threadIdOf(await post(relay.url, createThread('Hello')));
    const headers = named(newKey());
    const answers = await Promise.all(TWENTY.map((n) => post(api(n), addMessage(threadId, 'Again'), { headers })));
    const states = answers.map(stateOf);
    for (const state of states) expect(state).toEqual(states[0]);
    const { data } = await postJson<{ data: WireItem[] }>(api(1), listItems(threadId));
    expect(data.map(textOf)).toEqual(['Hello', 'Hello.', 'Again', 'Once more.']);
    expect(await provider.calls()).toHaveLength(2);
  });

  it('sent again later is told the same, from the log and, when that is gone, from Postgres', async () => {
    await provider.script([{ text: 'Only once.' }]);
    const headers = named(newKey());
    const first = await post(api(0), createThread('Tell me'), { headers });
    const fromLog = await post(api(1), createThread('Tell me'), { headers });
    expect(stateOf(fromLog)).toEqual(stateOf(first));
    const runId = first.headers['chatkit-run-id'];
    await relay.query(`UPDATE runs SET settled_at = settled_at - interval '1 h' WHERE id = $1`, [runId]);
    expect(stateOf(await post(api(2), createThread('Tell me'), { headers }))).toEqual(stateOf(first));
    await relay.query('DELETE FROM run_log_entries WHERE run_id = $1', [runId]);
    const fromStore = await post(api(2), createThread('Tell me'), { headers });
    expect(stateOf(fromStore)).toEqual(stateOf(first));
    expect(await provider.calls()).toHaveLength(1);
  });

  it('is another one under the key of another user, or with another body', async () => {
    await provider.script([{ text: 'For ada.' }, { text: 'For bob.' }]);
    const headers = named(newKey());
    const ada = await post(api(0), createThread('Mine'), { headers });
    const runs = await count('runs');
    const conflict = await post(api(1), createThread('Not mine'), { headers });
    expect([conflict.status, JSON.parse(conflict.raw).error.code]).toEqual([409, 'idempotency.conflict']);
    expect(await count('runs')).toBe(runs);
    const { params, type } = createThread('Mine');
    expect((await post(api(1), { params, type }, { headers })).headers['chatkit-run-id']).toBe(
      ada.headers['chatkit-run-id'],
    );
    const bob = await post(api(1), createThread('Mine'), { headers, user: 'bob' });
    expect(deltasOf(bob.events).join('')).toBe('For bob.');
  });

  it.each(['', 'with space', 'ü', 'x'.repeat(256)])('is refused when its key is no key: %j', async (key) => {
    const runs = await count('runs');
    const header = Buffer.from(key, 'utf8').toString('latin1');
    const answer = await post(relay.url, createThread('Hello'), { headers: named(header) });
    expect(answer.status).toBe(400);
    expect(await count('runs')).toBe(runs);
  });

  it('is followed by another one when its first sender has gone, and stopped when nobody is left', async () => {
    const long = { text: 'one two three', deltas: ['one ', 'two ', 'three'], delay_ms: 1500 };
    await provider.script([long, { ...long, hang_after: 1 }]);
    const headers = named(newKey());
    let second: Promise<Answer> | undefined;
    const first = await post(api(0), createThread('Stay'), {
      headers,
      onEvents: (events, request) => {
        if (deltasOf(events).length === 0) return;
        second ??= post(api(1), createThread('Stay'), {
          headers,
          onEvents: (seen) => void (deltasOf(seen).length > 0 && request.destroy()),
        });
      },
    });
    expect(first.complete).toBe(false);
    expect(deltasOf((await second)?.events ?? []).join('')).toBe('one two three');
    expect(await settled(first.headers['chatkit-run-id'])).toBe('completed');

    const left = await post(api(0), createThread('Leave'), {
      headers: named(newKey()),
      onEvents: (events, request) => void (deltasOf(events).length > 0 && request.destroy()),
    });
    expect(await settled(left.headers['chatkit-run-id'])).toBe('cancelled');
  });
});
