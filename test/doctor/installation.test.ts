import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import pg from 'pg';
import { freePort } from '../../tools/engines/free-port.js';
import { createTestDatabase, redisMissing, testRedisUrl } from '../support/engines.js';
import { useLocalServer } from '../support/local-server.js';
import { it } from '../support/own.js';
import type { Variables } from '../support/processes.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { runDoctor, runPlain } from './run-doctor.js';
import { pgbouncerMissing, startPgBouncer } from '../support/pgbouncer.js';
import { startRedis } from './servers.js';

const CONFIG = new URL('providers.config.yaml', import.meta.url).pathname;
const KEY = 'sk-doctor-0123456789abcdef';
const dataDir = temporaryFolder('doctor-');

/** `good` lists one model and has another; `wrong` refuses the key and repeats it. */
const provider = useLocalServer((response, { path, headers, body }) => {
  const send = (status: number, answer: object): void =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  if (path.startsWith('/wrong')) {
    return send(401, { error: { message: `Incorrect key: ${headers.authorization}`, code: 'invalid_api_key' } });
  }
  if (path.endsWith('/models')) return send(200, { data: [{ id: 'listed' }] });
  if (body['model'] === 'missing') {
    return send(404, { error: { message: 'The model `missing` does not exist', code: 'model_not_found' } });
  }
  return send(200, { choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }] });
});

const here = (variables: Variables): Variables => ({ PORT: '0', DATA_DIR: dataDir, ...variables });

async function withDatabase(sql?: string) {
  const database = await createTestDatabase();
  if (sql !== undefined) {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query(sql);
    await client.end();
  }
  return { url: database.url, stop: () => database.drop() };
}

describe('the doctor of an installation', { timeout: 90_000 }, () => {
  it('finds nothing wrong with one that is in order, and says so by its exit code', async ({ own }) => {
    const { url } = own(await withDatabase());
    const { code, report, of } = await runDoctor(here({ DATABASE_URL: url, REDIS_URL: testRedisUrl() }));
    expect(report.findings.filter(({ status }) => status === 'fail')).toEqual([]);
    expect([code, report.ok, report.counts['fail']]).toEqual([0, true, 0]);
    const looked = [
      'node',
      'config',
      'port',
      'disk',
      'postgres',
      'pooler',
      'migrations',
      'notify',
      'clock',
      'providers',
    ];
    expect(looked.filter((check) => of(check)[0]?.status !== 'ok')).toEqual([]);
    const engine = redisMissing ? 'skip' : 'ok';
    expect([of('redis')[0]?.status, of('pubsub')[0]?.status ?? 'skip']).toEqual([engine, engine]);
    expect(of('server')[0]?.status).toBe('skip');
  });

  it('loads the code that the processes would load, and names each file that cannot be', async () => {
    const folder = `${dataDir}/modules`;
    mkdirSync(folder, { recursive: true });
    for (const name of ['assistant', 'hooks', 'auth']) writeFileSync(join(folder, `${name}.mjs`), 'export default 1;');
    const CHATKIT_CONFIG = join(folder, 'chatkit.config.yaml');
    writeFileSync(
      CHATKIT_CONFIG,
      'assistants: [{ id: a, module: ./assistant.mjs }]\nhooks: ./hooks.mjs\nauth: { mode: module, module: ./auth.mjs }\n',
    );
    const { code, of } = await runDoctor(here({ CHATKIT_CONFIG }));
    expect(code).toBe(1);
    const said = of('config').map(({ status, message }) => `${status} ${message}`);
    for (const name of ['assistant', 'hooks', 'auth']) {
      expect(said).toContainEqual(expect.stringMatching(new RegExp(`^fail .*${name}\\.mjs cannot be used`)));
    }
  });

  it('says what is wrong with the engines, one line each with its fix, and fails', async ({ own }) => {
    const { url } = own(await withDatabase('DROP SCHEMA public CASCADE; CREATE SCHEMA public'));
    const redis = own(await startRedis('--maxmemory', '10mb', '--maxmemory-policy', 'allkeys-lru'));
    const { code, stdout: output } = await runPlain(here({ DATABASE_URL: url, REDIS_URL: redis.url }));
    expect(code).toBe(1);
    expect(output).toMatch(/^fail {2}migrations {2}The database is empty: .*\n +→ Run npm run migrate\.$/m);
    expect(output).toMatch(/^fail {2}redis {7}maxmemory-policy is allkeys-lru: .*\n +→ .*CONFIG SET maxmemory-policy/m);
    expect(output).toMatch(/^warn {2}redis {7}appendonly is off/m);
    expect(output).toMatch(/, 2 failed/);
  });

  it('tells a port that another program has from those that are free', async () => {
    const [taken, free] = [new URL(provider.url).port, String(await freePort())];
    const { code, of } = await runDoctor(here({ PORT: taken, METRICS_PORT: free, WORKER_HEALTH_PORT: taken }));
    expect([code, of('port').map(({ status }) => status)]).toEqual([1, ['fail', 'ok', 'fail']]);
    expect(of('port')[0]?.fix).toContain(`set PORT to a free one: ${Number(taken) + 1}`);
  });

  it('tells migrations that are missing, failed, edited and newer apart', async ({ own }) => {
    const { url } = own(
      await withDatabase(`
        UPDATE _prisma_migrations SET checksum = 'other' WHERE migration_name LIKE '%_init';
        DELETE FROM _prisma_migrations WHERE migration_name =
          (SELECT max(migration_name) FROM _prisma_migrations);
        INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at)
          VALUES ('n', '', '29990101000000_newer', now(), now()), ('f', '', '29990101000001_broken', now(), NULL)`),
    );
    const { code, of } = await runDoctor(here({ DATABASE_URL: url }));
    expect(code).toBe(1);
    expect(of('migrations').map(({ status, message }) => [status, message.replace(/\d{14}/g, '#')])).toEqual([
      ['fail', 'did not finish: #_broken'],
      ['fail', expect.stringMatching(/^not applied: #_\w+$/)],
      ['warn', "applied from a file that differs from this version's: #_init"],
      ['warn', 'applied, but unknown to this version: #_newer'],
    ]);
  });

  it('asks each provider whether it takes the key and has the models, and repeats no key', async ({ own }) => {
    const { url } = own(await withDatabase());
    const config = { CHATKIT_CONFIG: CONFIG, TEST_URL: provider.url, TEST_KEY: KEY };
    const { code, output, of } = await runDoctor(here({ DATABASE_URL: url, ...config }));
    expect(code).toBe(1);
    expect(of('providers').map(({ status, message }) => `${status} ${message}`)).toEqual([
      expect.stringMatching(/^ok good answers within \d+ ms$/),
      'ok good has 1 of 3 configured models in its list',
      expect.stringMatching(/^fail good\/missing \(models\.smart\): .*does not exist/),
      "ok good/unlisted (models.hidden) answers, though it is not in the provider's list",
      expect.stringMatching(/^fail wrong: .*Incorrect key: Bearer \[secret\]/),
    ]);
    expect(of('providers').at(-1)?.fix).toContain('Set a valid API key');
    expect(output).not.toContain(KEY);
  });

  it('looks at the configuration alone where it is asked to, and so needs no engine', async () => {
    const DATABASE_URL = 'postgresql://127.0.0.1:1/nowhere';
    const right = await runDoctor({ DATABASE_URL }, '--config');
    expect([right.code, right.report.findings.map(({ check, status }) => [check, status])]).toEqual([
      0,
      [['config', 'ok']],
    ]);
    const wrong = await runDoctor({ DATABASE_URL, WORKER_CONCURRENCY: 'many' }, '--config');
    expect([wrong.code, wrong.report.findings.map(({ status }) => status)]).toEqual([1, ['fail']]);
    expect(wrong.of('config')[0]?.message).toMatch(/^WORKER_CONCURRENCY: /);
  });

  it('ends although a module holds its process open, or rejects what nobody waits for', async () => {
    const folder = join(dataDir, 'open');
    mkdirSync(folder);
    const lines = [
      'setInterval(() => undefined, 1_000);',
      "void Promise.reject(new Error('late'));",
      'export default {};',
    ];
    writeFileSync(join(folder, 'open.js'), lines.join('\n'));
    const config = join(folder, 'chatkit.config.yaml');
    writeFileSync(config, 'assistants:\n  - { id: open, module: ./open.js }\n');
    const DATABASE_URL = 'postgresql://127.0.0.1:1/nowhere';
    const { code, report } = await runDoctor({ DATABASE_URL, CHATKIT_CONFIG: config }, '--config');
    expect([code, report.findings.map(({ status }) => status)]).toEqual([0, ['ok']]);
  });

  it('lists every mistake of the configuration, and an engine that is not there', async () => {
    const password = 'swordfish-0123';
    const { code, output, of } = await runDoctor(
      here({ DATABASE_URL: `postgresql://relay:${password}@127.0.0.1:9/relay`, WORKER_CONCURRENCY: 'many', PORT: 'x' }),
    );
    expect(code).toBe(1);
    expect(of('config').map(({ message }) => message)).toEqual([
      expect.stringMatching(/^PORT: must be a whole number/),
      expect.stringMatching(/^WORKER_CONCURRENCY: must be a whole number/),
    ]);
    expect(of('postgres')[0]).toMatchObject({ status: 'fail', message: expect.stringContaining('ECONNREFUSED') });
    expect(of('migrations')[0]?.status).toBe('skip');
    expect(output).not.toContain(password);
  });

  describe.runIf(!pgbouncerMissing)(`through a real PgBouncer (${pgbouncerMissing || 'not skipped'})`, () => {
    it('knows a pooler by its mode and by what it refuses, and whether Postgres itself is named', async ({ own }) => {
      const { url } = own(await withDatabase());
      const session = own(await startPgBouncer(url, 'session'));
      const transaction = own(await startPgBouncer(url, 'transaction'));
      const refused = await runDoctor(here({ DATABASE_URL: session.url }));
      expect([refused.code, refused.of('pooler')[0]?.message]).toEqual([1, expect.stringContaining('refuses')]);
      const inSession = await runDoctor(here({ DATABASE_URL: session.url, DATABASE_DIRECT_URL: url }));
      expect([inSession.code, inSession.of('pooler')[0]?.status, inSession.of('notify')[0]?.status]).toEqual([
        0,
        'ok',
        'ok',
      ]);
      const alone = await runDoctor(here({ DATABASE_URL: transaction.url }));
      expect([alone.code, alone.of('pooler')[0]?.status]).toEqual([1, 'fail']);
      const both = await runDoctor(here({ DATABASE_URL: transaction.url, DATABASE_DIRECT_URL: url }));
      expect([both.code, both.of('pooler')[0]?.message]).toEqual([0, expect.stringContaining('DATABASE_DIRECT_URL')]);
      expect(both.of('notify')[0]?.status).toBe('ok');
    });
  });
});
