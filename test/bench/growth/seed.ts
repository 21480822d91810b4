import pg from 'pg';

/** Threads of one owner that the series ask for, in order. */
export interface SeededThread {
  readonly id: string;
  readonly owner: string;
}

export interface Seeds {
  /** Numbers of the threads: no two seeds may share any. */
  readonly from: number;
  readonly count: number;
  readonly owners: number;
  /** Question and answer, each two items. */
  readonly turns: number;
  /** With their runs and what these used, as turns leave them. */
  readonly withRuns: boolean;
}

/** So many threads at a time: a statement that copies more is none the faster. */
const BATCH = 20_000;

export const threadOf = (number: number, owners: number): SeededThread => ({
  id: `thr_${padded(number)}`,
  owner: `user-${number % owners}`,
});

const padded = (number: number): string => `seed${number.toString(16).padStart(22, '0')}`;

/** The same in SQL: an id by the number of the thread, and of the turn. */
const ID = (prefix: string, of: string): string => `'${prefix}_seed' || lpad(to_hex(${of}), 22, '0')`;

const COPIES = `generate_series($1::bigint, $2::bigint) AS n`;
const TURNS = `generate_series(0, $4::int - 1) AS t`;
const OWNER = `'owner_id', 'user-' || n % $3::int`;
const THREAD = `'thread_id', ${ID('thr', 'n')}`;
/** Ids of a turn's items and its run; no thread has more turns than that. */
const TURN = 'n * 100000 + t';

/**
 * Copies the one thread, with its one turn, that the database has, whatever columns it has: each row is that of a real turn, but
 * for its ids, its owner and its place.
 */
const STATEMENTS = {
  threads: `INSERT INTO threads SELECT copy.* FROM the_thread, ${COPIES}, LATERAL jsonb_populate_record(
      the_thread.copied, jsonb_build_object('id', ${ID('thr', 'n')}, ${OWNER}, 'last_position', 2 * $4::int,
      'position', nextval(pg_get_serial_sequence('threads', 'position')))) AS copy`,
  items: `INSERT INTO items SELECT copy.* FROM the_items, ${COPIES}, ${TURNS}, LATERAL jsonb_populate_record(
      the_items.copied, jsonb_build_object('id', CASE (the_items.copied).type WHEN 'user_message' THEN ${ID('msg', `(${TURN}) * 2`)}
      ELSE ${ID('msg', `(${TURN}) * 2 + 1`)} END, ${THREAD}, ${OWNER}, 'run_id', ${ID('run', TURN)}, 'turn', 2 * t + 1,
      'position', 2 * t + (the_items.copied).position)) AS copy`,
  runs: `INSERT INTO runs SELECT copy.* FROM the_runs, ${COPIES}, ${TURNS}, LATERAL jsonb_populate_record(
      the_runs.copied, jsonb_build_object('id', ${ID('run', TURN)}, ${THREAD}, ${OWNER}, 'trigger_position', 2 * t + 1,
      'trigger_item_id', ${ID('msg', `(${TURN}) * 2`)})) AS copy`,
  usage: `INSERT INTO model_usage SELECT copy.* FROM the_usage, ${COPIES}, ${TURNS}, LATERAL jsonb_populate_record(
      the_usage.copied, jsonb_build_object('run_id', ${ID('run', TURN)}, ${OWNER})) AS copy`,
};

/** Rows of the template, remembered before there are others. */
const TEMPLATES = `
  CREATE TEMP TABLE the_thread AS SELECT threads AS copied FROM threads ORDER BY created_at LIMIT 1;
  CREATE TEMP TABLE the_runs AS SELECT runs AS copied FROM runs WHERE thread_id = (SELECT (copied).id FROM the_thread);
  CREATE TEMP TABLE the_items AS SELECT items AS copied FROM items WHERE thread_id = (SELECT (copied).id FROM the_thread);
  CREATE TEMP TABLE the_usage AS SELECT model_usage AS copied FROM model_usage WHERE run_id = (SELECT (copied).id FROM the_runs)`;

export async function seed(databaseUrl: string, { from, count, owners, turns, withRuns }: Seeds): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('SET synchronous_commit = off');
    await client.query(TEMPLATES);
    const { threads, items, runs, usage } = STATEMENTS;
    const step = Math.max(1, Math.floor(BATCH / turns));
    for (let first = from; first < from + count; first += step) {
      const values = [first, Math.min(first + step, from + count) - 1, owners, turns];
      for (const statement of withRuns ? [threads, items, runs, usage] : [threads, items])
        await client.query(statement, values);
    }
    const { rows } = await client.query<{ missing: string }>(
      `SELECT $2::bigint - $1::bigint + 1 - count(*) AS missing FROM threads WHERE id BETWEEN ${ID('thr', '$1::bigint')} AND ${ID('thr', '$2::bigint')}`,
      [from, from + count - 1],
    );
    if (Number(rows[0]?.missing) !== 0) throw new Error(`${rows[0]?.missing} threads were not copied`);
    await client.query('VACUUM ANALYZE'); // as a database that has grown slowly has been
    await client.query('CHECKPOINT');
  } finally {
    await client.end();
  }
}
