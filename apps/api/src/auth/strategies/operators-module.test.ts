import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { credentials } from '../testing.js';
import { loadAuthModule, moduleStrategy } from './operators-module.js';

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'relay-auth-module-'))));
afterAll(() => rmSync(folder, { recursive: true }));

const asked = async (decide: Parameters<typeof moduleStrategy>[0]) =>
  moduleStrategy(decide).identify(credentials({ 'x-team': 'acme' }, '10.0.0.1'));

it('is given headers, address, method and route, and says who asks', async () => {
  const identity = await asked((request) => {
    expect(request).toEqual({ headers: { 'x-team': 'acme' }, ip: '10.0.0.1', method: 'POST', route: '/chatkit' });
    return { user: 'ada', tenant: request.headers['x-team'], roles: ['editor'] };
  });
  expect(identity).toEqual({ tenantId: 'acme', userId: 'ada', roles: ['editor'], by: 'module' });
});

it.each([
  ['nothing', undefined, 'auth.required'],
  ['null', null, 'auth.required'],
  ['a refusal', { refuse: 'Not today.' }, 'auth.invalid'],
  ['a user that is no name', { user: ' ' }, 'auth.invalid'],
])('that returns %s refuses', (_, answer, code) => expect(asked(() => answer)).rejects.toMatchObject({ code }));

it.each([
  ['true', true],
  ['an empty object', {}],
  ['a name', 'ada'],
  ['more than it should', { user: 'ada', admin: true }],
  ['a user that is no text', { user: 7 }],
])('that returns %s lets nobody in', (_, answer) => expect(asked(() => answer)).rejects.toThrow(/must return/));

it('that fails lets nobody in', async () => {
  await expect(
    asked(() => {
      throw new Error('the directory is away');
    }),
  ).rejects.toThrow('the directory is away');
  await expect(asked(() => Promise.reject(new Error('later')))).rejects.toThrow('later');
});

it('is loaded from its file, or the start fails with the reason', async () => {
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  expect(
    await (
      await loadAuthModule(write('good.mjs', "export default () => ({ user: 'ada' })"))
    )({} as never),
  ).toEqual({
    user: 'ada',
  });
  await expect(loadAuthModule(write('none.mjs', 'export const x = 1'))).rejects.toThrow(/no function/);
  await expect(loadAuthModule(write('broken.mjs', 'export default ('))).rejects.toThrow(/broken\.mjs cannot be used/);
  await expect(loadAuthModule(join(folder, 'gone.mjs'))).rejects.toThrow(/gone\.mjs cannot be used/);
});
