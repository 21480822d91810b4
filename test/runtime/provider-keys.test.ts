import { beforeEach, expect, it } from 'vitest';
import { ProviderKeys } from '#runtime';
import { useWorld } from './support/world.js';

const world = useWorld();
const [OLD, NEW] = ['old-'.repeat(8), 'new-'.repeat(8)];
const KEY = 'sk-tenant-0123456789abcdef';
beforeEach(() => world.db.pool.query('DELETE FROM provider_keys'));

const keys = (...secrets: string[]): ProviderKeys => new ProviderKeys(world.db, secrets);

it('gives a tenant back what was stored for it, and nothing of another', async () => {
  await keys(NEW).put('acme', 'openai', KEY);
  await keys(NEW).put('acme', 'cohere', `${KEY}-c`);
  await keys(NEW).put('globex', 'openai', `${KEY}-g`);
  expect(await keys(NEW).load('acme')).toEqual(
    new Map([
      ['openai', KEY],
      ['cohere', `${KEY}-c`],
    ]),
  );
  expect(await keys(NEW).load('initech')).toEqual(new Map());
  expect((await keys(NEW).list('globex')).map(({ tenantId, provider }) => [tenantId, provider])).toEqual([
    ['globex', 'openai'],
  ]);
  expect(await keys(NEW).list()).toHaveLength(3);
});

it('stores and shows no key, whole or in part', async () => {
  const shown = await keys(NEW).put('acme', 'openai', KEY);
  const { rows } = await world.db.pool.query('SELECT provider_keys::text AS row FROM provider_keys');
  for (const text of [JSON.stringify(shown), JSON.stringify(rows)]) {
    for (const part of [KEY, KEY.slice(0, 8), KEY.slice(-8), Buffer.from(KEY).toString('base64').slice(0, 12)]) {
      expect(text).not.toContain(part);
    }
  }
  expect(shown.fingerprint).toMatch(/^[0-9a-f]{12}$/);
});

it('replaces and deletes a key', async () => {
  await keys(NEW).put('acme', 'openai', KEY);
  await keys(NEW).put('acme', 'openai', 'another-key-0123');
  expect(await keys(NEW).load('acme')).toEqual(new Map([['openai', 'another-key-0123']]));
  expect(await keys(NEW).delete('acme', 'openai')).toBe(true);
  expect(await keys(NEW).delete('acme', 'openai')).toBe(false);
  expect(await keys(NEW).load('acme')).toEqual(new Map());
});

it('rotates: with both keys all rows are encrypted anew, then the old one can go', async () => {
  await keys(OLD).put('acme', 'openai', KEY);
  await expect(keys(NEW).load('acme')).rejects.toThrow(/acme.*openai.*SECRETS_KEY/);
  expect(await keys(NEW, OLD).rotate()).toBe(1);
  expect(await keys(NEW).load('acme')).toEqual(new Map([['openai', KEY]]));
});

it('refuses a row that was moved to another tenant', async () => {
  await keys(NEW).put('acme', 'openai', KEY);
  await world.db.pool.query(`UPDATE provider_keys SET tenant_id = 'globex'`);
  await expect(keys(NEW).load('globex')).rejects.toThrow(/cannot be decrypted/);
});
