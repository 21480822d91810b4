import { setImmediate } from 'node:timers/promises';
import { atMost } from '#media';
import type { Database } from '../platform/database.js';
import { query, text, unprepared } from '../platform/statement.js';
import { UPLOAD_KEPT_MS } from '../platform/tunables.js';
import type { AttachmentFiles, StoredEntry } from './attachment-files.js';

const PAGE = 500;
const SWEEP_EVERY = '12 hours';

const CLAIM = unprepared(
  'file-sweep-claim',
  `UPDATE file_sweeps SET started_at = now()
   WHERE id = 'orphans' AND started_at < now() - interval '${SWEEP_EVERY}' RETURNING id`,
  { id: text() },
);
const EXISTING = unprepared('file-sweep-existing', 'SELECT id FROM attachments WHERE id = ANY($1::text[])', {
  id: text(),
});
const COMPLETE_AFTER = unprepared(
  'file-sweep-complete',
  `SELECT id FROM attachments WHERE id > $1 AND payload -> 'upload_descriptor' IS NULL ORDER BY id LIMIT ${PAGE}`,
  { id: text() },
);

export interface OrphanCounts {
  /** Files that belong to no record, and are deleted now. */
  readonly removed: number;
  /** Records whose bytes are gone. */
  readonly missing: readonly string[];
}

/** Whether it is time for another sweep; then it is this process's. */
export async function claimOrphanSweep(db: Database): Promise<boolean> {
  const { rowCount } = await query(db.system, CLAIM);
  return rowCount !== 0;
}

/**
 * Compares what is stored with the records, both ways. Deletes files without a record, such as a process leaves that dies between
 * the two, and uploads that were never finished, if they are older than a day. Records without bytes remain: they are to be
 * reported.
 */
export async function sweepOrphans(
  db: Database,
  files: Pick<AttachmentFiles, 'list' | 'has'>,
  signal: AbortSignal,
  olderThanMs = UPLOAD_KEPT_MS,
): Promise<OrphanCounts> {
  const removed = await removeUnknown(db, files, signal, olderThanMs);
  return { removed, missing: await findMissing(db, files, signal) };
}

async function removeUnknown(
  db: Database,
  files: Pick<AttachmentFiles, 'list'>,
  signal: AbortSignal,
  olderThanMs: number,
): Promise<number> {
  const before = Date.now() - olderThanMs;
  let removed = 0;
  let page: StoredEntry[] = [];
  const flush = async (): Promise<void> => {
    removed += await removeFrom(db, page);
    page = [];
  };
  for await (const entry of files.list()) {
    if (signal.aborted) return removed;
    if (entry.modifiedAt.getTime() < before) page.push(entry);
    if (page.length === PAGE) await flush();
  }
  await flush();
  return removed;
}

async function removeFrom(db: Database, entries: readonly StoredEntry[]): Promise<number> {
  if (entries.length === 0) return 0;
  const { rows } = await query(db.system, EXISTING, [entries.map(({ attachmentId }) => attachmentId)]);
  const existing = new Set(rows.map(({ id }) => id));
  const orphans = entries.filter(({ attachmentId, isStaged }) => isStaged || !existing.has(attachmentId));
  for (const orphan of orphans) await orphan.remove();
  return orphans.length;
}

async function findMissing(
  db: Database,
  files: Pick<AttachmentFiles, 'has'>,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const fewAtOnce = atMost(4);
  const missing: string[] = [];
  let after = '';
  while (!signal.aborted) {
    const { rows } = await query(db.system, COMPLETE_AFTER, [after]);
    const found = await Promise.all(rows.map(({ id }) => fewAtOnce(() => files.has(id))));
    missing.push(...rows.flatMap(({ id }, index) => (found[index] ? [] : [id])));
    if (rows.length < PAGE) break;
    after = rows.at(-1)?.id ?? '';
    await setImmediate();
  }
  return missing;
}
