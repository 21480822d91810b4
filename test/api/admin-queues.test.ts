import { describe, expect, it } from 'vitest';
import { createThread, deltasOf, post, until } from '../support/chat.js';
import { engineKinds } from '../support/engines.js';
import { runApp } from '../support/processes.js';
import { useRelay } from '../support/relay.js';
import {
  ask,
  assets,
  basic,
  bearer,
  BOARD,
  changing,
  disguises,
  exchange,
  type Headers,
  METHODS,
  pages,
  reading,
  TOKEN,
} from './support/dashboard.js';

const SECRET_TEXT = 'the-words-of-a-person';

describe.each(engineKinds)('the dashboard of the queues on the %s engine', (engine) => {
  // Auth `none` is the hardest case: it opens everything else. The origin that is listed may call the rest.
  const variables = { AUTH_MODE: 'none', ADMIN_TOKEN: TOKEN, CORS_ORIGINS: 'http://localhost:5173' };
  const relay = useRelay(engine, { variables });

  it('is a page that names no other host, with headers that allow none', async () => {
    for (const path of pages) {
      const { status, headers, body } = await ask(relay, path, { headers: bearer });
      expect({ path, status }).toEqual({ path, status: 200 });
      expect(body).toContain('Relay queues');
      expect(body.match(/(?:src|href|url\()\s*=?\s*["']?(?:https?:)?\/\//gi)).toBeNull();
      expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
    }
  });

  it('serves everything that its page asks for, and every file there is', async () => {
    const { body } = await ask(relay, BOARD, { headers: bearer });
    const base = /<base href="([^"]+)"/.exec(body)?.[1] ?? '';
    const asked = [...body.matchAll(/(?:src|href)="(static\/[^"]+)"/g)].map(([, path]) => base + path);
    expect(asked.length).toBeGreaterThan(5);
    expect(asked.filter((path) => !assets.includes(path))).toEqual([]);
    for (const path of assets) {
      const { status, headers } = await ask(relay, path, { headers: bearer });
      expect({ path, status, cache: headers['cache-control'] }).toEqual({ path, status: 200, cache: 'no-store' });
      expect({ path, status: (await ask(relay, path)).status }).toEqual({ path, status: 401 });
    }
  });

  it('answers with the state of every queue', async () => {
    const { status, body } = await ask(relay, `${BOARD}/api/queues`, { headers: bearer });
    expect(status).toBe(200);
    const { queues } = JSON.parse(body) as { queues: { name: string; readOnlyMode: boolean }[] };
    expect(queues.map(({ name, readOnlyMode }) => ({ name, readOnlyMode }))).toEqual([
      { name: 'run-turn', readOnlyMode: true },
      { name: 'assistant-call', readOnlyMode: true },
    ]);
    const stats = await ask(relay, `${BOARD}/api/redis/stats`, { headers: bearer });
    expect(JSON.parse(stats.body)).toMatchObject({ backend: engine });
  });

  it('takes the token as the password of HTTP Basic, and asks a browser for it', async () => {
    for (const user of ['admin', '', 'ünï']) {
      expect((await ask(relay, BOARD, { headers: basic(`${user}:${TOKEN}`) })).status).toBe(200);
    }
    const wrong: Headers[] = [
      basic('admin:wrong-password-here'),
      basic(`${TOKEN}:`),
      { authorization: `Bearer ${TOKEN}x` },
      {},
    ];
    for (const headers of wrong) {
      const { status, headers: answered } = await ask(relay, BOARD, { headers });
      expect(status).toBe(401);
      expect(answered['www-authenticate']).toMatch(/^Basic realm="/);
    }
  });

  it('asks for it on every page, file and API route, with every method', async () => {
    const paths = [
      ...pages,
      ...reading,
      ...changing.map(({ path }) => path),
      ...assets.slice(0, 3),
      `${BOARD}/nothing`,
    ];
    for (const path of new Set(paths)) {
      for (const method of METHODS) {
        const { status, body } = await ask(relay, path, { method });
        expect({ method, path, status }).toEqual({ method, path, status: 401 });
        expect(body).not.toContain('run-turn');
      }
    }
  });

  it('answers a preflight of another origin like any other request', async () => {
    for (const path of [BOARD, `${BOARD}/`, ...reading]) {
      const headers = { origin: 'http://localhost:5173', 'access-control-request-method': 'PUT' };
      const { status, headers: answered } = await ask(relay, path, { method: 'OPTIONS', headers });
      expect({ path, status }).toEqual({ path, status: 401 });
      expect(answered['access-control-allow-origin']).toBeUndefined();
    }
  });

  it('is one route, however its address is written', async () => {
    for (const path of ['/%61dmin/queues', '/admin/queue%73/', '/admin/%71ueues/api/queues']) {
      expect((await ask(relay, path, { headers: bearer })).status).toBe(200);
      expect((await ask(relay, path)).status).toBe(401);
    }
  });

  it('is not found by another way of writing its address', async () => {
    const targets = [BOARD, `${BOARD}/api/queues`, assets[0] ?? '', `${BOARD}/queue/run-turn`];
    const open: unknown[] = [];
    for (const path of targets.flatMap(disguises)) {
      for (const method of METHODS) {
        const { status, body } = await ask(relay, path, { method });
        // 400: no address at all, or an OPTIONS that is no preflight, of an address that nobody serves.
        if (![400, 401, 404].includes(status) || /run-turn|Relay queues|isPaused/.test(body))
          open.push({ method, path, status });
      }
    }
    expect(open).toEqual([]);
  });

  it.each(['GET http://{host}/admin/queues', 'GET http://other/admin/queues/api/queues', 'GET admin/queues', 'GET *'])(
    'is not found by the request line %s',
    async (line) => {
      const { host, hostname, port } = new URL(relay.url);
      const request = `${line.replace('{host}', host)} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
      const answer = await exchange(hostname, Number(port), request);
      expect(answer).toMatch(/^HTTP\/1\.1 40[014] /);
      expect(answer).not.toContain('run-turn');
    },
  );

  it('changes nothing, with the token either', async () => {
    for (const { method, path } of changing) {
      const { status } = await ask(relay, path, { method, headers: { ...bearer, 'content-type': 'application/json' } });
      expect({ method, path, status }).toEqual({ method, path, status: 404 });
    }
    expect(changing.length).toBeGreaterThan(20);
  });

  it('shows jobs that hold ids and nothing that anybody wrote', async () => {
    await relay.workers[0]?.stop();
    const answer = post(relay.url, createThread(`${SECRET_TEXT} (tokens=2)`));
    const body = await until('the job waits', 10_000, async () => {
      const shown = (await ask(relay, `${BOARD}/api/queues?activeQueue=run-turn&page=1`, { headers: bearer })).body;
      return shown.includes('run_') && shown;
    });
    const { queues } = JSON.parse(body) as { queues: { jobs: { id: string; data: object }[] }[] };
    const [job, ...others] = queues.flatMap(({ jobs }) => jobs);
    expect(others).toEqual([]);
    expect(job?.data).toEqual({ runId: expect.stringMatching(/^run_[\w-]+$/), fence: 0 });
    for (const part of ['', '/logs', '/flow']) {
      const shown = await ask(relay, `${BOARD}/api/queues/run-turn/${job?.id}${part}`, { headers: bearer });
      expect(shown.status).toBe(200);
      expect(shown.body).not.toContain(SECRET_TEXT);
    }
    expect(body).not.toContain(SECRET_TEXT);
    await relay.startWorker();
    expect(deltasOf((await answer).events)).toHaveLength(2);
  });

  it('keeps the token out of the log', () => {
    const output = relay.apis.map((api) => api.output()).join('');
    expect(output).toContain(BOARD);
    for (const secret of [TOKEN, Buffer.from(`admin:${TOKEN}`).toString('base64')])
      expect(output).not.toContain(secret);
  });
});

describe('without an administrator token', () => {
  const relay = useRelay('postgres', { workers: 0, variables: { AUTH_MODE: 'none' } });

  it('knows no dashboard', async () => {
    const unknown = await ask(relay, '/no/such/address');
    expect(unknown.status).toBe(404);
    const given: Headers[] = [{}, bearer, basic('admin:'), { authorization: 'Bearer undefined' }];
    for (const path of [...pages, ...reading, ...assets.slice(0, 3)]) {
      for (const headers of given) {
        const { status, body } = await ask(relay, path, { headers });
        expect({ path, status, body }).toEqual({ path, status: 404, body: unknown.body });
      }
    }
  });

  it.each(['too-short', 'sixteen chars and spaces', 'ünï-0123456789-abc'])('does not start with %s', async (token) => {
    const { code, output } = await runApp('api', { DATABASE_URL: 'postgresql://127.0.0.1:1/x', ADMIN_TOKEN: token });
    expect(code).toBe(78);
    expect(output).toContain('ADMIN_TOKEN');
    expect(output).not.toContain(token);
  });
});
