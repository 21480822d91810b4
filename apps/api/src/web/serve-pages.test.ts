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

async function get(path: string) {
  const server = fastify();
  servePages(server, folder);
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
