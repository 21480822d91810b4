import { type ChildProcess, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from 'vitest';
import { ConfigError, openServer, RedisNames, redisSettings, type RedisSettings } from '#runtime';
import { refuseLasting } from '../../libs/runtime/src/redis/refuse-lasting.js';
import { freePort } from '../../tools/engines/free-port.js';
import { killServer } from '../chaos/support/kill.js';
import { launchRedis } from '../chaos/support/own-redis.js';
import { isCi } from '../deploy/support/machine.js';
import { createThread, deltasOf, post, until } from '../support/chat.js';
import { createTestDatabase } from '../support/engines.js';
import { it } from '../support/own.js';
import { runApp } from '../support/processes.js';
import { certificateFor } from '../support/certificate.js';
import { type Relay, startRelay } from '../support/relay.js';

const SECRET = 'hunter2';
const names = new RedisNames('relay:refusals');
const missing = ['redis-server', 'openssl'].filter((name) => spawnSync(name, ['--help']).error);

/** As docs/deploy.md has it. */
const [, rights = ''] = /ACL SETUSER relay on '>[^']*' (.*)/.exec(readFileSync('docs/deploy.md', 'utf8')) ?? [];
const DOCUMENTED = ['relay', 'on', `>${SECRET}`, ...rights.replaceAll("'", '').split(' ')];
/** The same with `REDIS_PREFIX=shop`. */
const DOCUMENTED_SHOP = DOCUMENTED.map((word) => word.replace(/^relay$|(?<=^[~&])relay/, 'shop'));
const MUTE = ['mute', 'on', `>${SECRET}`, '~*', 'resetchannels', '+@all'];

/** Less than the time after which a line comes again. */
const REFUSES_MS = 10_000;

/** How often each process has told the same, whatever the numbers in it. */
function warningsOf({ apis, workers }: Relay): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { pid, output } of [...apis, ...workers]) {
    for (const line of output()
      .split('\n')
      .filter((one) => one.startsWith('{'))) {
      const { level, msg, err } = JSON.parse(line) as { level: number; msg: string; err?: { message: string } };
      if (level < 40) continue;
      const what = `${pid}: ${msg}: ${err?.message.replaceAll(/\d+/g, '#') ?? ''}`;
      counts[what] = (counts[what] ?? 0) + 1;
    }
  }
  return counts;
}

/** In words, or `taken`. */
const refusalOf = async (settings: RedisSettings | undefined): Promise<string> => {
  const refused: unknown = await refuseLasting(settings ?? {}, names).then(
    () => undefined,
    (error: unknown) => error,
  );
  const said = refused instanceof ConfigError ? refused.problems.join() : String(refused ?? 'taken');
  expect(said).not.toContain(SECRET);
  return said;
};

describe.skipIf(missing.length > 0 && !isCi)(
  `what Redis refuses at the start (needs ${missing.join(', ') || 'nothing more'})`,
  () => {
    const servers: ChildProcess[] = [];
    let folder: string;
    let port: number;

    const launch = async (...settings: string[]): Promise<number> => {
      const own = await freePort();
      servers.push(await launchRedis(own, ['--dir', folder, ...settings]));
      return own;
    };
    const ofUrl = (login = '', at = port): RedisSettings => ({ url: `redis://${login}127.0.0.1:${at}` });

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'redis-refusals-'));
      port = await launch(
        '--requirepass',
        SECRET,
        '--user',
        ...DOCUMENTED,
        '--user',
        ...DOCUMENTED_SHOP,
        '--user',
        ...MUTE,
      );
    });
    afterAll(async () => {
      await Promise.all(servers.map(killServer));
      rmSync(folder, { recursive: true, force: true });
    });

    it('a password that is missing or wrong, and a right that is', async () => {
      expect(await refusalOf(ofUrl())).toContain('it asks for a password');
      expect(await refusalOf(ofUrl(':wrong@'))).toContain('it does not take this user and password');
      expect(await refusalOf(ofUrl(`mute:${SECRET}@`))).toContain('its user may not do what is needed');
      expect(await refusalOf(ofUrl(`:${SECRET}@`))).toBe('taken');
    });

    it('is not what may pass: a server that is not there', async () => {
      expect(await refusalOf(ofUrl('', await freePort()))).toBe('taken');
      expect(await refusalOf({ clusterNodes: [{ host: '127.0.0.1', port: await freePort() }] })).toBe('taken');
    });

    it('a node of a cluster as the only server, a server as a cluster, and a replica', async () => {
      const bus = ['--cluster-port', String(await freePort()), '--cluster-config-file', join(folder, 'node.conf')];
      const node = await launch('--cluster-enabled', 'yes', ...bus);
      expect(await refusalOf(ofUrl('', node))).toContain('it is a node of a cluster');
      const plain = { host: '127.0.0.1', port };
      expect(await refusalOf({ clusterNodes: [plain], password: SECRET })).toContain('it is no cluster');
      expect(await refusalOf({ clusterNodes: [plain] })).toContain('it asks for a password');
      const replica = await launch('--replicaof', '127.0.0.1', String(await freePort()));
      expect(await refusalOf(ofUrl('', replica))).toContain('it is a replica');
    });

    it('a certificate that nobody here has signed, or that it misses', async () => {
      const { key, cert } = certificateFor('IP:127.0.0.1', folder);
      const tlsPort = await freePort();
      const tls = ['--tls-cert-file', cert, '--tls-key-file', key, '--tls-ca-cert-file', cert];
      servers.push(await launchRedis(0, ['--dir', folder, '--tls-port', String(tlsPort), ...tls]));
      const given = { REDIS_URL: `rediss://127.0.0.1:${tlsPort}` };
      const trusted = { ...given, REDIS_TLS_CA_FILE: cert };
      expect(await refusalOf(redisSettings(given))).toContain('its certificate is not trusted');
      for (let tries = 0; tries < 5; tries++)
        expect(await refusalOf(redisSettings(trusted))).toContain('it asks for a certificate');
      const own = { ...trusted, REDIS_TLS_CERT_FILE: cert, REDIS_TLS_KEY_FILE: key };
      expect(await refusalOf(redisSettings(own))).toBe('taken');
    });

    it('ends a process with the code of a wrong configuration, and without the password', async ({ own }) => {
      const database = await createTestDatabase();
      own({ stop: () => database.drop() });
      const variables = { DATABASE_URL: database.url, REDIS_URL: ofUrl().url, REDIS_USERNAME: 'relay' };
      const { code, output } = await runApp('worker', { ...variables, REDIS_PASSWORD: `${SECRET}-not` });
      expect({ code, output }).toEqual({ code: 78, output: expect.stringContaining('it does not take this user') });
      expect(output).not.toContain(SECRET);
    });

    describe.each([
      ['relay', {}],
      ['shop', { REDIS_PREFIX: 'shop' }],
    ] as const)('with the rights of the documentation, as %s', (user, more) => {
      it('is nothing', { timeout: 60_000 }, async ({ own }) => {
        const login = { REDIS_URL: ofUrl().url, REDIS_USERNAME: user, REDIS_PASSWORD: SECRET, ...more };
        const relay = own(await startRelay('postgres', { variables: login }));
        const answer = await post(relay.url, createThread('Hello (tokens=5)'));
        expect(answer.complete).toBe(true);
        for (const { output } of [...relay.apis, ...relay.workers]) expect(output()).not.toContain('NOPERM');
      });
    });

    it(
      'is logged once, however long it lasts, when it begins while the processes run',
      { timeout: 120_000 },
      async ({ own }) => {
        const login = { REDIS_URL: ofUrl().url, REDIS_USERNAME: 'relay', REDIS_PASSWORD: SECRET };
        const relay = own(await startRelay('postgres', { variables: login }));
        const admin = openServer(ofUrl(`:${SECRET}@`), {});
        own({ stop: () => admin.disconnect() });
        const begun = new Set<number>();
        const answers = Array.from({ length: 5 }, (_, number) =>
          post(relay.url, createThread('Hello (tokens=240) (delay=50)'), {
            onEvents: (events) => deltasOf(events).length > 0 && begun.add(number),
          }),
        );
        await until('five answers are under way', 20_000, async () => begun.size === answers.length);

        await admin.call('ACL', 'SETUSER', 'relay', '-@all');
        own({ stop: () => admin.call('ACL', 'SETUSER', ...DOCUMENTED) });
        await new Promise((resolve) => setTimeout(resolve, REFUSES_MS));
        const lines = warningsOf(relay);
        expect(Object.keys(lines).join()).toContain('NOPERM');
        expect(Object.entries(lines).filter(([, count]) => count > 1)).toEqual([]);

        await admin.call('ACL', 'SETUSER', ...DOCUMENTED);
        expect((await Promise.all(answers)).map(({ complete }) => complete)).toEqual(answers.map(() => true));
        await until('messages are answered again', 20_000, async () => {
          const { status, complete } = await post(relay.url, createThread('Hello (tokens=5)'));
          return status === 200 && complete;
        });
      },
    );
  },
);
