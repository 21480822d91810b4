import type { Queryable } from '../platform/database.js';
import { nullable, prepared, query, text, texts, timestamp, unprepared } from '../platform/statement.js';
import {
  type ApiKey,
  type ApiKeyScope,
  hashApiKey,
  isApiKeyScope,
  newApiKey,
  newApiKeyId,
  prefixOfApiKey,
} from './api-key.js';

/** What a new key is to be. */
export interface ApiKeyRequest {
  readonly tenantId: string;
  readonly name: string;
  readonly scopes: readonly ApiKeyScope[];
  readonly roles: readonly string[];
  /** Seconds until it expires; undefined: it does not. */
  readonly expiresIn: number | undefined;
  readonly createdBy: string;
}

const FIELDS = `id, tenant_id AS "tenantId", name, prefix, scopes, roles, created_by AS "createdBy",
  created_at AS "createdAt", expires_at AS "expiresAt", last_used_at AS "lastUsedAt", revoked_at AS "revokedAt"`;
const COLUMNS = {
  id: text(),
  tenantId: text(),
  name: text(),
  prefix: text(),
  scopes: nullable(texts()),
  roles: nullable(texts()),
  createdBy: text(),
  createdAt: timestamp(),
  expiresAt: nullable(timestamp()),
  lastUsedAt: nullable(timestamp()),
  revokedAt: nullable(timestamp()),
};
const IS_LIVE = 'revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())';

const INSERT = unprepared(
  'api-keys-insert',
  `INSERT INTO api_keys (id, tenant_id, name, hash, prefix, scopes, roles, created_by, created_at, expires_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now(), now() + $9 * interval '1 s') RETURNING ${FIELDS}`,
  COLUMNS,
);
const LIST = unprepared(
  'api-keys-list',
  `SELECT ${FIELDS} FROM api_keys WHERE $1::text IS NULL OR tenant_id = $1 ORDER BY created_at DESC, id LIMIT 1000`,
  COLUMNS,
);
const REVOKE = unprepared(
  'api-keys-revoke',
  `UPDATE api_keys SET revoked_at = coalesce(revoked_at, now()) WHERE id = $1 RETURNING ${FIELDS}`,
  COLUMNS,
);
const BY_HASH = prepared('api-keys-by-hash', `SELECT ${FIELDS} FROM api_keys WHERE hash = $1 AND ${IS_LIVE}`, COLUMNS);
const BY_ID = prepared('api-keys-by-id', `SELECT ${FIELDS} FROM api_keys WHERE id = $1 AND ${IS_LIVE}`, COLUMNS);
const TOUCH = prepared(
  'api-keys-touch',
  `UPDATE api_keys SET last_used_at = now()
   WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < now() - interval '1 minute')`,
);

type Row = Omit<ApiKey, 'scopes' | 'roles'> & {
  readonly scopes: readonly string[] | null;
  readonly roles: readonly string[] | null;
};

/** A scope that only a newer version knows allows nothing here. */
const toApiKey = (row: Row): ApiKey => ({
  ...row,
  scopes: (row.scopes ?? []).filter(isApiKeyScope),
  roles: row.roles ?? [],
});

/** The API keys of all tenants. */
export class ApiKeyStore {
  constructor(private readonly db: Queryable) {}

  /** Makes a key. `key` is returned here and never again. */
  async create(wanted: ApiKeyRequest): Promise<{ readonly key: string; readonly stored: ApiKey }> {
    const key = newApiKey();
    const { rows } = await query(this.db, INSERT, [
      newApiKeyId(),
      wanted.tenantId,
      wanted.name,
      hashApiKey(key),
      prefixOfApiKey(key),
      wanted.scopes,
      wanted.roles,
      wanted.createdBy,
      wanted.expiresIn ?? null,
    ]);
    const [row] = rows;
    if (!row) throw new Error('the API key could not be stored');
    return { key, stored: toApiKey(row) };
  }

  /** The newest thousand; revoked and expired ones included. */
  async list(tenantId?: string): Promise<ApiKey[]> {
    const { rows } = await query(this.db, LIST, [tenantId ?? null]);
    return rows.map(toApiKey);
  }

  /** May be repeated; the time is that of the first. Undefined if there is no such key. */
  async revoke(id: string): Promise<ApiKey | undefined> {
    const { rows } = await query(this.db, REVOKE, [id]);
    return rows[0] && toApiKey(rows[0]);
  }

  /** The key with this hash, if it is neither revoked nor expired. */
  async findByHash(hash: string): Promise<ApiKey | undefined> {
    const { rows } = await query(this.db, BY_HASH, [hash]);
    return rows[0] && toApiKey(rows[0]);
  }

  /** The key with this id, if it is neither revoked nor expired. */
  async findById(id: string): Promise<ApiKey | undefined> {
    const { rows } = await query(this.db, BY_ID, [id]);
    return rows[0] && toApiKey(rows[0]);
  }

  /** Notes that a key was used, at most once a minute. */
  async touch(id: string): Promise<void> {
    await query(this.db, TOUCH, [id]);
  }
}
