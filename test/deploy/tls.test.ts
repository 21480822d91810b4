import { type ChildProcess, execFileSync, spawnSync } from 'node:child_process';
import { chownSync, cpSync, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect } from 'vitest';
import { openCluster, redisSettings } from '#runtime';
import { freePort } from '../../tools/engines/free-port.js';
import { migrate } from '../../tools/launcher/migrate.js';
import { killServer } from '../chaos/support/kill.js';
import { launchRedis } from '../chaos/support/own-redis.js';
import { type Certificate, certificateFor } from '../support/certificate.js';
import { createThread, deltasOf, post, until } from '../support/chat.js';
import { duringSuite } from '../support/during-suite.js';
import { createTestDatabase } from '../support/engines.js';
import { it } from '../support/own.js';
import { runApp } from '../support/processes.js';
import { startRelay } from '../support/relay.js';
import { isCi } from './support/machine.js';

const ROOT = new URL('../..', import.meta.url).pathname;
const missing = ['redis-server', 'redis-cli', 'openssl'].filter((name) => spawnSync(name, ['--help']).error);

const launchTlsRedis = async (
  { key, cert }: Certificate,
  folder: string,
  more: readonly string[] = [],
): Promise<{ port: number; child: ChildProcess }> => {
  const port = await freePort();
  const files = [
    '--tls-cert-file',
    cert,
    '--tls-key-file',
    key,
    '--tls-ca-cert-file',
    cert,
    '--tls-auth-clients',
    'no',
  ];
  return { port, child: await launchRedis(0, ['--dir', folder, '--tls-port', String(port), ...files, ...more]) };
};

/** Turns TLS on in the Postgres of the suite; clients that do not ask for it go on without. */
async function withTls({ key, cert }: Certificate, databaseUrl: string): Promise<{ stop(): Promise<void> }> {
  const run = async (...statements: string[]): Promise<string> => {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    try {
      for (const statement of statements.slice(0, -1)) await client.query(statement);
      const { rows } = await client.query({ text: statements.at(-1) ?? '', rowMode: 'array' });
      return String((rows as unknown[][])[0]?.[0]);
    } finally {
      await client.end();
    }
  };
  const data = await run('SHOW data_directory');
  if (!existsSync(data)) throw new Error(`The test server's folder ${data} is not on this machine.`);
  // Postgres refuses a key that others could read.
  const { uid, gid } = statSync(data);
  const files = [key, cert].map((from, index) => {
    const to = join(data, ['tls-test.key', 'tls-test.crt'][index] ?? '');
    cpSync(from, to);
    chownSync(to, uid, gid);
    return to;
  });
  const RELOAD = 'SELECT pg_reload_conf()';
  await run(`ALTER SYSTEM SET ssl_key_file = '${files[0]}'`, `ALTER SYSTEM SET ssl_cert_file = '${files[1]}'`, RELOAD);
  await run('ALTER SYSTEM SET ssl = on', RELOAD);
  await until('Postgres speaks TLS', 10_000, async () => (await run('SHOW ssl')) === 'on');
  return {
    async stop() {
      const settings = ['ssl', 'ssl_key_file', 'ssl_cert_file'];
      await run(...settings.map((name) => `ALTER SYSTEM RESET ${name}`), RELOAD);
      for (const file of files) rmSync(file, { force: true });
    },
  };
}

describe.skipIf(missing.length > 0 && !isCi)(
  `TLS to both engines (needs ${missing.join(', ') || 'nothing more'})`,
  () => {
    const folder = duringSuite(
      async () => ({ path: mkdtempSync(join(tmpdir(), 'tls-')) }),
      ({ path }) => rmSync(path, { recursive: true, force: true }),
    );

    it('a cluster whose certificate has the names of its nodes, and not their addresses', async ({ own }) => {
      const certificate = certificateFor('DNS:localhost', folder.path);
      const announced = '--cluster-announce-hostname localhost --cluster-preferred-endpoint-type hostname'.split(' ');
      const bus = ['--cluster-port', String(await freePort()), '--cluster-config-file', join(folder.path, 'node.conf')];
      const { port, child } = await launchTlsRedis(certificate, folder.path, [
        '--tls-cluster',
        'yes',
        '--cluster-enabled',
        'yes',
        ...bus,
        ...announced,
      ]);
      own({ stop: () => killServer(child) });
      const cli = (...words: string[]): string =>
        execFileSync(
          'redis-cli',
          ['--tls', '--cacert', certificate.cert, '-h', 'localhost', '-p', String(port), ...words],
          {
            encoding: 'utf8',
          },
        );
      cli('cluster', 'addslotsrange', '0', '16383');
      await until('the node serves all slots', 10_000, async () => cli('cluster', 'info').includes('cluster_state:ok'));

      const settings = redisSettings({
        REDIS_CLUSTER_NODES: [{ host: 'localhost', port }],
        REDIS_TLS: true,
        REDIS_TLS_CA_FILE: certificate.cert,
      });
      const cluster = openCluster(settings ?? {}, {}, { lazyConnect: true, clusterRetryStrategy: () => null });
      own({ stop: () => cluster.disconnect() });
      await cluster.connect();
      expect(await cluster.set('relay:{tls}:probe', '1')).toBe('OK');
    });

    it('migrates, answers, and trusts no certificate of another name', { timeout: 120_000 }, async ({ own }) => {
      const certificate = certificateFor('DNS:localhost', folder.path);
      const database = await createTestDatabase();
      own({ stop: () => database.drop() });
      own(await withTls(certificate, database.url));
      const redis = await launchTlsRedis(certificate, folder.path);
      own({ stop: () => killServer(redis.child) });
      const url = new URL(database.url);
      url.hostname = 'localhost';
      url.search = new URLSearchParams({
        schema: 'tls',
        sslmode: 'verify-full',
        sslrootcert: certificate.cert,
      }).toString();
      await migrate(ROOT, url.href, () => undefined);

      const variables = {
        DATABASE_URL: url.href,
        REDIS_URL: `rediss://localhost:${redis.port}`,
        REDIS_TLS_CA_FILE: certificate.cert,
        LOG_LEVEL: 'warn',
      };
      for (const more of [{}, { REDIS_URL: undefined, REDIS_TLS_CA_FILE: undefined }]) {
        const relay = await startRelay('postgres', { variables: { ...variables, ...more } });
        try {
          const answer = await post(relay.url, createThread('Hello (tokens=5)'));
          expect(deltasOf(answer.events).join('').trim()).toBe('tok1 tok2 tok3 tok4 tok5');
          for (const { output } of [...relay.apis, ...relay.workers]) expect(output()).toBe('');
          const unencrypted = await relay.query(
            'SELECT application_name FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) WHERE datname = $1 AND NOT ssl',
            [url.pathname.slice(1)],
          );
          expect(unencrypted).toEqual([]);
        } finally {
          await relay.stop();
        }
      }

      url.hostname = '127.0.0.1';
      const { code, output } = await runApp('worker', { ...variables, DATABASE_URL: url.href });
      expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining('altnames') });
    });
  },
);
