import { describe, expect, it } from 'vitest';
import { isTransactionPooler } from '../../libs/runtime/src/platform/is-transaction-pooler.js';
import { migrate } from '../../tools/launcher/migrate.js';
import { createThread, deltasOf, post } from '../support/chat.js';
import { duringSuite } from '../support/during-suite.js';
import { createTestDatabase, engineKinds } from '../support/engines.js';
import { oneEngine } from '../support/one-engine.js';
import { pgbouncerMissing, startPgBouncer } from '../support/pgbouncer.js';
import { runApp } from '../support/processes.js';
import { type Relay, startRelay } from '../support/relay.js';
import { isCi } from './support/machine.js';

const ROOT = new URL('../..', import.meta.url).pathname;
const TURNS = 40;
const TOKENS = 5;

if (pgbouncerMissing) console.warn(pgbouncerMissing);

it('PgBouncer is there where a machine promises it (CI=true)', () => {
  expect(isCi ? pgbouncerMissing : '').toBe('');
});

const EXPECTED = Array.from({ length: TOKENS }, (_, index) => `tok${index + 1}`).join(' ');

/** The texts of many turns at once, and how often the processes complained. */
async function answersOf(relay: Relay): Promise<{ texts: string[]; complaints: string }> {
  const answers = await Promise.all(
    Array.from({ length: TURNS }, (_, number) => post(relay.url, createThread(`Turn ${number} (tokens=${TOKENS})`))),
  );
  const texts = answers.map((answer) => (answer.complete ? deltasOf(answer.events).join('').trim() : answer.raw));
  const complaints = [...relay.apis, ...relay.workers].map((app) => app.output()).join('');
  return { texts, complaints };
}

const ALL_EXACT = { texts: Array.from({ length: TURNS }, () => EXPECTED), complaints: '' };

describe.skipIf(pgbouncerMissing)('PgBouncer (skipped where there is none)', () => {
  const database = duringSuite(
    () => createTestDatabase(),
    ({ drop }) => drop(),
  );
  const pooled = duringSuite(
    () => startPgBouncer(database.url, 'transaction'),
    ({ stop }) => stop(),
  );
  const perSession = duringSuite(
    () => startPgBouncer(database.url, 'session'),
    ({ stop }) => stop(),
  );

  it('is found out in transaction mode, and nothing else is taken for it', async () => {
    expect(await isTransactionPooler(pooled.url)).toBe(true);
    expect(await isTransactionPooler(perSession.url)).toBe(false);
    expect(await isTransactionPooler(database.url)).toBe(false);
  });

  it.each(['api', 'worker'] as const)('stops the %s with words where it cannot work', async (app) => {
    const { code, output } = await runApp(app, { DATABASE_URL: pooled.url, AUTH_MODE: 'none', PORT: '0' });
    expect(code).toBe(78);
    expect(output).toContain('DATABASE_DIRECT_URL');
  });

  it('stops the start where a schema is asked for that the role does not have', async () => {
    const url = new URL(pooled.url);
    url.searchParams.set('schema', 'relay');
    const variables = { DATABASE_URL: url.href, DATABASE_DIRECT_URL: database.url, AUTH_MODE: 'none', PORT: '0' };
    const { code, output } = await runApp('api', variables);
    expect(code).toBe(78);
    expect(output).toContain('SET search_path = relay');
  });

  it.each(['api', 'worker'] as const)('stops the %s with words where the queue would be refused', async (app) => {
    const variables = { DATABASE_URL: perSession.url, AUTH_MODE: 'none', PORT: '0' };
    const { code, output } = await runApp(app, variables);
    expect(code).toBe(78);
    expect(output).toContain('unsupported startup parameter');
    expect(output).toContain('DATABASE_DIRECT_URL');
  });

  it.each(engineKinds)(`in session mode on the %s engine answers ${TURNS} messages at once`, async (engine) => {
    const direct = engine === 'redis' ? undefined : database.url;
    const variables = { DATABASE_URL: perSession.url, DATABASE_DIRECT_URL: direct, LOG_LEVEL: 'warn' };
    const relay = await startRelay(engine, { variables });
    try {
      expect(await answersOf(relay)).toEqual(ALL_EXACT);
    } finally {
      await relay.stop();
    }
  });

  describe.each([
    ...engineKinds.map((engine) => [engine, 'false'] as const),
    ...engineKinds.slice(-1).map((engine) => [engine, 'true'] as const),
  ])('in transaction mode on the %s engine, row-level security %s', (engine, rowLevelSecurity) => {
    const relay = duringSuite(
      () =>
        startRelay(engine, {
          variables: {
            DATABASE_URL: pooled.url,
            DATABASE_DIRECT_URL: database.url,
            ROW_LEVEL_SECURITY: rowLevelSecurity,
            LOG_LEVEL: 'warn',
          },
        }),
      ({ stop }) => stop(),
    );

    it(`answers ${TURNS} messages at once`, async () => expect(await answersOf(relay)).toEqual(ALL_EXACT));
  });
});

describe.each(oneEngine('postgres'))('a schema of its own on the %s engine', (engine) => {
  it('has the tables, and other installations in the database are not seen', async () => {
    const database = await createTestDatabase();
    const url = new URL(database.url);
    url.searchParams.set('schema', 'Relay_1');
    await migrate(ROOT, url.href, () => undefined);
    const relay = await startRelay(engine, { variables: { DATABASE_URL: url.href, LOG_LEVEL: 'warn' } });
    try {
      expect(await answersOf(relay)).toEqual(ALL_EXACT);
      expect(await relay.query('SELECT FROM threads')).toEqual([]);
    } finally {
      await relay.stop();
      await database.drop();
    }
  }, 120_000);
});
