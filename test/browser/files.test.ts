import { once } from 'node:events';
import http from 'node:http';
import { describe, expect, it } from 'vitest';
import { useRelay } from '../support/relay.js';

describe('the built pages as they are served', () => {
  // Behind a proxy that names the user: the pages are for everybody, what they call is not.
  const relay = useRelay('postgres', { workers: 0 });

  const assetsOf = async (path: string): Promise<string[]> =>
    [...(await (await fetch(relay.url + path)).text()).matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(
      ([, file = '']) => file,
    );

  it('allow nothing but their own server', async () => {
    const page = await fetch(`${relay.url}/`);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    expect(page.headers.get('cache-control')).toBe('no-cache');
    expect(page.headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data: blob:; " +
        "font-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(page.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(await page.text()).not.toMatch(/<script(?![^>]*\ssrc=)|<style|style=|\son\w+=/);
  });

  it('allow one other host where the official component needs it', async () => {
    const { headers } = await fetch(`${relay.url}/chatkit-react`);
    const policy = headers.get('content-security-policy') ?? '';
    const hosts = policy.split(/[\s;]+/).filter((word) => word.startsWith('http'));
    expect(new Set(hosts)).toEqual(new Set(['https://cdn.platform.openai.com']));
    expect(policy).toMatch(/script-src 'self' https:\/\/cdn\.platform\.openai\.com;/);
  });

  it('come with files that are kept for ever, compressed where the browser can read it', async () => {
    const assets = [...(await assetsOf('/')), ...(await assetsOf('/chatkit-react'))];
    expect(assets.length).toBeGreaterThan(4);
    for (const path of assets) {
      const file = await fetch(relay.url + path, { headers: { 'accept-encoding': 'br' } });
      expect([path, file.status]).toEqual([path, 200]);
      expect(file.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(file.headers.get('content-encoding')).toBe('br');
      expect(file.headers.get('vary')).toContain('accept-encoding');
      expect(file.headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it('are asked for again without being sent again', async () => {
    const { headers } = await fetch(`${relay.url}/`);
    // fetch would ask for a fresh copy beside the condition.
    const request = http.get(`${relay.url}/`, { headers: { 'if-none-match': headers.get('etag') ?? '' } });
    const [again] = (await once(request, 'response')) as [http.IncomingMessage];
    again.resume();
    expect(again.statusCode).toBe(304);
  });

  it.each([
    '/index.html',
    '/assets/',
    '/assets/missing.js',
    '/assets/../../apps/api/src/main.js',
    '/assets/..%2f..%2fpackage.json',
    '/%2e%2e/apps/api/src/main.js',
    '/.built-web',
  ])('do not open %s', async (path) => {
    const answer = await fetch(relay.url + path);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ error: { code: 'route.not_found' } });
  });

  it('leave the models to those who may ask', async () => {
    expect((await fetch(`${relay.url}/models`)).status).toBe(401);
    const models = await fetch(`${relay.url}/models`, { headers: { 'x-test-user': 'ada' } });
    expect(await models.json()).toEqual({ models: [] });
  });
});
