import { createHash } from 'node:crypto';
import { Database } from '../platform/database.js';
import { prepared, query, text, timestamp, unprepared } from '../platform/statement.js';
import { Sealer } from './sealer.js';

/** What an administrator sees of a key. */
export interface StoredProviderKey {
  readonly tenantId: string;
  readonly provider: string;
  /** The first 12 hexadecimal digits of its SHA-256, by which its owner recognises it. */
  readonly fingerprint: string;
  readonly createdAt: Date;
}

const COLUMNS = { tenantId: text(), provider: text(), fingerprint: text(), createdAt: timestamp() };
const SHOWN = `tenant_id AS "tenantId", provider, fingerprint, created_at AS "createdAt"`;

const PUT = unprepared(
  'provider-keys-put',
  `INSERT INTO provider_keys (tenant_id, provider, sealed, fingerprint) VALUES ($1, $2, $3, $4)
   ON CONFLICT (tenant_id, provider) DO UPDATE
     SET sealed = excluded.sealed, fingerprint = excluded.fingerprint, created_at = now()
   RETURNING ${SHOWN}`,
  COLUMNS,
);
const LIST = unprepared(
  'provider-keys-list',
  `SELECT ${SHOWN} FROM provider_keys WHERE $1::text IS NULL OR tenant_id = $1 ORDER BY tenant_id, provider`,
  COLUMNS,
);
const DELETE = unprepared('provider-keys-delete', 'DELETE FROM provider_keys WHERE tenant_id = $1 AND provider = $2');
const LOAD = prepared(
  'provider-keys-load',
  'SELECT provider, sealed FROM provider_keys WHERE tenant_id = $1 ORDER BY provider',
  {
    provider: text(),
    sealed: text(),
  },
);
const ALL = unprepared(
  'provider-keys-all',
  `SELECT tenant_id AS "tenantId", provider, sealed FROM provider_keys ORDER BY tenant_id, provider`,
  { tenantId: text(), provider: text(), sealed: text() },
);
/** Not where somebody has stored another key in the meantime. */
const RESEAL = unprepared(
  'provider-keys-reseal',
  'UPDATE provider_keys SET sealed = $4 WHERE tenant_id = $1 AND provider = $2 AND sealed = $3',
);

const FINGERPRINT_LENGTH = 12;
const contextOf = (tenantId: string, provider: string): string => JSON.stringify([tenantId, provider]);

/**
 * Keys with which a tenant pays its provider itself, in place of those of the configuration. Encrypted at rest with keys from
 * `SECRETS_KEY`; only workers read them.
 */
export class ProviderKeys {
  private readonly sealer: Sealer;

  constructor(
    private readonly db: Database,
    private readonly secretsKeys: readonly string[],
  ) {
    this.sealer = new Sealer(secretsKeys, 'provider keys');
  }

  /** Without `SECRETS_KEY` no key can be stored, and there is none. */
  get isEnabled(): boolean {
    return this.secretsKeys.length > 0;
  }

  /** Stores a key, in place of an earlier one. */
  async put(tenantId: string, provider: string, key: string): Promise<StoredProviderKey> {
    const sealed = this.sealer.seal(key, contextOf(tenantId, provider));
    const fingerprint = createHash('sha256').update(key).digest('hex').slice(0, FINGERPRINT_LENGTH);
    const { rows } = await query(this.db.ofTenant(tenantId), PUT, [tenantId, provider, sealed, fingerprint]);
    return rows[0] as StoredProviderKey;
  }

  /** Of one tenant, or of all. */
  async list(tenantId?: string): Promise<StoredProviderKey[]> {
    return (await query(tenantId === undefined ? this.db.system : this.db.ofTenant(tenantId), LIST, [tenantId ?? null]))
      .rows;
  }

  /** Returns false when there was none. */
  async delete(tenantId: string, provider: string): Promise<boolean> {
    const { rowCount } = await query(this.db.ofTenant(tenantId), DELETE, [tenantId, provider]);
    return rowCount === 1;
  }

  /** The keys of a tenant by provider, always in the same order. Throws when one cannot be decrypted: the configuration's key must not take its place. */
  async load(tenantId: string): Promise<ReadonlyMap<string, string>> {
    const { rows } = await query(this.db.ofTenant(tenantId), LOAD, [tenantId]);
    return new Map(rows.map(({ provider, sealed }) => [provider, this.opened(tenantId, provider, sealed)]));
  }

  /** Encrypts all keys with the newest key of `SECRETS_KEY`, after which the others can be removed. Returns how many. */
  async rotate(): Promise<number> {
    const { rows } = await query(this.db.system, ALL);
    for (const { tenantId, provider, sealed } of rows) {
      const plain = this.opened(tenantId, provider, sealed);
      const again = this.sealer.seal(plain, contextOf(tenantId, provider));
      await query(this.db.ofTenant(tenantId), RESEAL, [tenantId, provider, sealed, again]);
    }
    return rows.length;
  }

  private opened(tenantId: string, provider: string, sealed: string): string {
    try {
      return this.sealer.open(sealed, contextOf(tenantId, provider));
    } catch (error) {
      const what = `The key of tenant ${tenantId} for provider ${provider} cannot be decrypted`;
      throw new Error(
        `${what}: ${(error as Error).message}. Give SECRETS_KEY the old key as well, or store the key again.`,
        { cause: error },
      );
    }
  }
}
