import { Injectable } from '@nestjs/common';
import { recordAudit } from '../audit/audit-log.js';
import { EventEngine } from '../events/event-engine.js';
import { Database, type Queryable } from '../platform/database.js';
import { float, query, type Statement, text, unprepared } from '../platform/statement.js';
import { eraseCopies, portionsOf } from '../personal-data/erase-threads.js';
import { hasPeriod, periodsOf, type RetentionConfig, type RetentionPeriods } from '../config/retention.js';

/** Rows that one step of a walk looks at. */
const STEP = 1_000;

const ROW = { id: text(), tenantId: text(), days: float() };
type Row = { readonly id: string; readonly tenantId: string; readonly days: number };

const DAYS = (time: string): string => `(extract(epoch FROM now() - ${time}) / 86400)::float8`;

/** $1: the id after which a step begins. By the primary key: an index on times that change would cost every turn. */
const WALKS: Readonly<Record<keyof RetentionPeriods, Statement<Row>>> = {
  threads: unprepared(
    'retention-threads',
    `SELECT id, tenant_id AS "tenantId",
            CASE WHEN EXISTS (SELECT 1 FROM runs WHERE thread_id = threads.id AND settled_at IS NULL) THEN 0
                 ELSE ${DAYS('coalesce(last_item_at, created_at)')} END AS days
     FROM threads WHERE id > $1 ORDER BY id LIMIT ${STEP}`,
    { ...ROW, days: float() },
  ),
  runs: unprepared(
    'retention-runs',
    `SELECT id, tenant_id AS "tenantId", coalesce(${DAYS('settled_at')}, 0) AS days
     FROM runs WHERE id > $1 ORDER BY id LIMIT ${STEP}`,
    ROW,
  ),
  files: unprepared(
    'retention-files',
    `SELECT id, tenant_id AS "tenantId", ${DAYS('created_at')} AS days
     FROM attachments WHERE id > $1 ORDER BY id LIMIT ${STEP}`,
    ROW,
  ),
  audit: unprepared(
    'retention-audit',
    `SELECT id, coalesce(tenant_id, '') AS "tenantId", ${DAYS('at')} AS days
     FROM audit_log WHERE id > $1 ORDER BY id LIMIT ${STEP}`,
    ROW,
  ),
};

const DELETED = { tenantId: text() };
type Deleted = { readonly tenantId: string };

/** What has changed since the walk stays: a thread that gets a message, which no period shorter than a day would delete. */
const DELETE: Readonly<Record<keyof RetentionPeriods, Statement<Deleted>>> = {
  threads: unprepared(
    'retention-delete-threads',
    `DELETE FROM threads WHERE id = ANY($1::text[]) AND coalesce(last_item_at, created_at) < now() - interval '1 day'
       AND NOT EXISTS (SELECT 1 FROM runs WHERE thread_id = threads.id AND settled_at IS NULL)
     RETURNING tenant_id AS "tenantId"`,
    DELETED,
  ),
  runs: unprepared(
    'retention-delete-runs',
    'DELETE FROM runs WHERE id = ANY($1::text[]) AND settled_at IS NOT NULL RETURNING tenant_id AS "tenantId"',
    DELETED,
  ),
  files: unprepared(
    'retention-delete-files',
    'DELETE FROM attachments WHERE id = ANY($1::text[]) RETURNING tenant_id AS "tenantId"',
    DELETED,
  ),
  audit: unprepared(
    'retention-delete-audit',
    `DELETE FROM audit_log WHERE id = ANY($1::text[]) RETURNING coalesce(tenant_id, '') AS "tenantId"`,
    DELETED,
  ),
};
const MAY_DELETE_AUDIT = unprepared(
  'retention-may-delete-audit',
  `SELECT set_config('relay.audit_retention', 'on', true)`,
);

export type RetentionCounts = Record<keyof RetentionPeriods, number>;

/** The periods of the config file. */
export abstract class RetentionSettings {
  abstract readonly retention: RetentionConfig;
}

/**
 * Deletes what is older than the periods of its tenant, in steps of 1,000 rows, so that no statement is long. `next` is one step
 * of each walk; a walk that has come to its end begins again. With no period for a kind its table is never read.
 */
@Injectable()
export class Retention {
  private readonly cursors: Partial<Record<keyof RetentionPeriods, string>> = {};

  constructor(
    private readonly db: Database,
    private readonly engine: EventEngine,
    private readonly settings: RetentionSettings,
  ) {}

  async next(): Promise<RetentionCounts> {
    const [threads, runs] = [await this.step('threads'), await this.step('runs')];
    return { threads, runs, files: await this.step('files'), audit: await this.step('audit') };
  }

  private async step(kind: keyof RetentionPeriods): Promise<number> {
    const { retention } = this.settings;
    if (!hasPeriod(retention, kind)) return 0;
    const { rows } = await query(this.db.system, WALKS[kind], [this.cursors[kind] ?? '']);
    const expired = rows.filter(({ tenantId, days }) => days > (periodsOf(retention, tenantId)[kind] ?? Infinity));
    const deleted = await this.delete(
      kind,
      expired.map(({ id }) => id),
    );
    this.cursors[kind] = rows.length < STEP ? '' : (rows.at(-1)?.id ?? '');
    return deleted;
  }

  /** The copies of runs go first: what fails in between is found again by its row. Returns how many there were. */
  private async delete(kind: keyof RetentionPeriods, ids: readonly string[]): Promise<number> {
    if (ids.length === 0) return 0;
    if (kind === 'runs') await this.engine.log.delete(ids);
    if (kind !== 'threads') return this.deleteAndRecord(kind, ids);
    let deleted = 0;
    for (const portion of portionsOf(ids)) {
      await eraseCopies(this.db.system, this.engine, portion);
      deleted += await this.deleteAndRecord(kind, portion);
    }
    return deleted;
  }

  /** What is deleted and what the audit log says of it are one transaction: neither is there without the other. */
  private deleteAndRecord(kind: keyof RetentionPeriods, ids: readonly string[]): Promise<number> {
    return this.db.system.transaction(async (tx) => {
      if (kind === 'audit') await query(tx, MAY_DELETE_AUDIT);
      const { rows } = await query(tx, DELETE[kind], [ids]);
      // Entries about entries of the audit log would never end.
      if (kind !== 'audit') await record(tx, `${kind}.expire`, rows);
      return rows.length;
    });
  }
}

/** One entry for each tenant. */
async function record(tx: Queryable, action: string, deleted: readonly Deleted[]): Promise<void> {
  const counts = new Map<string, number>();
  for (const { tenantId } of deleted) counts.set(tenantId, (counts.get(tenantId) ?? 0) + 1);
  for (const [tenantId, count] of counts)
    await recordAudit(tx, { actor: 'retention', action, tenantId, subject: String(count) });
}
