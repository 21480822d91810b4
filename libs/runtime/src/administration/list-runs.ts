import { firstIdAt, timeOfId } from '#chatkit';
import type { Database } from '../platform/database.js';
import { int, joined, nullable, query, type Statement, text, timestamp, unprepared } from '../platform/statement.js';
import type { Columns } from '../platform/statement.js';
import type { RunState } from '../runs/run.js';
import { RUN_FACTS, RUN_FACTS_SQL, type RunFacts, type RunFactsRow, toRunFacts } from './run-facts.js';
import { withinTime } from './within-time.js';

/** Runs that one page looks at. What is looked for may be rare: a page then has few runs, and says how far it has looked. */
export const LOOKED_AT = 10_000;
/** Above every id: their times have 48 bits. */
const NEWEST = firstIdAt('run', new Date(2 ** 48));

export interface RunFilter {
  readonly limit: number;
  /** The page goes on behind this id. */
  readonly before?: string | undefined;
  readonly states?: readonly RunState[] | undefined;
  readonly tenant?: string | undefined;
  readonly user?: string | undefined;
  readonly thread?: string | undefined;
  /** `model`, or `provider/model`. */
  readonly model?: string | undefined;
  readonly errorCode?: string | undefined;
  readonly worker?: string | undefined;
  readonly assistant?: string | undefined;
  /** Part of an id, of the user's or the tenant's name, of the model, the error code, or the worker. */
  readonly words?: string | undefined;
  /** When they were asked for. */
  readonly from?: Date | undefined;
  readonly until?: Date | undefined;
}

export interface RunPage {
  readonly runs: readonly RunFacts[];
  /** Where the next page begins; absent on the last one. */
  readonly next?: string | undefined;
  /** All runs that are newer than this have been looked at. */
  readonly lookedUntil?: Date | undefined;
  /** Of Postgres: ages count from here. */
  readonly now: Date;
}

/** $1 below this id, $2 how many, $5 tenant, $6 user, $7 thread, $13 from this id. */
const RANGE = 'id < $1 AND id >= $13';
const NEWEST_FIRST = 'ORDER BY id DESC LIMIT $2';
const select = (where: string): string => `SELECT ${RUN_FACTS_SQL} FROM runs WHERE ${where} AND ${RANGE}`;
const OF_USER = 'tenant_id = $5 AND owner_id = $6';

/** Each through an index of its own, the newest first. */
const SOURCES = {
  all: `SELECT ${RUN_FACTS_SQL} FROM runs WHERE ${RANGE} ${NEWEST_FIRST}`,
  failed: `${select(`state = 'failed'`)} ${NEWEST_FIRST}`,
  open: `SELECT * FROM (${select(`state = 'queued'`)} UNION ALL ${select(`state = 'working'`)}) AS open ${NEWEST_FIRST}`,
  user: `SELECT * FROM (
    (${select(`${OF_USER} AND settled_at IS NOT NULL`)} ${NEWEST_FIRST})
    UNION ALL (${select(`${OF_USER} AND settled_at IS NULL`)})) AS one ${NEWEST_FIRST}`,
  thread: `SELECT * FROM (${select('thread_id = $7')}) AS one ${NEWEST_FIRST}`,
} as const;

const MATCHES = `
  ($4::text[] IS NULL OR state = ANY($4)) AND ($5::text IS NULL OR "tenantId" = $5) AND ($6::text IS NULL OR "ownerId" = $6)
  AND ($7::text IS NULL OR "threadId" = $7)
  AND ($8::text IS NULL OR $8 IN (model, provider || '/' || model, asked))
  AND ($9::text IS NULL OR "errorCode" = $9) AND ($10::text IS NULL OR "workerId" = $10)
  AND ($11::text IS NULL OR "assistantId" = $11)
  AND ($12::text IS NULL OR position(lower($12) IN lower(concat_ws(
        ' ', id, "threadId", "ownerId", "tenantId", provider || '/' || model, asked, "errorCode", "workerId", "assistantId"))) > 0)`;

/** As they are behind an outer join. */
const joinedAll = <Of extends Columns>(columns: Of): Of =>
  Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [name, column.nullable ? column : joined(column)]),
  ) as unknown as Of;

const LISTED = {
  now: timestamp(),
  looked: nullable(int()),
  lowest: nullable(text()),
  ...joinedAll(RUN_FACTS),
};

type ListedRow = Omit<RunFactsRow, 'id'> & {
  readonly id: string | null;
  readonly now: Date;
  readonly looked: number | null;
  readonly lowest: string | null;
};

/** One row without a run where none matches: how far was looked is known all the same. */
const listing = (name: keyof typeof SOURCES): Statement =>
  unprepared(
    `admin-runs-${name}`,
    `WITH looked AS MATERIALIZED (${SOURCES[name]})
     SELECT seen.now, seen.looked, seen.lowest, run.*
     FROM (SELECT clock_timestamp() AS now, count(*)::int AS looked, min(id) AS lowest FROM looked) AS seen
     LEFT JOIN LATERAL (SELECT * FROM looked WHERE ${MATCHES} ORDER BY id DESC LIMIT $3) AS run ON true
     ORDER BY run.id DESC`,
    LISTED,
  );

const LISTINGS: Record<keyof typeof SOURCES, Statement> = {
  all: listing('all'),
  failed: listing('failed'),
  open: listing('open'),
  user: listing('user'),
  thread: listing('thread'),
};

function sourceFor({ states, tenant, user, thread }: RunFilter): keyof typeof SOURCES {
  if (thread !== undefined) return 'thread';
  if (tenant !== undefined && user !== undefined) return 'user';
  if (states && states.length > 0 && states.every((state) => state === 'queued' || state === 'working')) return 'open';
  return states?.length === 1 && states[0] === 'failed' ? 'failed' : 'all';
}

/** Runs of everybody, the newest first. Never more than a bounded part of the table is read, whatever is looked for. */
export async function listAllRuns(db: Database, filter: RunFilter): Promise<RunPage> {
  const { limit, before = NEWEST, from, until } = filter;
  const end = until ? firstIdAt('run', until) : NEWEST;
  const values = [
    before < end ? before : end,
    LOOKED_AT,
    limit + 1,
    filter.states?.length ? filter.states : null,
    filter.tenant,
    filter.user,
    filter.thread,
    filter.model,
    filter.errorCode,
    filter.worker,
    filter.assistant,
    filter.words,
    from ? firstIdAt('run', from) : '',
  ].map((value) => value ?? null);
  const less = 'Choose a shorter time, or name the tenant and the user.';
  const { rows } = await withinTime(db, less, (tx) => query(tx, LISTINGS[sourceFor(filter)], values));
  return toPage(rows as ListedRow[], limit);
}

function toPage(rows: readonly ListedRow[], limit: number): RunPage {
  const [first] = rows;
  const found = rows.filter((row): row is ListedRow & { readonly id: string } => row.id !== null);
  const runs = found.slice(0, limit).map(({ now: _now, looked: _looked, lowest: _lowest, ...row }) => toRunFacts(row));
  const now = first?.now ?? new Date();
  if (found.length > limit) return { runs, next: runs.at(-1)?.id, now };
  if (first?.lowest === null || first?.lowest === undefined || (first.looked ?? 0) < LOOKED_AT) return { runs, now };
  return { runs, next: first.lowest, lookedUntil: timeOfId(first.lowest), now };
}
