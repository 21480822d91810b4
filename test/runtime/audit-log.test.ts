import { beforeAll, beforeEach, expect, it } from 'vitest';
import type { EventEngine } from '#runtime';
import { listAudit, recordAudit } from '#runtime/api';
import { Retention } from '#runtime/worker';
import { RetentionConfig } from '../../libs/runtime/src/config/retention.js';
import { useWorld } from './support/world.js';

const world = useWorld();
let engine: EventEngine;
beforeAll(async () => {
  engine = await world.openEngine('postgres');
});

const ago = (days: number): Date => new Date(Date.now() - days * 86_400_000);
beforeEach(async () => {
  await world.db.system.transaction(async (tx) => {
    await tx.query({ text: `SELECT set_config('relay.audit_retention', 'on', true)` });
    await tx.query({ text: 'DELETE FROM audit_log' });
  });
});

it('lists what was recorded, the newest first, in pages and by filters', async () => {
  const { pool } = world.db;
  for (const [action, tenantId] of [
    ['key.create', 'acme'],
    ['user.erase', 'acme'],
    ['user.erase', 'globex'],
    ['provider_key.rotate', undefined],
  ] as const) {
    await recordAudit(pool, {
      actor: 'adminToken',
      action,
      tenantId,
      subject: 'x',
      address: '192.0.2.1',
      requestId: 'r',
    });
  }
  const actions = async (filter: object) =>
    (await listAudit(pool, { limit: 10, ...filter })).map(({ action }) => action);
  expect(await actions({})).toEqual(['provider_key.rotate', 'user.erase', 'user.erase', 'key.create']);
  expect(await actions({ tenantId: 'acme' })).toEqual(['user.erase', 'key.create']);
  expect(await actions({ action: 'user.erase' })).toHaveLength(2);
  const [first, second] = await listAudit(pool, { limit: 2 });
  expect(first).toMatchObject({
    actor: 'adminToken',
    tenantId: null,
    subject: 'x',
    address: '192.0.2.1',
    requestId: 'r',
  });
  expect(await actions({ before: second?.id })).toEqual(['user.erase', 'key.create']);
});

it.each(['UPDATE audit_log SET actor = $1', 'DELETE FROM audit_log WHERE actor <> $1', 'TRUNCATE audit_log'])(
  'is append-only: %s',
  async (sql) => {
    await recordAudit(world.db.pool, { actor: 'adminToken', action: 'key.create' });
    const values = sql.includes('$1') ? ['somebody else'] : [];
    await expect(world.db.pool.query(sql, values)).rejects.toThrow('append-only');
    expect(await listAudit(world.db.pool, { limit: 10 })).toHaveLength(1);
  },
);

it('an erasure may put a reference in the place of a name, and nothing else', async () => {
  await recordAudit(world.db.pool, { actor: 'jwt ["acme","ada"]', action: 'key.create' });
  const erasing = (sql: string) =>
    world.db.system.transaction(async (tx) => {
      await tx.query({ text: `SELECT set_config('relay.audit_erasure', 'on', true)` });
      return tx.query({ text: sql });
    });
  await expect(erasing(`UPDATE audit_log SET actor = 'jwt ["acme","eve"]'`)).rejects.toThrow('append-only');
  await expect(erasing(`UPDATE audit_log SET actor = 'jwt hmac-sha256:1', action = 'x'`)).rejects.toThrow(
    'append-only',
  );
  await expect(erasing('DELETE FROM audit_log')).rejects.toThrow('append-only');
  await erasing(`UPDATE audit_log SET actor = 'jwt hmac-sha256:1'`);
  expect(await listAudit(world.db.pool, { limit: 10 })).toMatchObject([
    { actor: 'jwt hmac-sha256:1', action: 'key.create' },
  ]);
});

it('is deleted by its period only, for each tenant', async () => {
  await world.db.pool.query(
    `INSERT INTO audit_log (id, actor, action, tenant_id, at) VALUES
       ('1', 'a', 'old', 'acme', $1), ('2', 'a', 'old', NULL, $1), ('3', 'a', 'old', 'globex', $1), ('4', 'a', 'new', NULL, $2)`,
    [ago(40), ago(20)],
  );
  const retention = RetentionConfig.parse({ audit: 30, tenants: { globex: { audit: 365 } } });
  expect(await new Retention(world.db, engine, { retention }).next()).toMatchObject({ audit: 2 });
  expect((await listAudit(world.db.pool, { limit: 10 })).map(({ id }) => id)).toEqual(['4', '3']);
});
