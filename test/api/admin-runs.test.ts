import { beforeAll, describe, expect, it } from 'vitest';
import { addMessage, createThread, post, threadIdOf, until } from '../support/chat.js';
import { useRelay } from '../support/relay.js';
import { ask } from './auth/ask.js';

const ADMIN_TOKEN = 'test-admin-token-0123456789';
const TENANT_HEADER = 'x-test-tenant';
const WORDS = 'words-of-a-person';

interface Run {
  readonly id: string;
  readonly state: string;
  readonly tenant: string;
  readonly user: string;
  readonly thread_id: string;
  readonly [field: string]: unknown;
}
interface Page {
  readonly data: readonly Run[];
  readonly has_more: boolean;
  readonly next: string | null;
}

interface Answered<T> {
  readonly status: number;
  readonly json: T;
  readonly text: string;
}

const idsIn = ({ data }: Page): string[] => data.map(({ id }) => id);

describe('the runs of everybody', () => {
  const relay = useRelay('redis', { variables: { ADMIN_TOKEN, AUTH_TENANT_HEADER: TENANT_HEADER } });
  const admin = async <T = unknown>(path: string, method = 'GET', body?: unknown): Promise<Answered<T>> => {
    const { status, json, text } = await ask(relay.url, `/admin/api/${path}`, {
      method,
      token: ADMIN_TOKEN,
      ...(body !== undefined && { body }),
    });
    return { status, json: json as T, text };
  };
  const runs = async (query = '') => (await admin<Page>(`runs${query}`)).json;
  const run = async (id: string) => (await admin<Run>(`runs/${id}`)).json;
  const say = (tenant: string, user: string, text: string) =>
    post(relay.url, createThread(`${WORDS} ${text}`), { user, headers: { [TENANT_HEADER]: tenant } });
  /** Answers until it is stopped; the answer of its user is thrown away. */
  async function working(tenant: string, user: string): Promise<Run> {
    void say(tenant, user, '(tokens=2000) (delay=50)');
    return until('a run with its first token', 15_000, async () => {
      const { data } = await runs(`?state=working&tenant=${tenant}&user=${user}`);
      const [found] = data;
      return found && found['first_token_ms'] !== null && found;
    });
  }

  beforeAll(async () => {
    await say('acme', 'ada', '(tokens=3)');
    await say('acme', 'ada', '(fail)');
    await say('acme', 'grace', '(tokens=2)');
    await say('other', 'ada', '(tokens=2)');
  }, 60_000);

  it('are listed newest first, page by page, with names, times and counts, and without a word of anybody', async () => {
    const all = await runs();
    expect(all).toMatchObject({ has_more: false, next: null });
    expect(all.data.map(({ tenant, user, state }) => [tenant, user, state])).toEqual([
      ['other', 'ada', 'completed'],
      ['acme', 'grace', 'completed'],
      ['acme', 'ada', 'failed'],
      ['acme', 'ada', 'completed'],
    ]);
    const first = await runs('?limit=3');
    const second = await runs(`?limit=3&before=${first.next}`);
    expect([...idsIn(first), ...idsIn(second)]).toEqual(idsIn(all));
    expect(all.data.at(-1)).toMatchObject({
      model: 'demo/demo',
      attempt: 1,
      worker: expect.stringMatching(/^wrk_/) as string,
      queue_wait_ms: expect.any(Number) as number,
      first_token_ms: expect.any(Number) as number,
      input_tokens: expect.any(Number) as number,
      output_tokens: 3,
      error: null,
    });
    expect(JSON.stringify(all)).not.toContain(WORDS);
  });

  it('are filtered', async () => {
    const all = idsIn(await runs());
    const [other, grace, failed, ada] = all as [string, string, string, string];
    const { worker, thread_id: thread } = await run(grace);
    const now = new Date();
    const found = {
      'state=failed': [failed],
      'state=queued,working': [],
      'tenant=acme&user=ada': [failed, ada],
      'tenant=other': [other],
      'user=ada': [other, failed, ada],
      'tenant=acme&user=ada&state=completed': [ada],
      [`thread=${thread}`]: [grace],
      'model=demo/demo&state=completed': [other, grace, ada],
      'model=demo/other': [],
      'error=provider.overloaded': [failed],
      'error=provider.unavailable': [],
      [`worker=${String(worker)}`]: all,
      'worker=wrk_none': [],
      'assistant=nobody': [],
      'q=GRACE': [grace],
      [`q=${failed}`]: [failed],
      [`from=${new Date(now.getTime() - 3_600_000).toISOString()}`]: all,
      [`from=${new Date(now.getTime() + 3_600_000).toISOString()}`]: [],
      [`until=${new Date(now.getTime() + 3_600_000).toISOString()}`]: all,
      [`until=${new Date(now.getTime() - 3_600_000).toISOString()}`]: [],
      // Nothing of it is a pattern.
      'q=%25': [],
    };
    for (const [query, expected] of Object.entries(found)) {
      expect({ query, ids: idsIn(await runs(`?${query}`)) }).toEqual({ query, ids: expected });
    }
    for (const query of ['limit=0', 'limit=1001', 'state=gone', 'from=yesterday', 'nothing=1']) {
      expect({ query, status: (await admin(`runs?${query}`)).status }).toEqual({ query, status: 400 });
    }
  });

  it('a failed one has its cause and what to do, and a story from its admission to its end', async () => {
    const [failed] = (await runs('?state=failed')).data;
    const details = await run(failed?.id ?? '');
    expect(details['error']).toMatchObject({
      code: expect.stringMatching(/^provider\./) as string,
      cause: expect.stringMatching(/\w/) as string,
      fix: expect.stringMatching(/\w/) as string,
    });
    const timeline = details['timeline'] as { at: string; what: string; details?: Record<string, unknown> }[];
    expect(timeline.map(({ what }) => what)).toEqual([
      'admitted',
      'queued',
      'claimed',
      'model',
      // The demo breaks off after its first word.
      'first_token',
      'settled',
    ]);
    expect(timeline[3]?.details).toMatchObject({ provider: 'demo', model: 'demo', outcome: 'failed' });
    expect(timeline[5]?.details).toEqual({ state: 'failed' });
    expect(details['job_ids']).toEqual([`${failed?.id}-1`]);
    expect(JSON.stringify(details)).not.toContain(WORDS);
    const told = await admin('runs/run_nobody');
    expect(told).toMatchObject({ status: 404, json: { error: { code: 'run.not_found' } } });
  });

  it('one that is working is stopped, and answered again', async () => {
    const { id, thread_id: thread } = await working('acme', 'stopped');
    expect((await admin(`runs/${id}/retry`, 'POST', {})).json).toMatchObject({ error: { code: 'run.not_retryable' } });
    expect(await admin(`runs/${id}/stop`, 'POST', {})).toMatchObject({ status: 200, json: { met: 'working' } });
    await until('it is cancelled', 10_000, async () => (await run(id)).state === 'cancelled');
    const again = await admin<{ run: Run }>(`runs/${id}/retry`, 'POST', {});
    expect(again).toMatchObject({ status: 200, json: { run: { thread_id: thread, tenant: 'acme', user: 'stopped' } } });
    await until('another run answers', 10_000, async () => (await run(again.json.run.id)).state === 'working');
    await admin(`runs/${again.json.run.id}/stop`, 'POST', {});
    // It is not the last one of its conversation any more.
    await until('it is cancelled', 10_000, async () => (await run(again.json.run.id)).state === 'cancelled');
    expect((await admin(`runs/${id}/retry`, 'POST', {})).json).toMatchObject({ error: { code: 'run.not_retryable' } });
  });

  it('one whose worker is stuck is released, and begins again under the next fence', async () => {
    const { id } = await working('acme', 'released');
    const before = await relay.query<{ fence: number }>('SELECT fence FROM runs WHERE id = $1', [id]);
    expect((await admin(`runs/${id}/release`, 'POST', {})).status).toBe(200);
    const claims = await until('it is claimed again', 10_000, async () => {
      const found = (await run(id))['timeline'] as { what: string; details?: { attempt: number; ended?: string } }[];
      const attempts = found.filter(({ what }) => what === 'claimed').map(({ details }) => details);
      return attempts.length === 2 && attempts;
    });
    expect(claims.map((claim) => [claim?.attempt, claim?.ended])).toEqual([
      [before[0]?.fence, 'released'],
      [(before[0]?.fence ?? 0) + 2, undefined],
    ]);
    const said = () => relay.workers.map((worker) => worker.output()).join('\n');
    await until('its worker knows', 5_000, async () => said().includes('an administrator has taken the run'));
    expect(said()).not.toContain('the run belongs to another worker now');
    expect((await run(id)).attempt).toBe(1);
    await admin(`runs/${id}/stop`, 'POST', {});
    await until('it is cancelled', 10_000, async () => (await run(id)).state === 'cancelled');
    expect((await admin(`runs/${id}/release`, 'POST', {})).json).toMatchObject({ error: { code: 'run.not_working' } });
  });

  it('workers say what they do', async () => {
    const { id, worker } = await working('acme', 'busy');
    const load = await until('a report with the run', 15_000, async () => {
      const { data } = (
        await admin<{ data: { id: string; working: number; load: { runs: number } | null }[] }>('workers')
      ).json;
      const found = data.find((one) => one.id === worker);
      return found?.load?.runs === 1 && found;
    });
    expect(load).toMatchObject({
      working: 1,
      overdue: 0,
      load: { concurrency: 200, is_stopping: false, memory_bytes: expect.any(Number) as number },
    });
    expect((await admin('overview')).json).toMatchObject({ working: 1, queued: 0, failed: [{ count: 1 }] });
    await admin(`runs/${id}/stop`, 'POST', {});
  });

  it('usage is reported by day, by model and by user', async () => {
    const { json } = await admin<{
      days: { day: string; calls: number }[];
      models: { model: string; calls: number }[];
      users: { tenant: string; user: string; output_tokens: number }[];
    }>('usage');
    expect(json.days).toHaveLength(7);
    expect(json.models.map(({ model }) => model)).toEqual(['demo/demo']);
    const [{ total } = { total: 0 }] = await relay.query<{ total: number }>(
      'SELECT sum(calls)::int AS total FROM model_usage',
    );
    expect(json.days.reduce((sum, { calls }) => sum + calls, 0)).toBe(total);
    expect(json.users.find(({ tenant, user }) => tenant === 'acme' && user === 'grace')).toMatchObject({
      output_tokens: 2,
    });
    expect((await admin<typeof json>('usage?tenant=other')).json.users.map(({ tenant }) => tenant)).toEqual(['other']);
    for (const query of ['from=2026-02-01&to=2026-01-01', 'from=2025-01-01&to=2026-01-01', 'from=x']) {
      expect({ query, status: (await admin(`usage?${query}`)).status }).toEqual({ query, status: 400 });
    }
  });

  it('a conversation is closed and opened, and its user is told why', async () => {
    const answer = await say('acme', 'closed', '(tokens=1)');
    const threadId = threadIdOf(answer);
    const statusOf = async () => {
      const headers = { [TENANT_HEADER]: 'acme' };
      const body = { type: 'threads.get_by_id', params: { thread_id: threadId } };
      return (JSON.parse((await post(relay.url, body, { user: 'closed', headers })).raw) as { status: unknown }).status;
    };
    const set = (body: object) => admin(`threads/${threadId}/status`, 'POST', body);
    expect((await set({ status: 'locked', reason: 'Under review' })).status).toBe(200);
    expect(await statusOf()).toEqual({ type: 'locked', reason: 'Under review' });
    expect((await set({ status: 'closed' })).status).toBe(200);
    expect(await statusOf()).toEqual({ type: 'closed' });
    expect((await set({ status: 'open' })).status).toBe(200);
    expect(await statusOf()).toEqual({ type: 'active' });
    expect((await set({ status: 'gone' })).status).toBe(400);
    expect((await admin('threads/thr_nobody/status', 'POST', { status: 'open' })).status).toBe(404);
  });

  it('what was said is not shown, and what administrators did is on record', async () => {
    const [last] = (await runs('?tenant=acme&user=grace')).data;
    const told = await admin(`runs/${last?.id}/content`);
    expect(told).toMatchObject({ status: 501, json: { error: { code: 'feature.not_configured' } } });
    expect(told.text).not.toContain(WORDS);
    const { json } = await admin<{ data: { action: string; subject: string }[] }>('audit');
    const actions = json.data.map(({ action }) => action);
    for (const action of ['run.stop', 'run.retry', 'run.release', 'thread.status']) expect(actions).toContain(action);
    expect(json.data.find(({ action }) => action === 'run.stop')?.subject).toMatch(/^run_/);
  });

  it('one in the middle of a conversation is not answered again', async () => {
    const headers = { [TENANT_HEADER]: 'acme' };
    const failed = await post(relay.url, createThread('(fail)'), { user: 'later', headers });
    await post(relay.url, addMessage(threadIdOf(failed), 'again (tokens=1)'), { user: 'later', headers });
    const [first] = (await runs('?tenant=acme&user=later&state=failed')).data;
    expect(await admin(`runs/${first?.id}/retry`, 'POST', {})).toMatchObject({
      status: 409,
      json: { error: { code: 'run.not_retryable', message: expect.stringContaining('would be deleted') as string } },
    });
  });
});
