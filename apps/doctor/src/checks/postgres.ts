import type pg from 'pg';
import { connectionsOf } from '#runtime';
import type { Check } from '../check.js';
import { fail, type Finding, ok, reasonOf, skip, warn } from '../finding.js';
import type { Installation } from '../installation.js';
import { connectPostgres } from '../engines/with-postgres.js';

const OLDEST_VERSION = 130_000;

interface Facts {
  readonly version: string;
  readonly number: number;
  readonly encoding: string;
  readonly standby: boolean;
  readonly limit: number;
  readonly reserved: number;
  readonly used: number;
}

const FACTS = `SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number,
    pg_encoding_to_char(encoding) AS encoding, pg_is_in_recovery() AS standby,
    current_setting('max_connections')::int AS limit, current_setting('superuser_reserved_connections')::int AS reserved,
    (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS used
  FROM pg_database WHERE datname = current_database()`;

export const postgres: Check<Installation> = {
  name: 'postgres',
  async run({ databaseUrl, redis }) {
    if (databaseUrl === undefined) return [skip('DATABASE_URL is not set: npm start starts a Postgres of its own.')];
    let client: pg.Client;
    try {
      client = await connectPostgres(databaseUrl);
    } catch (error) {
      const host = new URL(databaseUrl).host || 'that address';
      return [fail(`Postgres at ${host} cannot be used: ${reasonOf(error)}`, connectionFix(error))];
    }
    try {
      const { rows } = await client.query<Facts>(FACTS);
      return rows.flatMap((facts) => [versionOf(facts), ...stateOf(facts), roomFor(facts, redis !== undefined)]);
    } finally {
      await client.end();
    }
  },
};

/** What to do about a connection that failed, by the code of Postgres or of the network. */
export function connectionFix(error: unknown): string {
  const { code } = error as { readonly code?: string };
  if (code === '28P01' || code === '28000')
    return 'Postgres runs and refuses this login: correct user and password in DATABASE_URL (or DATABASE_PASSWORD), percent-encoded.';
  if (code === '3D000') return 'Create the database that DATABASE_URL names, or correct its name.';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'Correct the host in DATABASE_URL: nobody has this name.';
  if (code === '53300') return 'Postgres has no connection left: raise max_connections, or end other clients.';
  return 'Start Postgres, or correct DATABASE_URL: postgresql://user:password@host:5432/database';
}

function versionOf({ version, number }: Facts): Finding {
  const said = `Postgres ${version.split(' ')[0]}`;
  return number < OLDEST_VERSION ? fail(`${said} is too old.`, 'Use Postgres 13 or newer.') : ok(said);
}

function stateOf({ encoding, standby }: Facts): Finding[] {
  const findings: Finding[] = [];
  if (standby) {
    findings.push(fail('It is a standby, which takes no writes.', 'Set DATABASE_URL to the address of the primary.'));
  }
  if (encoding !== 'UTF8') {
    const fix = "Create the database again: CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0";
    findings.push(fail(`Its encoding is ${encoding}, which cannot hold every message.`, fix));
  }
  return findings;
}

function roomFor({ limit, reserved, used }: Facts, hasRedis: boolean): Finding {
  const forApi = connectionsOf('api', hasRedis).postgres;
  const forWorker = connectionsOf('worker', hasRedis).postgres;
  const room = limit - reserved;
  const said = `${used} of ${room} connections are in use; an API takes up to ${forApi}, a worker up to ${forWorker}`;
  const fix = 'Raise max_connections of Postgres, or put PgBouncer in front (docs/deploy.md).';
  if (room < forApi + forWorker) return fail(`max_connections is ${limit}: ${said}.`, fix);
  return used > 0.8 * room ? warn(said, fix) : ok(said);
}
