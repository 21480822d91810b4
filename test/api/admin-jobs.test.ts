import { describe, expect, it } from 'vitest';
import { createThread, deltasOf, post, until } from '../support/chat.js';
import { engineKinds } from '../support/engines.js';
import { useRelay } from '../support/relay.js';
import { ask, bearer, BOARD, TOKEN } from './support/dashboard.js';

interface Job {
  readonly id: string;
  readonly data: { readonly runId: string };
  readonly attempts: number;
  readonly failedReason?: string;
  readonly stacktrace: readonly string[];
  readonly returnValue?: unknown;
  readonly externalUrl?: { readonly href: string };
}

/** Kept jobs take another path in each engine's own scripts. */
describe.each(engineKinds)('jobs that are over, on the dashboard of the %s engine', (engine) => {
  const relay = useRelay(engine, { variables: { ADMIN_TOKEN: TOKEN } });

  const jobs = async (status: string): Promise<Job[]> => {
    const { body } = await ask(relay, `${BOARD}/api/queues?activeQueue=run-turn&status=${status}&page=1`, {
      headers: bearer,
    });
    const { queues } = JSON.parse(body) as { queues: { name: string; jobs: Job[] }[] };
    return queues.find(({ name }) => name === 'run-turn')?.jobs ?? [];
  };

  it('a run that failed is a failed job with its reason, tried once; one that was answered is a completed one', async () => {
    const answered = await post(relay.url, createThread('words-of-a-person (tokens=2)'));
    expect(deltasOf(answered.events)).toHaveLength(2);
    const broken = await post(relay.url, createThread('words-of-a-person (fail)'));
    const [answeredId, runId] = [answered, broken].map(({ headers }) => String(headers['chatkit-run-id']));
    const jobOf = (id: string | undefined, status: string) =>
      until(`the job is ${status}`, 10_000, async () => {
        const own = (await jobs(status)).filter(({ data }) => data.runId === id);
        return own.length > 0 && own;
      });
    const [failed, ...others] = await jobOf(runId, 'failed');
    expect(others).toEqual([]);
    const runs = await relay.query<{ state: string; attempt: number; code: string | null }>(
      'SELECT state, attempt, error_code AS code FROM runs WHERE id = ANY($1) ORDER BY id',
      [[answeredId, runId]],
    );
    expect(runs).toMatchObject([
      { state: 'completed', attempt: 1 },
      { state: 'failed', attempt: 1 },
    ]);
    expect(failed).toMatchObject({
      failedReason: expect.stringMatching(`^${runs[1]?.code}: \\w.+`) as string,
      attempts: 1,
      externalUrl: { href: `/admin/runs/${runId}` },
    });
    expect(JSON.stringify(failed)).not.toMatch(/words-of-a-person|file:|node_modules/);
    expect(await jobOf(answeredId, 'completed')).toMatchObject([{ returnValue: 'completed' }]);
    expect((await jobs('failed')).map(({ data }) => data.runId)).not.toContain(answeredId);
  });

  it('a run that failed while no worker took it is a failed job, too', async () => {
    await Promise.all(relay.workers.map((worker) => worker.stop()));
    const answer = post(relay.url, createThread('Hello'));
    const run = await until('the run waits', 10_000, async () => {
      const [found] = await relay.query<{ id: string }>(`SELECT id FROM runs WHERE state = 'queued'`);
      return found;
    });
    // As the sweeper ends it after limits.maxQueueSeconds.
    await relay.query(
      `UPDATE runs SET state = 'failed', error_code = 'run.queue_timeout', settled_at = now() WHERE id = $1`,
      [run.id],
    );
    await relay.startWorker();
    const failed = await until('its job has failed', 10_000, async () =>
      (await jobs('failed')).find(({ data }) => data.runId === run.id),
    );
    expect(failed.failedReason).toMatch(/^run\.queue_timeout: Start more workers/);
    await answer;
  });
});
