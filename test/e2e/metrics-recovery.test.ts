import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cancelRun } from '../api/support/run-routes.js';
import { type Answer, createThread, doneItems, post, textOf, threadIdOf, until } from '../support/chat.js';
import { duringSuite } from '../support/during-suite.js';
import { engineKinds } from '../support/engines.js';
import { MetricSamples } from '../support/metric-samples.js';
import type { AppProcess } from '../support/processes.js';
import { useRelay } from '../support/relay.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { refuses, says, startFaultyProvider, stays } from './policies/support/provider.js';

const REFUSED_KEY = 'sk-refused';

const folder = temporaryFolder('chatkit-metrics-recovery-');
const provider = duringSuite(
  () =>
    startFaultyProvider(
      {
        away: [refuses(503)],
        there: [says('b', 2)],
        keyed: [says('k', 2)],
        killed: [says('a', 2, stays), says('b', 2)],
        leaving: [says('a', 2, stays), says('b', 2)],
      },
      { [REFUSED_KEY]: refuses(401) },
    ),
  (faulty) => faulty.close(),
);
const relay = useRelay(engineKinds[0] ?? 'postgres', () => {
  const CHATKIT_CONFIG = join(folder, 'chatkit.config.json');
  const entry = { kind: 'openai-compatible', baseUrl: provider.url, retry: { attempts: 1 }, breaker: false };
  const config = {
    titles: false,
    providers: [
      { ...entry, id: 'p', defaultModel: 'there' },
      { ...entry, id: 'keys', defaultModel: 'keyed', apiKeys: [REFUSED_KEY, 'sk-good'], retry: { attempts: 2 } },
    ],
    models: { chain: { model: 'p/away', fallback: ['p/there'] }, killed: 'p/killed', leaving: 'p/leaving' },
  };
  writeFileSync(CHATKIT_CONFIG, JSON.stringify(config));
  const variables = { CHATKIT_CONFIG, METRICS_PORT: '0', WORKER_HEALTH_PORT: '0', SHUTDOWN_GRACE_SECONDS: '1' };
  return { variables };
});

const textFrom = async (url: unknown): Promise<string> => (await fetch(`${String(url)}/metrics`)).text();
const ofWorker = async ({ ready }: AppProcess): Promise<MetricSamples> =>
  new MetricSamples([await textFrom(ready['healthUrl'])]);
const newestWorker = (): AppProcess => relay.workers.at(-1) as AppProcess;

/** What workers that are gone have counted until then. */
const left: string[] = [];
const everything = async (): Promise<MetricSamples> =>
  new MetricSamples([
    ...left,
    await textFrom(relay.apis[0]?.ready['metricsUrl']),
    await textFrom(newestWorker().ready['healthUrl']),
  ]);

const ask = (model: string): Promise<Answer> => post(relay.url, createThread('Hi', { model }));

/** Asks, and does something as soon as the answer has begun. */
async function askAnd(model: string, meanwhile: () => Promise<void>): Promise<Answer> {
  let doing: Promise<void> | undefined;
  const answer = await post(relay.url, createThread('Hi', { model }), {
    onEvents: (events) => {
      if (events.some(({ type }) => type === 'thread.item.updated')) doing ??= meanwhile();
    },
  });
  await doing;
  return answer;
}

const saidBy = ({ events }: Answer): string => textOf(doneItems(events, 'assistant_message')[0]);
const counted = (name: string, labels: Record<string, string>, value: number) =>
  until(`${name} is ${value}`, 10_000, async () => (await ofWorker(newestWorker())).sum(name, labels) === value);

describe('what goes wrong is counted as often as it did', () => {
  it('an answer that another model took over', async () => {
    expect(saidBy(await ask('chain'))).toBe('b1 b2 ');
    const labels = { provider: 'p', model: 'away', code: 'unavailable' };
    await counted('chatkit_relay_provider_fallbacks_total', labels, 1);
    expect((await ofWorker(newestWorker())).sum('chatkit_relay_provider_fallbacks_total')).toBe(1);
  });

  it('a key that was refused, once', async () => {
    for (let turn = 0; turn < 4; turn++) expect(saidBy(await ask('keys/keyed'))).toBe('k1 k2 ');
    expect(provider.calls('keyed').filter(({ key }) => key === REFUSED_KEY)).toHaveLength(1);
    await counted('chatkit_relay_provider_keys_set_aside_total', { provider: 'keys', code: 'bad_key' }, 1);
    await counted('chatkit_relay_provider_errors_total', { provider: 'keys', code: 'bad_key' }, 1);
  });

  it('an answer whose worker was killed: the next one has its second attempt', async () => {
    const answer = await askAnd('killed', async () => {
      const killed = newestWorker();
      left.push(await textFrom(killed.ready['healthUrl']));
      await killed.kill('SIGKILL');
      await relay.startWorker();
    });
    expect(saidBy(answer)).toBe('b1 b2 ');
    await counted('chatkit_relay_runs_settled_total', { outcome: 'completed' }, 1);
    const after = await ofWorker(newestWorker());
    expect(after.by('attempt', 'chatkit_relay_run_attempts_total')).toEqual({ 1: 0, 2: 1, 3: 0 });
    expect(after.sum('chatkit_relay_swept_total', { what: 'recovered' })).toBe(1);
    expect(after.sum('chatkit_relay_runs_handed_over_total')).toBe(0);
    expect(after.sum('chatkit_relay_leases_lost_total')).toBe(0);
  });

  it('an answer whose worker was asked to stop: it is handed over, which is no attempt', async () => {
    const leaving = newestWorker();
    let stopped: Promise<void> | undefined;
    const answer = await askAnd('leaving', async () => {
      left.push(await textFrom(leaving.ready['healthUrl']));
      await relay.startWorker();
      stopped = leaving.stop();
    });
    await stopped;
    expect(saidBy(answer)).toBe('b1 b2 ');
    const [run] = await relay.query<{ claims: { ended?: string }[] }>('SELECT claims FROM runs WHERE thread_id = $1', [
      threadIdOf(answer),
    ]);
    expect(run?.claims.map(({ ended }) => ended)).toEqual(['handed_over', undefined]);
    await counted('chatkit_relay_runs_settled_total', {}, 1);
    const after = await ofWorker(newestWorker());
    expect(after.by('attempt', 'chatkit_relay_run_attempts_total')).toEqual({ 1: 1, 2: 0, 3: 0 });
    // By who took it over: who hands it over is gone before it could be asked for its counters.
    expect(after.sum('chatkit_relay_runs_handed_over_total')).toBe(1);
    expect(after.sum('chatkit_relay_leases_lost_total')).toBe(0);
  });

  it('a run that is stopped in the queue is settled as every other, so that all that were admitted are', async () => {
    left.push(await textFrom(newestWorker().ready['healthUrl']));
    await newestWorker().stop();
    await post(relay.url, createThread('Hi'), {
      onResponse: ({ headers }) => void cancelRun(relay.url, String(headers['chatkit-run-id'])),
    });
    await relay.startWorker();
    const all = await everything();
    expect(all.by('outcome', 'chatkit_relay_runs_settled_total')).toEqual({ completed: 7, cancelled: 1 });
    expect(all.sum('chatkit_relay_runs_admitted_total')).toBe(8);
    expect(all.sum('chatkit_relay_runs_settled_total', { code: 'none' })).toBe(8);
  });
});

describe('limits and breakers of all workers together', () => {
  const limited = useRelay('postgres', () => {
    const CHATKIT_CONFIG = join(folder, 'limited.config.json');
    const demo = { kind: 'demo', limits: { concurrency: 5 } };
    writeFileSync(CHATKIT_CONFIG, JSON.stringify({ titles: false, providers: [demo] }));
    return { variables: { CHATKIT_CONFIG, WORKER_HEALTH_PORT: '0' } };
  });
  const unreachable = async (): Promise<number> => {
    const samples = await ofWorker(limited.workers[0] as AppProcess);
    return samples.sum('chatkit_relay_policy_state_unreachable_total');
  };

  it('are counted as lost, once a minute, and calls go on without them', async () => {
    expect(saidBy(await post(limited.url, createThread('(tokens=2)')))).toBe('tok1 tok2 ');
    expect(await unreachable()).toBe(0);
    await limited.query('ALTER TABLE policy_permits RENAME TO policy_permits_away');
    for (let turn = 0; turn < 2; turn++)
      expect(saidBy(await post(limited.url, createThread('(tokens=2)')))).toBe('tok1 tok2 ');
    expect(await unreachable()).toBe(1);
    await limited.query('ALTER TABLE policy_permits_away RENAME TO policy_permits');
  });
});
