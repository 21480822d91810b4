import { describe, expect, it } from 'vitest';
import { runApp } from '../support/processes.js';

const CONFIG_EXIT_CODE = 78;

describe('an invalid environment', () => {
  it('ends the API at once, with everything that is wrong', async () => {
    const { code, output } = await runApp('api', {
      PORT: 'eighty',
      REDIS_URL: 'localhost',
      LOG_LEVEL: 'loud',
      AUTH_MODE: 'trustedHeader',
      AUTH_TRUSTED_PROXIES: '10.0.0.0/8, proxy.internal',
    });
    expect(code).toBe(CONFIG_EXIT_CODE);
    const wrong = ['PORT', 'DATABASE_URL', 'REDIS_URL', 'LOG_LEVEL', 'AUTH_USER_HEADER', 'AUTH_TRUSTED_PROXIES'];
    for (const name of wrong) expect(output).toContain(name);
  });

  it('ends the worker at once, with everything that is wrong', async () => {
    const { code, output } = await runApp('worker', { DATABASE_URL: 'mysql://db', WORKER_CONCURRENCY: '0' });
    expect(code).toBe(CONFIG_EXIT_CODE);
    for (const name of ['DATABASE_URL', 'WORKER_CONCURRENCY']) expect(output).toContain(name);
  });

  it('never prints a password', async () => {
    const { code, output } = await runApp('api', { DATABASE_URL: 'postgresql://u:hunter2@127.0.0.1:1/x' });
    expect(code).not.toBe(0);
    expect(output).not.toContain('hunter2');
  });
});
