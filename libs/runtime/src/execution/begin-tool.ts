import type { Queryable } from '../platform/database.js';
import { prepared, query } from '../platform/statement.js';
import type { Claim } from '../runs/run.js';

const BEGIN_TOOL = prepared(
  'run-begin-tool',
  `UPDATE runs SET tool_began = true WHERE id = $1 AND fence = $2 AND state = 'working'`,
);

/** Records that a tool which must not run twice has begun. Returns false when the run is lost: the tool must not start. */
export async function beginTool(db: Queryable, held: Pick<Claim, 'runId' | 'fence'>): Promise<boolean> {
  const { rowCount } = await query(db, BEGIN_TOOL, [held.runId, held.fence]);
  return rowCount === 1;
}
