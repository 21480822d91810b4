import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startLocalProxy } from '#providers/testing';
import { createThread, deltasOf, post, threadIdOf, until } from '../../support/chat.js';
import { duringSuite } from '../../support/during-suite.js';
import { runApp, startApp } from '../../support/processes.js';
import { useProvider } from '../../support/provider.js';
import { useRelay } from '../../support/relay.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { ask, list } from './ask.js';
import { AUDIENCE, ISSUER, startIdentityProvider } from './identity-provider.js';

const MODULE = `
  export default async ({ headers, ip, method, route }) => {
    const ticket = headers['x-ticket'];
    if (ticket === 'broken') throw new Error('the directory is away');
    if (ticket === 'where') return { refuse: [ip, method, route].join(' ') };
    const [tenant, user, ...roles] = ticket?.split('/') ?? [];
    return user && { user, tenant, roles };
  };`;

const folder = temporaryFolder('relay-auth-module-');
const write = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
write('auth.mjs', MODULE);
const CONFIG = write(
  'config.yaml',
  'titles: false\nauth: { mode: [module, jwt], module: ./auth.mjs, jwt: { claims: { tenant: org } } }\n',
);

const proxy = duringSuite(startLocalProxy, (started) => started.close());
const identityProvider = duringSuite(startIdentityProvider, (started) => started.close());
const provider = useProvider();
const relay = useRelay('postgres', () => ({
  provider,
  variables: {
    CHATKIT_CONFIG: CONFIG,
    AUTH_MODE: 'module, jwt',
    AUTH_JWKS_URL: identityProvider.url,
    AUTH_ISSUER: ISSUER,
    AUTH_AUDIENCE: AUDIENCE,
    HTTP_PROXY: `http://me:s%40cret@${proxy.host}`,
    NO_PROXY: new URL(provider.url).host,
  },
}));
const ticket = (text: string) => ({ 'x-ticket': text });
const say = (who: string) => post(relay.url, createThread('Hello'), { headers: ticket(who) });

describe('the auth module', () => {
  it('says whose a turn is, and nobody else sees it', async () => {
    await provider.script([{ text: 'Good day.' }]);
    const answer = await say('acme/ada');
    expect(deltasOf(answer.events).join('')).toBe('Good day.');
    const id = threadIdOf(answer);
    expect(await relay.query('SELECT tenant_id, owner_id FROM threads WHERE id = $1', [id])).toEqual([
      { tenant_id: 'acme', owner_id: 'ada' },
    ]);
    const [own, others, elsewhere] = await Promise.all(
      ['acme/ada', 'acme/eve', 'other/ada'].map((who) => list(relay.url, undefined, ticket(who))),
    );
    expect(own?.text).toContain(id);
    for (const seen of [others, elsewhere]) expect(seen?.json['data']).toEqual([]);
  });

  it('is told where the request comes from and goes to, and may refuse with words', async () => {
    const refused = await list(relay.url, undefined, ticket('where'));
    expect([refused.status, refused.json.error]).toMatchObject([
      401,
      { code: 'auth.invalid', message: '127.0.0.1 POST /chatkit' },
    ]);
    expect((await list(relay.url)).json.error?.code).toBe('auth.required');
  });

  it('that fails lets nobody in, and only the log says why', async () => {
    const failed = await list(relay.url, undefined, ticket('broken'));
    expect(failed.status).toBe(500);
    expect(failed.text).not.toContain('directory');
    await until('the log says why', 10_000, async () => relay.apis[0]?.output().includes('the directory is away'));
  });

  it('makes administrators of those whom it gives the role', async () => {
    for (const [who, status] of [
      ['acme/ada/admin', 200],
      ['acme/ada/editor', 403],
    ] as const) {
      expect((await ask(relay.url, '/admin/api/keys', { headers: ticket(who) })).status).toBe(status);
    }
  });

  it('that cannot be loaded stops the start, with the reason', async () => {
    write('broken.mjs', 'export default {');
    const config = write('broken.yaml', 'auth: { mode: module, module: ./broken.mjs }\n');
    const { code, output } = await runApp('api', { ...relay.variables, CHATKIT_CONFIG: config });
    expect(code).toBe(78);
    expect(output).toContain('broken.mjs cannot be used');
  });
});

describe('the keys of an identity provider', () => {
  it('are fetched through the proxy of HTTP_PROXY, but for the hosts of NO_PROXY', async () => {
    const token = await identityProvider.token('ada');
    expect((await list(relay.url, token)).status).toBe(200);
    const [first, ...more] = proxy.requests;
    expect(first).toMatchObject({
      line: `GET ${identityProvider.url}`,
      authorization: `Basic ${Buffer.from('me:s@cret').toString('base64')}`,
    });
    const direct = await startApp('api', { ...relay.variables, NO_PROXY: '127.0.0.1' });
    try {
      expect((await list(String(direct.ready['url']), token)).status).toBe(200);
    } finally {
      await direct.stop();
    }
    expect(more).toEqual([]);
    expect(proxy.requests).toHaveLength(1);
  });
});
