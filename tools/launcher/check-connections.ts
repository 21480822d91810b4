import { Redis } from 'ioredis';
import pg from 'pg';
import { codeOf, LauncherError } from '../engines/launcher-error.js';

const PATIENCE_MS = 8_000;
/** Postgres' error code for "no such database": migrating creates it. */
const NO_SUCH_DATABASE = '3D000';

/** Returns the server's version. Messages name the variable and the host, never the password in the URL. */
export async function checkDatabase(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: parsed(url, 'DATABASE_URL'), connectionTimeoutMillis: PATIENCE_MS });
  client.on('error', () => undefined); // reported by connect() and query()
  try {
    await client.connect();
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    return rows[0]?.server_version.split(' ')[0] ?? '';
  } catch (error) {
    if (codeOf(error) === NO_SUCH_DATABASE) return '';
    throw unreachable('DATABASE_URL', 'Postgres', url, error);
  } finally {
    await client.end();
  }
}

export async function checkRedis(url: string): Promise<string> {
  const redis = new Redis(parsed(url, 'REDIS_URL'), {
    lazyConnect: true,
    retryStrategy: () => null,
    connectTimeout: PATIENCE_MS,
    maxRetriesPerRequest: 0,
  });
  let reason: unknown; // connect() itself only reports that the connection is closed
  redis.on('error', (error) => (reason = error));
  try {
    await redis.connect();
    return /(?:redis|valkey)_version:(\S+)/.exec(await redis.info('server'))?.[1] ?? '';
  } catch (error) {
    throw unreachable('REDIS_URL', 'Redis', url, reason ?? error);
  } finally {
    redis.disconnect();
  }
}

function parsed(url: string, variable: string): string {
  if (URL.canParse(url)) return url;
  throw new LauncherError(`${variable} is not a URL. It looks like ${EXAMPLES[variable]}`);
}

const EXAMPLES: Record<string, string> = {
  DATABASE_URL: 'postgresql://user:password@host:5432/database',
  REDIS_URL: 'redis://:password@host:6379',
};

function unreachable(variable: string, server: string, url: string, error: unknown): LauncherError {
  const reason = error instanceof Error ? error.message || codeOf(error) : String(error);
  return new LauncherError(
    `${variable} is set, but ${server} at ${new URL(url).host || 'that address'} cannot be used: ${reason}\n` +
      `Fix ${variable}, or unset it to let the launcher start what is needed.`,
  );
}
