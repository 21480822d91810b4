import pg from 'pg';
import type { RowOwner } from './caller-query.js';
import { ConfigError } from '../environment/parse-environment.js';
import type { RowAccess } from './row-access.js';
import { bool, query, text, texts, unprepared } from './statement.js';

const NO_SUCH_FUNCTION = '42883';

/** Whether the callers' role exists and may use every table that has a policy for it. */
const STATE = unprepared(
  'row-level-security-state',
  `
    SELECT tenant_role() AS role, current_user::text AS login, coalesce((
      SELECT bool_and(has_table_privilege(role.oid, polrelid, privilege))
      FROM pg_roles AS role, pg_policy, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS privilege
      WHERE rolname = tenant_role() AND polname = 'tenant'), false) AS "isReady"`,
  { role: text(), login: text(), isReady: bool() },
);

const SET_UP = unprepared('row-level-security-set-up', 'SELECT set_up_tenant_role()');

/** As the callers' role: tables of ours that it may use although no policy holds it back, for whatever reason. */
const OPEN_TABLES = unprepared(
  'row-level-security-open',
  `
    SELECT coalesce(array_agg(relname::text ORDER BY relname), '{}') AS tables,
           (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user) AS bypasses
    FROM pg_class
    WHERE relkind IN ('r', 'p') AND relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = 'threads'::regclass)
      AND has_table_privilege(oid, 'SELECT, INSERT, UPDATE, DELETE') AND NOT row_security_active(oid)
      AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')`,
  { tables: texts(), bypasses: bool() },
);

const NOBODY: RowOwner = { tenantId: '', userId: '' };

/** A `Database`, which this module does not import: that one imports this. */
interface Guarded {
  readonly system: RowAccess;
  of(owner: RowOwner): RowAccess;
}

/**
 * Makes sure that callers' statements are held to their rows; sets their role up where the login may. Throws `ConfigError` with
 * what an administrator of the database has to do.
 */
export async function enforceRowLevelSecurity(db: Guarded): Promise<void> {
  const { role, login, isReady } = await stateOf(db.system);
  if (!isReady) await setUp(db.system, role, login);
  const { tables, bypasses } = await openTables(db, role, login);
  if (tables.length === 0) return;
  const name = pg.escapeIdentifier(role);
  throw problem(
    `no policy holds the role ${role} back from ${tables.join(', ')}`,
    bypasses
      ? `ALTER ROLE ${name} NOSUPERUSER NOBYPASSRLS;`
      : `REVOKE ALL ON ${tables.map((table) => pg.escapeIdentifier(table)).join(', ')} FROM PUBLIC, ${name}; ` +
          `and if the role owns them, or is a member of their owner, end that`,
  );
}

async function stateOf(system: RowAccess) {
  try {
    const { rows } = await query(system, STATE);
    const [state] = rows;
    if (!state) throw new Error('the state of row-level security has no row');
    return state;
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || error.code !== NO_SUCH_FUNCTION) throw error;
    throw new ConfigError([
      'ROW_LEVEL_SECURITY: the database lacks its migration: run npm run migrate, then start again',
    ]);
  }
}

async function setUp(system: RowAccess, role: string, login: string): Promise<void> {
  try {
    await query(system, SET_UP);
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    throw problem(`${login} cannot set up the role ${role} (${error.message})`, setUpFor(login));
  }
}

async function openTables(db: Guarded, role: string, login: string) {
  try {
    const { rows } = await query(db.of(NOBODY), OPEN_TABLES);
    return rows[0] ?? { tables: [], bypasses: false };
  } catch (error) {
    if (!(error instanceof pg.DatabaseError)) throw error;
    throw problem(`${login} cannot take the role ${role} (${error.message})`, setUpFor(login));
  }
}

const setUpFor = (login: string): string => `SELECT set_up_tenant_role(${pg.escapeLiteral(login)});`;

const problem = (what: string, sql: string): ConfigError =>
  new ConfigError([
    `ROW_LEVEL_SECURITY: ${what}. As an administrator, run in this database, or remove the setting: ${sql}`,
  ]);
