import { describe, expect, it } from 'vitest';
import { createThread, post } from '../support/chat.js';
import { useRelay } from '../support/relay.js';
import { ask } from './auth/ask.js';

const ADMIN_TOKEN = 'test-admin-token-0123456789';
const WORDS = 'words-of-a-person';

describe('the session of an administrator', () => {
  // The strictest case: nobody is asked who they are, and nobody is an administrator for that.
  const variables = { AUTH_MODE: 'none', ADMIN_TOKEN, ADMIN_CONTENT: 'true' };
  const relay = useRelay('postgres', { variables });
  const session = (headers = {}, method = 'GET') => ask(relay.url, '/admin/api/session', { method, headers });
  const signIn = async (headers = {}): Promise<string> => {
    const told = await session({ authorization: `Bearer ${ADMIN_TOKEN}`, ...headers }, 'POST');
    expect({ status: told.status, json: told.json }).toEqual({
      status: 200,
      json: { actor: 'adminToken', may_read: true },
    });
    return told.headers['set-cookie']?.[0] ?? '';
  };

  it('is a cookie that scripts and other sites do not get at, and holds for the administration only', async () => {
    const given = await signIn();
    expect(given).toMatch(/^relay_admin=[\w.-]+; Path=\/admin; Max-Age=43200; HttpOnly; SameSite=Strict$/);
    const cookie = given.split(';')[0] ?? '';
    expect(given).not.toContain(ADMIN_TOKEN);
    for (const path of ['/admin/api/session', '/admin/api/runs', '/admin/queues']) {
      expect({ path, status: (await ask(relay.url, path, { headers: { cookie } })).status }).toEqual({
        path,
        status: 200,
      });
    }
    const sessions = await ask(relay.url, '/sessions', { method: 'POST', headers: { cookie }, body: { user: 'x' } });
    expect(sessions.status).toBe(401);
  });

  it('is refused when it was changed, is there twice, or comes from a page of another origin', async () => {
    const cookie = (await signIn()).split(';')[0] ?? '';
    const [head, body = '', signature] = cookie.split('.');
    const forged = JSON.stringify({ ...JSON.parse(Buffer.from(body, 'base64url').toString()), exp: 9e9 });
    for (const wrong of [
      `${cookie}x`,
      `${head}.${Buffer.from(forged).toString('base64url')}.${signature}`,
      `${cookie}; ${cookie}`,
      'relay_admin=',
    ]) {
      expect({ wrong, status: (await session({ cookie: wrong })).status }).toEqual({ wrong, status: 401 });
    }
    const headers = { cookie, origin: 'https://evil.example' };
    const told = await ask(relay.url, '/admin/api/runs/run_x/stop', { method: 'POST', headers, body: {} });
    expect(told).toMatchObject({ status: 403, json: { error: { code: 'origin.refused' } } });
  });

  it('is not asked for by a dialog of the browser in front of the page’s own form', async () => {
    expect((await session()).headers['www-authenticate']).toMatch(/^Basic /);
    expect((await session({ 'sec-fetch-dest': 'empty' })).headers['www-authenticate']).toMatch(/^Bearer /);
  });

  it('ends when its owner signs out', async () => {
    expect((await session({}, 'DELETE')).headers['set-cookie']?.[0]).toMatch(
      /^relay_admin=; Path=\/admin; Max-Age=0; /,
    );
  });

  it('lets read conversations where the setting does, and every look is on record', async () => {
    const cookie = (await signIn()).split(';')[0] ?? '';
    await post(relay.url, createThread(`${WORDS} (tokens=2)`));
    const get = (path: string) => ask(relay.url, `/admin/api/${path}`, { headers: { cookie } });
    const [run] = (await get('runs')).json['data'] as { id: string }[];
    const { json, text } = await get(`runs/${run?.id}/content`);
    expect((json['data'] as { type: string }[]).map(({ type }) => type)).toEqual(['user_message', 'assistant_message']);
    expect(text).toContain(WORDS);
    expect((await get('audit?action=run.read')).json['data']).toMatchObject([
      { actor: 'adminToken', action: 'run.read', subject: run?.id, address: '127.0.0.1' },
    ]);
    expect((await get('audit?action=admin.sign_in')).json['data']).not.toHaveLength(0);
  });
});

describe('a server without administrators', () => {
  const relay = useRelay('postgres', { workers: 0, variables: { AUTH_MODE: 'none' } });

  it('says how to have one', async () => {
    const told = await ask(relay.url, '/admin/api/session');
    expect(told).toMatchObject({
      status: 401,
      json: { error: { message: expect.stringContaining('ADMIN_TOKEN') as string } },
    });
  });
});
