import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { cancelRun } from '../api/support/run-routes.js';
import { type Answer, createThread, post, until } from '../support/chat.js';
import { duringSuite } from '../support/during-suite.js';
import { engineKinds } from '../support/engines.js';
import { MetricSamples } from '../support/metric-samples.js';
import { useRelay, USER_HEADER } from '../support/relay.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { type Deed, ends, refuses, says, startFaultyProvider, stays } from './policies/support/provider.js';

/** So that the time between the first and the last piece is more than none. */
const endsLater: Deed = async (response) => {
  await wait(100);
  return ends(response);
};
const answers = says('a', 3, endsLater);
const isAway = refuses(503);

/** The load: what is asked, and what becomes of it. */
const TURNS = { good: 10, broken: 3, stays: 3, again: 4 };
const ALL_TURNS = 20;
/** As the provider reports it for each whole answer, and what a million tokens cost. */
const USAGE = { input: 7, output: 60 };
const PRICE = { input: 3, output: 15 };

const folder = temporaryFolder('chatkit-metrics-');
const provider = duringSuite(
  () =>
    startFaultyProvider({
      good: [answers],
      broken: [refuses(500)],
      stays: [says('a', 3, stays)],
      again: [isAway, answers, isAway, answers, isAway, answers, isAway, answers],
      down: [isAway],
      invented: [answers],
    }),
  (faulty) => faulty.close(),
);
const relay = useRelay(engineKinds[0] ?? 'postgres', () => {
  const CHATKIT_CONFIG = join(folder, 'chatkit.config.json');
  const entry = { kind: 'openai-compatible', baseUrl: provider.url, defaultModel: 'good' };
  const once = { retry: { attempts: 1 }, breaker: false };
  const twice = { retry: { attempts: 2, firstWaitMs: 1 }, breaker: false };
  const breaker = { failures: 1, openMs: 600_000, maxOpenMs: 600_000 };
  const config = {
    titles: false,
    providers: [
      { ...entry, id: 'p', ...once, prices: { good: PRICE } },
      { ...entry, id: 'q', ...twice },
    ],
    models: {
      broken: 'p/broken',
      stays: 'p/stays',
      again: 'q/again',
      down: { model: 'p/down', breaker },
    },
  };
  writeFileSync(CHATKIT_CONFIG, JSON.stringify(config));
  return { workers: 2, variables: { CHATKIT_CONFIG, METRICS_PORT: '0', WORKER_HEALTH_PORT: '0' } };
});

const urls = (): string[] => [
  ...relay.apis.map(({ ready }) => String(ready['metricsUrl'])),
  ...relay.workers.map(({ ready }) => String(ready['healthUrl'])),
];
const scrape = async (): Promise<MetricSamples> =>
  new MetricSamples(await Promise.all(urls().map(async (url) => (await fetch(`${url}/metrics`)).text())));

const ask = (model: string): Promise<Answer> => post(relay.url, createThread('Hi', { model }));

/** Stops the answer when it has begun. `meanwhile` is called before. */
async function askAndStop(meanwhile: () => Promise<unknown> = async () => undefined): Promise<void> {
  let runId = '';
  let isStopped = false;
  let stopped: Promise<unknown> = Promise.resolve();
  await post(relay.url, createThread('Hi', { model: 'stays' }), {
    onResponse: ({ headers }) => (runId = String(headers['chatkit-run-id'])),
    onEvents: (events) => {
      if (isStopped || !events.some(({ type }) => type === 'thread.item.updated')) return;
      isStopped = true;
      stopped = (async () => {
        try {
          await meanwhile();
        } finally {
          await cancelRun(relay.url, runId);
        }
      })();
    },
  });
  await stopped;
}

/** Asks the gateway once, for a model that the configuration does not name. */
async function askTheGateway(): Promise<void> {
  const response = await fetch(`${relay.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', [USER_HEADER]: 'ada' },
    body: JSON.stringify({ model: 'p/invented', messages: [{ role: 'user', content: 'Hi' }] }),
  });
  expect(response.status).toBe(200);
  await response.text();
}

describe('after a load that is known', () => {
  let before: MetricSamples;
  let during: MetricSamples;
  let after: MetricSamples;

  beforeAll(async () => {
    before = await scrape();
    for (let turn = 0; turn < TURNS.good; turn++) await ask('p/good');
    for (let turn = 0; turn < TURNS.broken; turn++) await ask('broken');
    for (let turn = 0; turn < TURNS.again; turn++) await ask('again');
    await askAndStop(async () => (during = await scrape()));
    for (let turn = 1; turn < TURNS.stays; turn++) await askAndStop();
    await askTheGateway();
    await ask('nobody/none');
    after = await until('every run is counted', 10_000, async () => {
      const seen = await scrape();
      return seen.sum('chatkit_relay_runs_settled_total') === ALL_TURNS + 1 && seen;
    });
  });

  it('every run that was admitted has settled, each as it did', () => {
    expect(after.by('kind', 'chatkit_relay_runs_admitted_total')).toEqual({ turn: ALL_TURNS, completion: 1 });
    expect(after.by('outcome', 'chatkit_relay_runs_settled_total', { kind: 'turn' })).toEqual({
      completed: TURNS.good + TURNS.again,
      failed: TURNS.broken,
      cancelled: TURNS.stays,
    });
    expect(after.by('outcome', 'chatkit_relay_runs_settled_total', { kind: 'completion' })).toEqual({ completed: 1 });
    expect(after.by('code', 'chatkit_relay_run_duration_seconds_count')).toEqual({
      none: ALL_TURNS - TURNS.broken + 1,
      'provider.unavailable': TURNS.broken,
    });
    expect(after.by('attempt', 'chatkit_relay_run_attempts_total')).toEqual({ 1: ALL_TURNS + 1, 2: 0, 3: 0 });
    expect(after.sum('chatkit_relay_leases_lost_total')).toBe(0);
    expect(after.sum('chatkit_relay_runs_handed_over_total')).toBe(0);
  });

  it('waits, first tokens and durations are those of the rows', async () => {
    const runs = ALL_TURNS + 1;
    expect(after.sum('chatkit_relay_run_queue_wait_seconds_count')).toBe(runs);
    expect(after.sum('chatkit_relay_run_queue_wait_seconds_bucket', { le: '+Inf' })).toBe(runs);
    expect(after.sum('chatkit_relay_time_to_first_token_seconds_count')).toBe(runs - TURNS.broken);
    const [row] = await relay.query<Record<'wait' | 'first' | 'duration', number>>(`
      SELECT sum(extract(epoch FROM started_at - dispatched_at))::float8 AS wait,
             sum(extract(epoch FROM first_token_at - dispatched_at))::float8 AS first,
             sum(extract(epoch FROM settled_at - started_at))::float8 AS duration FROM runs`);
    // Rows have whole milliseconds, and their times are those of the beginnings of statements.
    const isNear = (name: string, seconds: number | undefined, shorter: number) => {
      const more = (after.sum(`${name}_sum`) - Number(seconds)) / runs;
      expect({ name, more, isNear: more > -shorter && more < 0.05 }).toMatchObject({ isNear: true });
    };
    isNear('chatkit_relay_run_queue_wait_seconds', row?.wait, 0.001);
    isNear('chatkit_relay_time_to_first_token_seconds', row?.first, 0.001);
    // The answers last 100 ms and more.
    isNear('chatkit_relay_run_duration_seconds', row?.duration, 0.05);
  });

  it('every request to a provider is counted under a configured name, its failures by their code', () => {
    const requests = 'chatkit_relay_provider_request_duration_seconds_count';
    expect(after.by('model', requests, { outcome: 'completed' })).toEqual({
      good: TURNS.good,
      again: TURNS.again,
      other: 1,
    });
    expect(after.by('model', requests, { outcome: 'failed' })).toEqual({ broken: TURNS.broken, again: TURNS.again });
    expect(after.by('model', requests, { outcome: 'aborted' })).toEqual({ stays: TURNS.stays });
    expect(after.by('code', 'chatkit_relay_provider_errors_total')).toEqual({
      bad_key: 0,
      unavailable: TURNS.broken + TURNS.again,
    });
    const retried = { provider: 'q', model: 'again', code: 'unavailable' };
    expect(after.sum('chatkit_relay_provider_retries_total', retried)).toBe(TURNS.again);
    expect(after.sum('chatkit_relay_provider_retries_total')).toBe(TURNS.again);
    expect(after.by('model', 'chatkit_relay_provider_first_piece_seconds_count')).toEqual({
      good: TURNS.good,
      again: TURNS.again,
      stays: TURNS.stays,
      other: 1,
    });
    expect(after.by('model', 'chatkit_relay_provider_output_tokens_per_second_count')).toEqual({
      good: TURNS.good,
      again: TURNS.again,
      other: 1,
    });
  });

  it('tokens and cost are what the provider reported', () => {
    const tokens = (model: string) => after.by('direction', 'chatkit_relay_tokens_total', { model });
    expect(tokens('good')).toEqual({ input: USAGE.input * TURNS.good, output: USAGE.output * TURNS.good });
    expect(tokens('again')).toEqual({ input: USAGE.input * TURNS.again, output: USAGE.output * TURNS.again });
    expect(tokens('broken')).toEqual({});
    const each = (USAGE.input * PRICE.input + USAGE.output * PRICE.output) / 1_000_000;
    expect(after.sum('chatkit_relay_cost_total')).toBeCloseTo(each * TURNS.good, 9);
    expect(after.by('model', 'chatkit_relay_cost_total')).toEqual({ good: expect.any(Number) as number });
  });

  it('requests and refusals are counted by route and code', () => {
    const requests = (labels: Record<string, string>) => after.sum('chatkit_relay_http_requests_total', labels);
    expect(requests({ method: 'POST', route: '/chatkit', status: '200' })).toBe(ALL_TURNS);
    expect(requests({ route: '/chatkit', status: '422' })).toBe(1);
    expect(requests({ route: '/v1/chat/completions', status: '200' })).toBe(1);
    expect(requests({ route: '/chatkit/runs/:id/cancel' })).toBe(TURNS.stays);
    expect(after.by('code', 'chatkit_relay_refusals_total')).toEqual({ 'model.unknown': 1 });
    // A stream's duration is the model's.
    expect(after.sum('chatkit_relay_http_request_duration_seconds_count', { route: '/chatkit' })).toBe(1);
  });

  it('what is held now is there while it is held', () => {
    for (const [seen, held] of [
      [before, 0],
      [during, 1],
      [after, 0],
    ] as const) {
      expect(seen.sum('chatkit_relay_open_streams')).toBe(held);
      expect(seen.sum('chatkit_relay_active_runs')).toBe(held);
    }
    expect(after.sum('chatkit_relay_worker_concurrency')).toBe(2 * 200);
    expect(Object.keys(after.by('state', 'chatkit_relay_open_runs'))).toEqual(['ready', 'waiting', 'working']);
  });

  it('a breaker that opens is counted, and is open where it was seen', async () => {
    await ask('down');
    const open = await until('the breaker is open', 10_000, async () => {
      const seen = await scrape();
      return seen.sum('chatkit_relay_breaker_open') === 1 && seen;
    });
    expect(open.of('chatkit_relay_breaker_opened_total')).toMatchObject([
      { labels: { provider: 'p', model: 'down' }, value: 1 },
    ]);
    await ask('down');
    // The second one was not asked at all.
    const requests = await scrape();
    expect(requests.sum('chatkit_relay_provider_request_duration_seconds_count', { model: 'down' })).toBe(1);
    expect(requests.sum('chatkit_relay_run_duration_seconds_count', { outcome: 'failed' })).toBe(TURNS.broken + 2);
  });

  it('every process tells of its stores, and a worker of its sweeps', () => {
    expect(after.of('chatkit_relay_store_up')).toHaveLength(3 * 3);
    expect(after.sum('chatkit_relay_store_up')).toBe(9);
    expect(after.sum('chatkit_relay_database_connections_max')).toBe(30);
    expect(after.by('what', 'chatkit_relay_swept_total')).toEqual({
      recovered: 0,
      failed: 0,
      cancelled: 0,
      timed_out: 0,
      logs: 0,
      uploads: 0,
      files: 0,
      calls: 0,
      keys: 0,
    });
    expect(after.of('chatkit_relay_last_sweep_timestamp_seconds').length).toBeGreaterThan(0);
    expect(after.by('provider', 'chatkit_relay_provider_up')).toHaveProperty('p');
  });
});

const askWorker = async (path: string) => {
  const response = await fetch(`${String(relay.workers[0]?.ready['healthUrl'])}${path}`);
  return { status: response.status, body: await response.text() };
};

describe('the port of a worker', () => {
  it('tells whether it is alive and ready', async () => {
    expect(await askWorker('/health/live')).toEqual({ status: 200, body: '{"status":"ok"}' });
    const { status, body } = await askWorker('/health/ready');
    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual({
      status: 'ok',
      checks: { postgres: 'ok', schema: 'ok', events: 'ok', queue: 'ok', jobs: 'ok' },
    });
    expect((await askWorker('/health')).status).toBe(404);
  });

  it('is not ready on the database of an older version, in words', async () => {
    const rename = (from: string, to: string) =>
      relay.query(`UPDATE _prisma_migrations SET migration_name = ${to} WHERE migration_name = ${from}`);
    const [{ newest }] = (await relay.query<{ newest: string }>(
      'SELECT max(migration_name) AS newest FROM _prisma_migrations',
    )) as [{ newest: string }];
    await rename(`'${newest}'`, `'99990101000000_of_a_newer_version'`);
    try {
      const { body } = await until('it is not ready', 5_000, async () => {
        const answer = await askWorker('/health/ready');
        return answer.status === 503 && answer;
      });
      expect(JSON.parse(body)).toMatchObject({
        status: 'unavailable',
        checks: { postgres: 'ok', schema: 'outdated', jobs: 'ok' },
        problem: 'The database lacks one migration of this version: apply the migrations with "npm run migrate".',
      });
    } finally {
      await rename(`'99990101000000_of_a_newer_version'`, `'${newest}'`);
    }
    await until('it is ready', 5_000, async () => (await askWorker('/health/ready')).status === 200);
  });

  it('is not ready from the stop signal on, while its run ends, and is gone with the worker', async () => {
    await Promise.all(relay.workers.map((worker) => worker.stop()));
    const worker = await relay.startWorker({ WORKER_HEALTH_PORT: '0' });
    const url = String(worker.ready['healthUrl']);
    const ready = () => fetch(`${url}/health/ready`);
    expect((await ready()).status).toBe(200);
    let stopped: Promise<void> | undefined;
    await askAndStop(async () => {
      stopped = worker.stop();
      const refusal = await until('it is not ready', 5_000, async () => {
        const response = await ready();
        return response.status === 503 && response;
      });
      expect(await refusal.json()).toMatchObject({ checks: { postgres: 'ok', jobs: 'unavailable' } });
    });
    await stopped;
    await expect(fetch(`${url}/health/live`)).rejects.toThrow('fetch failed');
  });
});
