import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Check } from '../check.js';
import { fail, ok, warn } from '../finding.js';
import type { Installation } from '../installation.js';
import { withPostgres } from '../engines/with-postgres.js';

const WITHIN_MS = 3_000;

/** LISTEN and NOTIFY between two connections. */
export const notify: Check<Installation> = {
  name: 'notify',
  run: (installation) =>
    withPostgres(installation, async (listener, sender) => {
      const channel = `doctor_${randomBytes(8).toString('hex')}`;
      const heard = once(listener, 'notification', { signal: AbortSignal.timeout(WITHIN_MS) });
      heard.catch(() => undefined); // awaited below
      await listener.query(`LISTEN ${channel}`);
      const start = performance.now();
      await sender.query('SELECT pg_notify($1, $2)', [channel, 'round trip']);
      try {
        await heard;
        return [ok(`a notification took ${Math.round(performance.now() - start)} ms`)];
      } catch {
        const said = `no notification arrived within ${WITHIN_MS / 1_000} s`;
        const fix = 'Set DATABASE_DIRECT_URL to the address of Postgres itself, or set REDIS_URL.';
        return [installation.redis === undefined ? fail(said, fix) : warn(`${said}; not needed with Redis`, fix)];
      }
    }),
};
