import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createThread, deltasOf, post, type PostOptions, postJson, threadIdOf, until } from '../support/chat.js';
import { oneEngine } from '../support/one-engine.js';
import { useProvider } from '../support/provider.js';
import { USER_HEADER, useRelay } from '../support/relay.js';

const CONFIG = new URL('usage.config.yaml', import.meta.url).pathname;
const PRICED = { model: 'priced' };

interface Row {
  readonly day: string;
  readonly provider: string;
  readonly model: string;
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedInputTokens: number;
  readonly reasoningTokens: number;
  readonly costMicros?: number;
  readonly estimated: boolean;
}

interface Report {
  readonly from: string;
  readonly to: string;
  readonly usage: readonly Row[];
  readonly total: Row;
}

const closeAfter =
  (deltas: number): PostOptions['onEvents'] =>
  (events, request) => {
    if (deltasOf(events).length >= deltas) request.destroy();
  };

describe.each(oneEngine('redis'))('what answers cost, on the %s engine', (engine) => {
  const provider = useProvider();
  const relay = useRelay(engine, {
    provider,
    variables: { OPENAI_API_KEY: 'sk-secret-of-the-test', CHATKIT_CONFIG: CONFIG },
  });

  const ask = (user: string, query = '') => fetch(`${relay.url}/usage${query}`, { headers: { [USER_HEADER]: user } });
  const reportOf = async (user: string): Promise<Report> => (await ask(user)).json() as Promise<Report>;
  const rowsOf = async (user: string) => new Map((await reportOf(user)).usage.map((row) => [row.model, row]));
  /** The row of the priced model, as soon as it is there. */
  const booked = (user: string): Promise<Row> =>
    until('the calls are booked', 15_000, async () => (await rowsOf(user)).get('gpt-priced'));

  it('is told to whom it was answered, by model, the title’s call included', async () => {
    await provider.script([{ text: 'The answer is 42, and that is all there is to say.' }]);
    const answer = await post(relay.url, createThread('What is the answer?', PRICED), { user: 'ada' });
    const row = await booked('ada');
    expect(row).toMatchObject({ provider: 'openai', calls: 1, estimated: false });
    expect(row.outputTokens).toBeGreaterThan(0);
    expect(row.costMicros).toBe(row.inputTokens * 3 + row.outputTokens * 15);
    const title = await until('the title is booked', 15_000, async () => (await rowsOf('ada')).get('title-model'));
    expect(title).toMatchObject({ calls: 1 });
    expect(title).not.toHaveProperty('costMicros');
    const { total, from, to, usage } = await reportOf('ada');
    expect(total).toMatchObject({ calls: 2, costMicros: row.costMicros });
    expect(total.inputTokens).toBe(row.inputTokens + title.inputTokens);
    expect(usage.every(({ day }) => day >= from && day <= to)).toBe(true);
    const [run] = await relay.query('SELECT provider, model, cost_micros FROM runs WHERE thread_id = $1', [
      threadIdOf(answer),
    ]);
    expect(run).toEqual({ provider: 'openai', model: 'gpt-priced', cost_micros: String(row.costMicros) });
    expect(await reportOf('bob')).toMatchObject({ usage: [], total: { calls: 0 } });
  });

  it('is estimated for an answer that was stopped', async () => {
    await provider.script([{ text: 'one two three four', deltas: ['one ', 'two ', 'three ', 'four'], hang_after: 3 }]);
    await post(relay.url, createThread('Count', PRICED), { user: 'carol', onEvents: closeAfter(2) });
    const row = await booked('carol');
    expect(row).toMatchObject({ calls: 1, estimated: true });
    expect(row.inputTokens * row.outputTokens).toBeGreaterThan(0);
  });

  it('is booked although the thread was deleted in mid-answer', async () => {
    await provider.script([{ text: 'one two three four', deltas: ['one ', 'two ', 'three ', 'four'], hang_after: 3 }]);
    let isDeleted = false;
    await post(relay.url, createThread('Count', PRICED), {
      user: 'dave',
      onEvents: (events) => {
        if (isDeleted || deltasOf(events).length < 2) return;
        isDeleted = true;
        const thread_id = threadIdOf({ events });
        void postJson(relay.url, { type: 'threads.delete', params: { thread_id } }, { user: 'dave' });
      },
    });
    expect(await booked('dave')).toMatchObject({ calls: 1, estimated: true });
    expect(await relay.query(`SELECT 1 FROM runs WHERE owner_id = 'dave'`)).toEqual([]);
  });

  it('is booked by the worker that hands an answer over, and by the one that ends it', async () => {
    const hanging = { text: 'one two three', deltas: ['one ', 'two ', 'three'], hang_after: 2 };
    await provider.script([hanging, { text: 'Here I am again.' }]);
    const [first] = relay.workers.splice(0);
    let isStopped = false;
    await post(relay.url, createThread('Count', PRICED), {
      user: 'erin',
      onEvents: (events) => {
        if (isStopped || deltasOf(events).length < 2) return;
        isStopped = true;
        void relay.startWorker().then(() => first?.stop());
      },
    });
    const row = await until('both are booked', 30_000, async () => {
      const found = await booked('erin');
      return found.calls === 2 && found;
    });
    expect(row.estimated).toBe(true);
    const fences = await relay.query(
      `SELECT fence FROM model_usage WHERE owner_id = 'erin' AND model = 'gpt-priced' ORDER BY fence`,
    );
    expect(fences).toEqual([{ fence: 1 }, { fence: 3 }]);
  });

  it('is told as the guide shows it', async () => {
    const guide = readFileSync(new URL('../../docs/providers/usage.md', import.meta.url), 'utf8');
    const [, path = '', body = ''] = /<!-- exchange: usage -->\n\n```\nGET (\S+)\n\n(.*?)```/s.exec(guide) ?? [];
    const shown = JSON.parse(body) as Report;
    for (const row of shown.usage) {
      await relay.query(
        `INSERT INTO model_usage (run_id, fence, tenant_id, owner_id, provider, model, calls, input_tokens, output_tokens,
                                  cached_input_tokens, reasoning_tokens, cost_micros, estimated, created_at)
         SELECT 'run_shown', 1, tenant_id, 'grace', $1, $2, $3, $4, $5, $6, $7, $8, $9, $10::timestamptz
         FROM model_usage LIMIT 1`,
        [
          row.provider,
          row.model,
          row.calls,
          row.inputTokens,
          row.outputTokens,
          row.cachedInputTokens,
          row.reasoningTokens,
          row.costMicros,
          row.estimated,
          `${row.day}T12:00:00Z`,
        ],
      );
    }
    const response = await fetch(relay.url + path, { headers: { [USER_HEADER]: 'grace' } });
    expect(await response.json()).toEqual(shown);
  });

  it.each([
    ['?from=yesterday', 'YYYY-MM-DD'],
    ['?from=2026-03-02&to=2026-03-01', 'is after'],
  ])('refuses %s in words', async (query, words) => {
    const response = await ask('ada', query);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { code: 'request.invalid', message: expect.stringContaining(words) },
    });
  });

  it('is told to nobody without a name', async () => {
    expect((await fetch(`${relay.url}/usage`)).status).toBe(401);
  });

  it('is a line in the log for each call, without a word of prompt or answer and without a key', async () => {
    await provider.script([{ text: 'Confidential indeed.' }]);
    await post(relay.url, createThread('Tell me something confidential', PRICED), { user: 'frank' });
    const told = (): string[] =>
      relay.workers.flatMap((worker) =>
        worker
          .output()
          .split('\n')
          .filter((line) => line.includes('"model attempt"') && line.endsWith('}')),
      );
    const line = await until('the log has its line', 10_000, async () =>
      told()
        .map((text) => JSON.parse(text))
        .find(({ model }) => model === 'gpt-priced'),
    );
    expect(line).toMatchObject({
      runId: expect.stringMatching(/^run_/),
      provider: 'openai',
      outcome: 'completed',
      messages: 1,
      settings: {},
      firstPartMs: expect.any(Number),
      durationMs: expect.any(Number),
      characters: expect.any(Number),
      usage: { inputTokens: expect.any(Number), outputTokens: expect.any(Number) },
      costMicros: expect.any(Number),
      estimated: false,
    });
    expect(told().join('\n')).not.toMatch(/onfidential|sk-secret/);
  });
});
