import { randomUUID } from 'node:crypto';
import type { Queryable } from '../platform/database.js';
import { instant, nullable, query, text, unprepared } from '../platform/statement.js';

/** What an administrator asked for, or what a retention period deleted. */
export interface AuditEntry {
  /** `adminToken`, `commandLine`, `retention`, or how somebody came in, with tenant and user; of a user who was erased, a reference. */
  readonly actor: string;
  /** `<what>.<done>`, such as `key.create` or `user.erase`. */
  readonly action: string;
  /** Whose data it is about; absent: all tenants. */
  readonly tenantId?: string | undefined;
  /**
   * The id of a key, a provider, or a user by reference (`UserReferences`); of a retention period, how many it deleted. Never a name of a
   * person, never a secret.
   */
  readonly subject?: string | undefined;
  /** Where the request came from. */
  readonly address?: string | undefined;
  readonly requestId?: string | undefined;
}

export interface StoredAuditEntry extends Required<Pick<AuditEntry, 'actor' | 'action'>> {
  readonly id: string;
  readonly tenantId: string | null;
  readonly subject: string | null;
  readonly address: string | null;
  readonly requestId: string | null;
  /** ISO 8601. */
  readonly at: string;
}

export interface AuditFilter {
  readonly limit: number;
  /** The id of the last entry of the page before. */
  readonly before?: string | undefined;
  readonly action?: string | undefined;
  readonly tenantId?: string | undefined;
  /** One of these. */
  readonly subjects?: readonly string[] | undefined;
}

const RECORD = unprepared(
  'audit-record',
  `INSERT INTO audit_log (id, actor, action, tenant_id, subject, address, request_id) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
);

const LIST = unprepared(
  'audit-list',
  `SELECT id, actor, action, tenant_id AS "tenantId", subject, address, request_id AS "requestId", at FROM audit_log
   WHERE ($2::text IS NULL OR (at, id) < (SELECT at, id FROM audit_log WHERE id = $2))
     AND ($3::text IS NULL OR action = $3) AND ($4::text IS NULL OR tenant_id = $4)
     AND ($5::text[] IS NULL OR subject = ANY($5))
   ORDER BY at DESC, id DESC LIMIT $1`,
  {
    id: text(),
    actor: text(),
    action: text(),
    tenantId: nullable(text()),
    subject: nullable(text()),
    address: nullable(text()),
    requestId: nullable(text()),
    at: instant(),
  },
);

/** Records what is about to be done. Rejects when Postgres is unavailable: then it must not be done. */
export async function recordAudit(db: Queryable, entry: AuditEntry): Promise<void> {
  const { actor, action, tenantId, subject, address, requestId } = entry;
  const values = [actor, action, tenantId, subject, address, requestId].map((value) => value ?? null);
  await query(db, RECORD, [`aud_${randomUUID()}`, ...values]);
}

/** The newest entries first. */
export async function listAudit(db: Queryable, filter: AuditFilter): Promise<StoredAuditEntry[]> {
  const { limit, before, action, tenantId, subjects } = filter;
  const { rows } = await query(db, LIST, [limit, before ?? null, action ?? null, tenantId ?? null, subjects ?? null]);
  return rows;
}
