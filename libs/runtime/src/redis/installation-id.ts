import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { Queryable } from '../platform/database.js';
import { schemaProblem } from '../platform/schema-version.js';
import { query, text, unprepared } from '../platform/statement.js';

/**
 * Where the data is: a server's identity stays the same on its replicas, and differs in a dump that was restored elsewhere, a
 * database made of a template, or another schema.
 */
const PLACE = `
  (SELECT system_identifier FROM pg_control_system()) || '/' ||
  (SELECT oid FROM pg_database WHERE datname = current_database()) || '/' || current_schema()`;

const MAKE = unprepared(
  'installation-make',
  `INSERT INTO installations (place, id) VALUES (${PLACE}, $1) ON CONFLICT DO NOTHING`,
);
const LOAD = unprepared('installation-load', `SELECT id FROM installations WHERE place = ${PLACE}`, { id: text() });

const ID_BYTES = 6;

/** Postgres' codes: no such table; no right to a table or function. */
const NO_TABLE = '42P01';
const FORBIDDEN = '42501';

/**
 * The id of the installation that this database is of, the same in all its processes: two that start at the same time agree,
 * because one inserts and both read. @throws Error in words
 */
export async function installationId(system: Queryable): Promise<string> {
  try {
    await query(system, MAKE, [randomBytes(ID_BYTES).toString('hex')]);
    const id = await storedInstallationId(system);
    if (id === undefined) throw new Error('the id of this installation could not be stored');
    return id;
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    if (error.code === NO_TABLE) throw new Error(await schemaProblem(system), { cause: error });
    if (error.code === FORBIDDEN) throw new Error(`${SET_PREFIX} (${error.message})`, { cause: error });
    throw error;
  }
}

/** Undefined: no process has started yet. Changes nothing. */
export async function storedInstallationId(system: Queryable): Promise<string | undefined> {
  return (await query(system, LOAD)).rows[0]?.id;
}

const SET_PREFIX =
  'Postgres does not tell which server it is, so that keys in Redis cannot be told from those of a copy of this database. Set ' +
  'REDIS_PREFIX to a name of this installation';
