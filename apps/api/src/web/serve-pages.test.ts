import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fastify } from 'fastify';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { servePages } from './serve-pages.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pages-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function get(path: string, origins?: readonly string[]) {
  const server = fastify();
  servePages(server, origins && (async () => origins), folder);
  const answer = await server.inject(path);
  await server.close();
  return answer;
}

it('serves nothing without a build', async () => {
  expect((await get('/')).statusCode).toBe(404);
  expect((await get('/chatkit-react')).statusCode).toBe(404);
});

it('serves the pages by their paths, and their files by name', async () => {
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'index.html'), 'one');
  writeFileSync(join(folder, 'chatkit-react.html'), 'other');
  writeFileSync(join(folder, 'assets', 'a-1.js'), 'code');
  expect((await get('/')).body).toBe('one');
  expect((await get('/?from=mail')).body).toBe('one');
  expect((await get('/chatkit-react')).body).toBe('other');
  expect((await get('/assets/a-1.js')).headers['cache-control']).toBe('public, max-age=31536000, immutable');
  expect((await get('/index.html')).statusCode).toBe(404);
});

it('lets the pages send attachments to the store, and show them from there, and nothing else', async () => {
  writeFileSync(join(folder, 'index.html'), 'one');
  writeFileSync(join(folder, 'chatkit-react.html'), 'other');
  const STORE = 'https://bucket.store.example';
  for (const path of ['/', '/chatkit-react']) {
    const { headers } = await get(path, [STORE]);
    const directives = String(headers['content-security-policy']).split('; ');
    const naming = directives
      .filter((directive) => directive.includes(STORE))
      .map((directive) => directive.split(' ')[0]);
    expect(naming).toEqual(['connect-src', 'img-src']);
    expect(String((await get(path)).headers['content-security-policy'])).not.toContain(STORE);
  }
});
