import { nullable, prepared, texts, text, unprepared } from '../platform/statement.js';

// $1 is the tenant and $2 the user, unless said otherwise. Rows are taken in pages, so that no statement is long and a person with
// a million threads is erased like anybody else.

/** Rows of one page. */
const PAGE = 200;

export const RECORD = unprepared(
  'erasure-record',
  `INSERT INTO erasures (id, tenant_id, subject_hash, late_ids)
   SELECT $3, $1, $4,
          array(SELECT id FROM runs WHERE tenant_id = $1 AND owner_id = $2 AND settled_at IS NULL
                UNION ALL SELECT id FROM calls WHERE tenant_id = $1 AND owner_id = $2)
   RETURNING late_ids AS "lateIds"`,
  { lateIds: nullable(texts()) },
);

export const COUNT = unprepared('erasure-count', 'UPDATE erasures SET counts = $2::jsonb WHERE id = $1');

export const THREADS = unprepared(
  'erase-threads-page',
  `SELECT id FROM threads WHERE tenant_id = $1 AND owner_id = $2 ORDER BY position LIMIT ${PAGE}`,
  { id: text() },
);

export const COMPLETIONS = unprepared(
  'erase-completions-page',
  `SELECT id FROM runs WHERE tenant_id = $1 AND owner_id = $2 AND thread_id IS NULL LIMIT ${PAGE}`,
  { id: text() },
);

/** $1: completions. */
export const DELETE_COMPLETIONS = unprepared('erase-completions', 'DELETE FROM runs WHERE id = ANY($1::text[])');

export const DELETE_ATTACHMENTS = unprepared(
  'erase-attachments',
  `DELETE FROM attachments WHERE id = ANY(ARRAY(
     SELECT id FROM attachments WHERE tenant_id = $1 AND owner_id = $2 LIMIT ${PAGE}))`,
);

export const DELETE_CALLS = unprepared('erase-calls', 'DELETE FROM calls WHERE tenant_id = $1 AND owner_id = $2');

/** No user can have this name: one that begins with a space is refused. */
const NOBODY = `owner_id = ' erased', run_id = 'erased_' || gen_random_uuid()`;

/** What was paid stays in the books of the tenant, and says nothing of the person. */
export const ANONYMISE = unprepared(
  'erase-usage',
  `UPDATE model_usage SET ${NOBODY} WHERE tenant_id = $1 AND owner_id = $2`,
);

/** A later request counts anew, from usage that names somebody: there is none. */
export const FORGET_QUOTAS = unprepared(
  'erase-quotas',
  `WITH counters AS (DELETE FROM quota_counters WHERE tenant_id = $1 AND owner_id = $2)
   DELETE FROM quota_entries WHERE tenant_id = $1 AND owner_id = $2`,
);

/** What came too late for that. A counter that is just being made may need the newest. */
export const FORGET_LATE_QUOTAS = unprepared(
  'erase-quotas-late',
  `DELETE FROM quota_entries AS entry
   WHERE created_at < now() - interval '1 minute' AND NOT EXISTS (
     SELECT FROM quota_counters AS counter WHERE counter.tenant_id = entry.tenant_id AND counter.owner_id = entry.owner_id)`,
);

/** $1: runs and assistant calls that were open when their user was erased. */
export const ANONYMISE_LATE = unprepared(
  'erase-usage-late',
  `UPDATE model_usage SET ${NOBODY} WHERE run_id = ANY($1::text[])`,
);

/** Erasures of which something may still arrive. */
export const OPEN = prepared('erasures-open', 'SELECT late_ids AS "lateIds" FROM erasures WHERE closed_at IS NULL', {
  lateIds: nullable(texts()),
});

/** $1: milliseconds after which nothing arrives any more. What it is closed with names nothing. */
export const CLOSE = prepared(
  'erasures-close',
  `UPDATE erasures SET closed_at = now(), late_ids = '{}'
   WHERE closed_at IS NULL AND created_at < now() - $1 * interval '1 ms'`,
);

/** What they did as an administrator stays on record, by a reference in the place of the name. */
export const MAY_RENAME_ACTORS = unprepared('erase-may-rename', `SELECT set_config('relay.audit_erasure', 'on', true)`);

/** $1: the name as it ends an actor, $2: the reference. */
const RENAMED = (column: string): string => `left(${column}, length(${column}) - length($1::text)) || $2::text`;

export const RENAME_ACTORS = unprepared(
  'erase-actors',
  `UPDATE audit_log SET actor = ${RENAMED('actor')} WHERE substring(actor FROM '\\[.*$') = $1`,
);

export const RENAME_KEY_MAKERS = unprepared(
  'erase-key-makers',
  `UPDATE api_keys SET created_by = ${RENAMED('created_by')} WHERE substring(created_by FROM '\\[.*$') = $1`,
);
