import type { Queryable } from '../platform/database.js';
import { int, prepared, query, text } from '../platform/statement.js';

const POSITIONS = prepared(
  'run-positions',
  `
    WITH line AS (
      SELECT id, dispatched_at IS NULL AS waits,
             rank() OVER (PARTITION BY dispatched_at IS NULL ORDER BY dispatched_at) AS of_all,
             row_number() OVER (PARTITION BY tenant_id, owner_id ORDER BY created_at, trigger_position, id) AS of_owner
      FROM runs WHERE state = 'queued'
    )
    SELECT id, (CASE WHEN waits THEN of_owner ELSE of_all END)::int AS place FROM line WHERE id = ANY($1::text[])`,
  { id: text(), place: int() },
);

/**
 * The position of each of these runs in its queue, from 1: among all runs that wait for a worker or, for a run without
 * a job, among its owner's runs that no worker has taken. Runs that do not wait are absent.
 */
export async function queuePositions(db: Queryable, runIds: readonly string[]): Promise<Map<string, number>> {
  const { rows } = await query(db, POSITIONS, [runIds]);
  return new Map(rows.map(({ id, place }) => [id, place]));
}
