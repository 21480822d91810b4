import { describe, expect } from 'vitest';
import { nginxMissing, startNginx } from '../support/nginx.js';
import { it } from '../support/own.js';
import { USER_HEADER, useRelay } from '../support/relay.js';
import { runDoctor } from './run-doctor.js';

const PAGE = 'https://page.example.com';
const relay = useRelay('postgres', { variables: { CORS_ORIGINS: PAGE } });
const ADA = `${USER_HEADER}: ada`;

const left = async (): Promise<unknown[]> => [
  ...(await relay.query('SELECT id FROM threads')),
  ...(await relay.query('SELECT id FROM attachments')),
];

describe('the doctor of a running server', { timeout: 90_000 }, () => {
  it('sends a message and the largest file, and leaves neither behind', async () => {
    const { code, report, of } = await runDoctor({}, '--url', relay.url, '--header', ADA, '--origin', PAGE, '--chat');
    expect(report.findings.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(code).toBe(0);
    expect(of('stream')[0]?.message).toMatch(/arrive when they are sent/);
    expect(of('upload')[0]?.message).toMatch(/^a file of 20 MB went through/);
    expect(of('chat')[0]?.message).toMatch(/^a message was answered after \d+ ms, its first words after/);
    expect(await left()).toEqual([]);
  });

  it('refuses nothing to a stranger that the server would not refuse, and names an origin that may not call', async () => {
    const { code, of } = await runDoctor({}, '--url', relay.url, '--origin', 'https://other.example.com');
    expect(code).toBe(1);
    expect(of('cors')).toEqual([
      expect.objectContaining({
        status: 'fail',
        fix: expect.stringContaining('CORS_ORIGINS=https://other.example.com'),
      }),
    ]);
    expect(of('upload')[0]).toMatchObject({ status: 'ok', message: expect.stringContaining('without credentials') });
  });

  describe.runIf(!nginxMissing)(`through a real nginx (${nginxMissing || 'not skipped'})`, () => {
    it('finds a proxy that holds streams back and refuses files', async ({ own }) => {
      const changes = {
        'proxy_buffering off;': 'proxy_buffering on; proxy_ignore_headers X-Accel-Buffering;',
        'gzip off;': 'gzip on; gzip_types text/event-stream; gzip_proxied any; gzip_min_length 0;',
        'client_max_body_size 21m': 'client_max_body_size 1m',
      };
      const nginx = own(await startNginx([relay.url], { changes }));
      const { code, of } = await runDoctor({}, '--url', nginx.url, '--header', ADA);
      expect(code).toBe(1);
      expect(of('stream')[0]).toMatchObject({
        status: 'fail',
        message: expect.stringMatching(/in 1 \(at 0 ms\).*nginx/),
      });
      expect(of('upload')[0]).toMatchObject({ status: 'fail', message: expect.stringMatching(/nginx.*20 MB/) });
      expect(of('server')[0]?.status).toBe('ok');
      expect(await left()).toEqual([]);
    });

    it('finds that browsers are told to send files past the proxy', async ({ own }) => {
      const nginx = own(await startNginx([relay.url], { changes: { $http_host: 'localhost' } }));
      const { of } = await runDoctor({}, '--url', nginx.url, '--header', ADA);
      expect(of('upload')[0]).toMatchObject({ status: 'fail', fix: `Set PUBLIC_URL=${nginx.url} for the API.` });
    });
  });

  it('says when no worker is there, and when nothing is', async () => {
    await Promise.all(relay.workers.map((worker) => worker.stop()));
    const { code, of } = await runDoctor({}, '--url', relay.url);
    expect([code, of('server')[0]?.fix]).toEqual([1, 'Start a worker: npm run start:worker.']);
    const nothing = await runDoctor({}, '--url', 'http://127.0.0.1:9');
    expect([nothing.code, nothing.report.findings.map(({ check }) => check)]).toEqual([1, ['server']]);
  });
});
