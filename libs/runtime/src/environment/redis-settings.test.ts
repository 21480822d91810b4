import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { describeRedis, redisProblems, redisSettings } from './redis-settings.js';

const folder = mkdtempSync(join(tmpdir(), 'redis-settings-'));
const pem = join(folder, 'ca.crt');
writeFileSync(pem, 'PEM');
afterAll(() => rmSync(folder, { recursive: true }));

const nodes = [{ host: '10.0.0.1', port: 7000 }];

it.each([
  ['redis://h', 'redis://a%40b@h'],
  ['redis://:p%40ss@h:1/2', 'redis://a%40b:p%40ss@h:1/2'],
  ['rediss://@h', 'rediss://a%40b@h'],
])('a user goes into %s, where ioredis looks for it', (url, expected) => {
  expect(redisSettings({ REDIS_URL: url, REDIS_USERNAME: 'a@b', REDIS_PASSWORD: 'p@ss' })).toMatchObject({
    url: expected,
  });
  expect(redisSettings({ REDIS_URL: url })?.url).toBe(url);
  expect(redisProblems({ REDIS_URL: expected, REDIS_USERNAME: 'c' })).toEqual([
    'REDIS_USERNAME: is set, and REDIS_URL has a user, too: remove one of them',
  ]);
  expect(redisProblems({ REDIS_URL: url, REDIS_USERNAME: 'c' })).toEqual([]);
});

it('a cluster and Sentinels have logins and TLS beside their addresses', () => {
  const login = { REDIS_USERNAME: 'relay', REDIS_PASSWORD: 'secret' };
  const cluster = redisSettings({
    ...login,
    REDIS_CLUSTER_NODES: nodes,
    REDIS_TLS: true,
    REDIS_TLS_CA_FILE: pem,
  });
  expect(cluster).toMatchObject({ clusterNodes: nodes, username: 'relay', password: 'secret', tls: { ca: 'PEM' } });
  const watched = redisSettings({ ...login, REDIS_SENTINELS: nodes, REDIS_SENTINEL_PASSWORD: 'other' });
  expect(watched).toMatchObject({
    password: 'secret',
    sentinels: { nodes, primary: 'mymaster', password: 'other' },
    tls: undefined,
  });
  expect([cluster, watched].map((one) => describeRedis(one ?? {}))).toEqual([
    'the cluster of 10.0.0.1:7000',
    'mymaster of the Sentinels 10.0.0.1:7000',
  ]);
  expect(describeRedis({ url: 'redis://u:secret@h:1' })).toBe('h:1');
});

it('there is one place at most, and nothing that nobody reads', () => {
  const places = { REDIS_URL: 'redis://h', REDIS_CLUSTER_NODES: 'a:1', REDIS_SENTINELS: 'b:1' };
  const all = 'REDIS_URL, REDIS_CLUSTER_NODES, REDIS_SENTINELS';
  expect(redisProblems(places)).toEqual([
    'REDIS_URL and REDIS_CLUSTER_NODES and REDIS_SENTINELS: set only one of them',
  ]);
  expect(redisProblems({ REDIS_PREFIX: 'a', REDIS_PASSWORD: 'of the compose file' })).toEqual([
    `REDIS_PREFIX: nothing reads it without ${all}`,
  ]);
  expect(redisProblems({ REDIS_URL: 'redis://h', REDIS_SENTINEL_MASTER: 'a', REDIS_TLS_CA_FILE: pem })).toEqual([
    'REDIS_SENTINEL_MASTER: nothing reads it without REDIS_SENTINELS',
    'REDIS_TLS_CA_FILE: nothing reads it without TLS: REDIS_URL=rediss://… or REDIS_TLS=true',
  ]);
  expect(
    redisProblems({ REDIS_URL: 'rediss://h', REDIS_TLS_CA_FILE: join(folder, 'none'), REDIS_TLS_CERT_FILE: pem }),
  ).toEqual([
    expect.stringMatching('^REDIS_TLS_CA_FILE: cannot be read: ENOENT'),
    'REDIS_TLS_CERT_FILE and REDIS_TLS_KEY_FILE: set both or none',
  ]);
});
