// `npm run keys`: makes, lists and revokes API keys, for whoever can reach the database. APIs take notice within seconds.
import { parseArgs } from 'node:util';
import { API_KEY_SCOPES, type ApiKey, ApiKeyStore, ConfigError, Database, isApiKeyScope, nameProblem } from '#runtime';
import { recordAudit } from '#runtime/api';
import { DEFAULT_TENANT } from './auth/identity.js';
import { loadDatabaseUrl } from './config.js';

const USAGE = `Usage:
  npm run keys -- create --name <name> --scopes <scope,…> [--tenant <tenant>] [--roles <role,…>] [--expires-in-days <days>]
  npm run keys -- list [--tenant <tenant>]
  npm run keys -- revoke <id>

Scopes: ${API_KEY_SCOPES.join(', ')} (docs/authentication.md).`;

const MAX_DAYS = 3_650;
const SECONDS_PER_DAY = 86_400;

/** What the person typed cannot be carried out. */
class UsageError extends Error {}

const OPTIONS = {
  name: { type: 'string' },
  scopes: { type: 'string' },
  tenant: { type: 'string' },
  roles: { type: 'string' },
  'expires-in-days': { type: 'string' },
} as const;

type Options = Partial<Record<keyof typeof OPTIONS, string>>;
const COMMANDS: Readonly<Record<string, (store: ApiKeyStore, options: Options, rest: string[]) => Promise<string>>> = {
  create,
  list: async (store, { tenant }) => tableOf(await store.list(tenant)),
  revoke,
};

async function create(store: ApiKeyStore, options: Options): Promise<string> {
  const { key, stored } = await store.create({
    name: named('--name', options.name),
    tenantId: named('--tenant', options.tenant ?? DEFAULT_TENANT),
    scopes: scopesOf(options.scopes),
    roles: listOf(options.roles).map((role) => named('--roles', role)),
    expiresIn: secondsOf(options['expires-in-days']),
    createdBy: 'command line',
  });
  return `${tableOf([stored])}\n\nThe key, which is shown only now:\n\n${key}`;
}

async function revoke(store: ApiKeyStore, _options: Options, [id]: string[]): Promise<string> {
  if (id === undefined) throw new UsageError('revoke needs the id of a key, which list shows.');
  const revoked = await store.revoke(id);
  if (!revoked) throw new UsageError(`There is no API key ${id}.`);
  return tableOf([revoked]);
}

function named(option: string, value: string | undefined): string {
  const problem = value === undefined ? 'is required' : nameProblem(value);
  if (value !== undefined && problem === undefined) return value;
  throw new UsageError(`${option} ${problem}.`);
}

const listOf = (value = ''): string[] => value.split(',').filter((entry) => entry !== '');

function scopesOf(value: string | undefined) {
  const scopes = [...new Set(listOf(value))];
  if (scopes.length > 0 && scopes.every(isApiKeyScope)) return scopes;
  throw new UsageError(`--scopes must be one or several of ${API_KEY_SCOPES.join(', ')}, separated by commas.`);
}

function secondsOf(days: string | undefined): number | undefined {
  if (days === undefined) return undefined;
  if (/^\d+$/.test(days) && Number(days) >= 1 && Number(days) <= MAX_DAYS) return Number(days) * SECONDS_PER_DAY;
  throw new UsageError(`--expires-in-days must be a whole number from 1 to ${MAX_DAYS}.`);
}

const COLUMNS: Readonly<Record<string, (key: ApiKey) => string>> = {
  id: ({ id }) => id,
  name: ({ name }) => name,
  tenant: ({ tenantId }) => tenantId,
  key: ({ prefix }) => `${prefix}…`,
  scopes: ({ scopes }) => scopes.join(','),
  roles: ({ roles }) => roles.join(',') || '-',
  created: ({ createdAt }) => day(createdAt),
  'last used': ({ lastUsedAt }) => (lastUsedAt ? lastUsedAt.toISOString() : 'never'),
  state: ({ revokedAt, expiresAt }) =>
    revokedAt ? `revoked ${day(revokedAt)}` : expiresAt ? `until ${day(expiresAt)}` : 'valid',
};
const day = (date: Date): string => date.toISOString().slice(0, 10);

function tableOf(keys: readonly ApiKey[]): string {
  const rows = [Object.keys(COLUMNS), ...keys.map((key) => Object.values(COLUMNS).map((shown) => shown(key)))];
  const widths = Object.keys(COLUMNS).map((_, index) => Math.max(...rows.map((row) => (row[index] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** What is recorded before it is done. */
const AUDITED: Readonly<Record<string, string>> = { create: 'key.create', revoke: 'key.revoke' };

async function main(): Promise<string> {
  const { values, positionals } = parsed();
  const [name = '', ...rest] = positionals;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) throw new UsageError(USAGE);
  const database = new Database(loadDatabaseUrl(), { maxConnections: 1, name: 'chatkit-relay keys' });
  try {
    const action = AUDITED[name];
    if (action) {
      const subject = values.name ?? rest[0];
      await recordAudit(database.system, { actor: 'commandLine', action, tenantId: values.tenant, subject });
    }
    return await command(new ApiKeyStore(database.system), values, rest);
  } finally {
    await database.close();
  }
}

function parsed() {
  try {
    return parseArgs({ options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${USAGE}`);
  }
}

try {
  process.stdout.write(`${await main()}\n`);
} catch (error) {
  const forPeople = error instanceof UsageError || error instanceof ConfigError;
  process.stderr.write(`${forPeople ? error.message : (error as Error).stack}\n`);
  process.exitCode = 1;
}
