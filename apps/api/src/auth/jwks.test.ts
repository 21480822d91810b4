import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { jwtVerify, SignJWT } from 'jose';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { selfSigned, startLocalProxy } from '#providers/testing';
import type { KeySource } from './fetch-key-set.js';
import { Jwks } from './jwks.js';

const TIMES = { refreshAfter: 1_000, staleAfter: 10_000, coolDown: 100, timeout: 1_000 };

let server: Server;
let url: string;
let answer: { status: number; body: string };
let answering: (response: ServerResponse) => void;
let asked: number;
let clock: number;
let jwks: Jwks;
const warnings: unknown[] = [];

const newJwks = (source: KeySource) =>
  new Jwks(source, { warn: (...given: unknown[]) => void warnings.push(given) }, TIMES, () => clock);

beforeEach(async () => {
  asked = 0;
  clock = 0;
  warnings.length = 0;
  answering = (response) => void response.writeHead(answer.status).end(answer.body);
  server = createServer((_, response) => {
    asked += 1;
    answering(response);
  });
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
  jwks = newJwks({ url });
});
afterEach(() => new Promise((closed) => server.close(closed)));

const pair = (kid: string) => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { kid, privateKey, jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256' } };
};
const [one, two] = [pair('one'), pair('two')];
const serve = (...keys: object[]) => (answer = { status: 200, body: JSON.stringify({ keys }) });
const signed = ({ kid, privateKey }: { kid: string; privateKey: KeyObject }) =>
  new SignJWT({ sub: 'ada' }).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey);
const verified = async (by: { kid: string; privateKey: KeyObject }) =>
  (await jwtVerify(await signed(by), jwks.find)).payload.sub;

it('asks once for many tokens', async () => {
  serve(one.jwk);
  expect(await Promise.all(Array.from({ length: 20 }, () => verified(one)))).toEqual(Array(20).fill('ada'));
  expect(asked).toBe(1);
});

it('takes a new key at once, and forgets one that is gone', async () => {
  serve(one.jwk);
  await verified(one);
  serve(two.jwk);
  clock += TIMES.coolDown;
  expect(await verified(two)).toBe('ada');
  clock += TIMES.coolDown;
  await expect(verified(one)).rejects.toMatchObject({ code: 'ERR_JWKS_NO_MATCHING_KEY' });
});

it('does not ask again for every unknown key that a stranger names', async () => {
  serve(one.jwk);
  await verified(one);
  for (let count = 0; count < 50; count++) await expect(verified(two)).rejects.toThrow(/applicable key/);
  expect(asked).toBe(1);
  clock += TIMES.coolDown;
  for (let count = 0; count < 50; count++) await expect(verified(two)).rejects.toThrow(/applicable key/);
  expect(asked).toBe(2);
});

it.each([
  ['an error', { status: 500, body: 'oops' }],
  ['no JSON', { status: 200, body: '<html>' }],
  ['no keys', { status: 200, body: '{}' }],
  ['keys that are none', { status: 200, body: '{"keys":[7]}' }],
  ['far too much', { status: 200, body: JSON.stringify({ keys: [one.jwk], x: 'x'.repeat(2_000_000) }) }],
])('keeps the keys that it has when it is answered with %s', async (_, wrong) => {
  serve(one.jwk);
  await verified(one);
  answer = wrong;
  clock += TIMES.refreshAfter + 1;
  expect(await verified(one)).toBe('ada');
  await expect.poll(() => warnings.length).toBe(1);
  expect(await verified(one)).toBe('ada');
  clock += TIMES.staleAfter;
  await expect(verified(one)).rejects.toMatchObject({ code: 'service.unavailable' });
});

it('without any keys it says that it cannot check, and asks again after a while', async () => {
  answer = { status: 503, body: '' };
  await expect(verified(one)).rejects.toMatchObject({ code: 'service.unavailable' });
  serve(one.jwk);
  await expect(verified(one)).rejects.toMatchObject({ code: 'service.unavailable' });
  clock += TIMES.coolDown;
  expect(await verified(one)).toBe('ada');
});

it.each<[string, (response: ServerResponse) => void, RegExp]>([
  ['that never comes', () => undefined, /not sent its keys within 1 s/],
  ['that begins and never ends', (response) => void response.write('{"keys":['), /not sent its keys within 1 s/],
  ['that leads elsewhere', (response) => void response.writeHead(302, { location: url }).end(), /answered 302 instead/],
])('waits for an answer %s no longer than that, says so, and recovers', async (_, wrong, words) => {
  serve(one.jwk);
  const right = answering;
  answering = wrong;
  await expect(verified(one)).rejects.toMatchObject({ code: 'service.unavailable' });
  const [[{ err }]] = warnings as [[{ err: Error }]];
  expect(err.message).toMatch(words);
  answering = right;
  expect(asked).toBe(1);
  clock += TIMES.coolDown;
  expect(await verified(one)).toBe('ada');
});

it('goes through a proxy, by TLS to the provider', async () => {
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
  serve(one.jwk);
  const secure = createSecureServer(selfSigned(), (_, response) => response.end(answer.body));
  await new Promise<void>((ready) => secure.listen(0, '127.0.0.1', ready));
  const host = `127.0.0.1:${(secure.address() as AddressInfo).port}`;
  const proxy = await startLocalProxy();
  jwks = newJwks({ url: `https://${host}/jwks`, proxy: `http://me:word@${proxy.host}` });
  try {
    expect(await verified(one)).toBe('ada');
    const authorization = `Basic ${Buffer.from('me:word').toString('base64')}`;
    expect(proxy.requests).toMatchObject([{ line: `CONNECT ${host}`, authorization }]);
  } finally {
    secure.close();
    await proxy.close();
  }
});

it.each([['silence'], [407]] as const)('says which proxy is at fault that answers with %s', async (refusal) => {
  const proxy = await startLocalProxy(refusal);
  try {
    for (const secure of ['http', 'https']) {
      jwks = newJwks({ url: `${secure}://127.0.0.1:9/jwks`, proxy: `http://me:word@${proxy.host}` });
      await expect(verified(one)).rejects.toMatchObject({ code: 'service.unavailable' });
    }
    expect(warnings).toHaveLength(2);
    for (const warning of warnings) {
      const [{ err }] = warning as [{ err: Error }];
      expect(err.message).toContain(proxy.host);
      expect(err.message).not.toContain('word');
    }
  } finally {
    await proxy.close();
  }
});
