import { describe, expect, it } from 'vitest';
import { newId } from '#chatkit';
import { JoinedStatement } from '../../libs/runtime/src/platform/joined-statement.js';
import { duringSuite } from '../support/during-suite.js';
import { aTurn, auth, lifecycleOf, openWorld } from './support/world.js';

const tenants = (count: number) => Array.from({ length: count }, () => newId('run').replace('run_', 'tenant_'));
const outcome = (admission: Promise<unknown>): Promise<unknown> =>
  admission.then(
    () => 'admitted',
    (error: Error & { code?: string }) => error.code ?? error.message,
  );

describe.each([false, true])('first messages that come together (row-level security: %s)', (isScoped) => {
  const world = duringSuite(
    () => openWorld(isScoped),
    (opened) => opened.close(),
  );

  /** What a tenant has stored, and by how many transactions all of them. */
  const stored = async (ofTenants: readonly string[]) => {
    const { rows } = await world.db.pool.query<{ tenant: string; text: string; transaction: string }>(
      `SELECT runs.tenant_id AS tenant, items.payload::text AS text, runs.xmin::text AS transaction
       FROM runs JOIN threads ON threads.id = runs.thread_id AND threads.tenant_id = runs.tenant_id
       JOIN items ON items.id = runs.trigger_item_id AND items.tenant_id = runs.tenant_id
       WHERE runs.tenant_id = ANY($1) ORDER BY 1`,
      [ofTenants],
    );
    return { rows, transactions: new Set(rows.map(({ transaction }) => transaction)).size };
  };

  it('are stored by one commit, each for its own tenant', async () => {
    const { lifecycle, added } = lifecycleOf(world);
    const ids = tenants(20).toSorted();
    await Promise.all(ids.map((id) => lifecycle.admit(auth('ada', id), aTurn({ text: `of ${id}` }))));
    const { rows, transactions } = await stored(ids);
    expect(rows.map(({ tenant }) => tenant)).toEqual(ids);
    for (const { tenant, text } of rows) expect(text).toContain(`of ${tenant}`);
    expect(transactions).toBe(1);
    expect(added).toEqual([]);
  });

  it('are counted against a limit in their order: what is refused leaves nothing, and the others are stored', async () => {
    const { lifecycle } = lifecycleOf(world, {}, { queuedRuns: { global: null, perTenant: null, perUser: 2 } });
    const [full = '', other = ''] = tenants(2);
    const admissions = [full, full, other, full, other].map((id) => lifecycle.admit(auth('ada', id), aTurn()));
    expect(await Promise.all(admissions.map(outcome))).toEqual([
      'admitted',
      'admitted',
      'admitted',
      'limit.user',
      'admitted',
    ]);
    expect((await stored([full, other])).rows.map(({ tenant }) => tenant)).toEqual(
      [full, full, other, other].toSorted(),
    );
  });

  it('are stored even when Postgres refuses one of them, which gets its own error', async () => {
    const { lifecycle } = lifecycleOf(world);
    const ids = tenants(3);
    const [first = '', wrong = '', last = ''] = ids;
    const key = { key: newId('run'), bodyHash: 'one' };
    await lifecycle.admit(auth('ada', wrong), aTurn({ idempotency: key }));
    const outcomes = await Promise.all([
      outcome(lifecycle.admit(auth('ada', first), aTurn())),
      outcome(lifecycle.admit(auth('ada', wrong), aTurn({ idempotency: { ...key, bodyHash: 'two' } }))),
      outcome(lifecycle.admit(auth('ada', last), aTurn())),
    ]);
    expect(outcomes).toEqual(['admitted', expect.not.stringMatching('admitted'), 'admitted']);
    const { rows } = await stored(ids);
    expect(rows.map(({ tenant }) => tenant)).toEqual(ids.toSorted());
  });

  it('have each the scope of its caller, and leave none behind', async () => {
    const joined = new JoinedStatement(world.db);
    const config = {
      name: 'joined-scope',
      text: `SELECT coalesce(current_setting('relay.tenant', true), '') AS tenant, $1::text AS given, current_user::text AS role`,
    };
    const ids = tenants(5);
    const results = await Promise.all(
      ids.map((id) => joined.of({ tenantId: id, userId: 'ada' }).query({ ...config, values: [`${id} ü"\\`] })),
    );
    const rows = results.map((result) => result.rows[0] as Record<string, string>);
    expect(rows.map(({ given }) => given)).toEqual(ids.map((id) => `${id} ü"\\`));
    expect(rows.map(({ tenant }) => tenant)).toEqual(ids.map((id) => (isScoped ? id : '')));
    const { rows: after } = await world.db.pool.query<{ role: string; tenant: string }>(
      `SELECT current_user::text AS role, coalesce(current_setting('relay.tenant', true), '') AS tenant`,
    );
    expect(after[0]?.tenant).toBe('');
    expect(rows.every(({ role }) => (role === after[0]?.role) === !isScoped)).toBe(true);
  });
});
