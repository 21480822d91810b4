import type { ThreadItem } from '#chatkit';
import type { Queryable } from '../platform/database.js';
import { prepared, query, text } from '../platform/statement.js';
import type { Claim } from '../runs/run.js';
import { type HistoryRow, ITEM_COLUMNS, toItem } from '../threads/rows.js';
import { wholeTurns } from './whole-turns.js';

const COLUMNS = { ...ITEM_COLUMNS, type: text() };
const columns = Object.keys(COLUMNS).join(', ');

type Place = Record<'thread' | 'tenant' | 'owner' | 'turn', string>;

/** Excludes what the user wrote later, even when it was stored before an earlier answer was finished. */
const upTo = (of: Place): string => `
  thread_id = ${of.thread} AND tenant_id = ${of.tenant} AND owner_id = ${of.owner} AND turn <= ${of.turn}`;

const NEWEST_FIRST = 'ORDER BY turn DESC, position DESC';

/**
 * The newest items of a turn and of earlier ones, newest first; each argument is an SQL expression. One more than `limit`:
 * it says whether the window cuts a turn, see {@link wholeTurns}.
 */
export const historySql = (of: Place & { readonly limit: string }): string => `
  SELECT ${columns} FROM items WHERE ${upTo(of)} ${NEWEST_FIRST} LIMIT ${of.limit} + 1`;

const PARAMETERS = { thread: '$1', tenant: '$2', owner: '$3', turn: '$4' };

const LOAD = prepared('history-load', historySql({ ...PARAMETERS, limit: '$5::int' }), COLUMNS);

/** More items than this of one turn are never loaded; its message and the newest of them are. */
const MAX_TURN_ITEMS = 1000;

const LOAD_TURN = prepared(
  'history-load-turn',
  `
    WITH question AS (
      SELECT turn, position, ${columns} FROM items
      WHERE ${upTo(PARAMETERS)} AND type = 'user_message' ${NEWEST_FIRST} LIMIT 1
    ), followed AS (
      SELECT items.turn, items.position, ${Object.keys(COLUMNS)
        .map((name) => `items.${name}`)
        .join(', ')}
      FROM items, question
      WHERE items.thread_id = $1 AND items.tenant_id = $2 AND items.owner_id = $3 AND items.turn <= $4
        AND (items.turn, items.position) > (question.turn, question.position)
      ORDER BY items.turn DESC, items.position DESC LIMIT $5
    )
    SELECT ${columns} FROM (SELECT * FROM question UNION ALL SELECT * FROM followed) AS whole ${NEWEST_FIRST}`,
  COLUMNS,
);

/**
 * The items for a prompt, oldest first, turn by turn: the newest `limit` items of this turn and of earlier ones, without a
 * turn that would be cut at its beginning [MI-12]. Only the turn that is being answered may have more. They are not read
 * again when the claim returned enough. Throws `ItemParseError`.
 */
export async function loadHistory(db: Queryable, claim: Claim, limit: number): Promise<ThreadItem[]> {
  const { history } = claim;
  const newest =
    history && history.limit >= limit ? history.rows.slice(0, limit + 1) : await readHistory(db, claim, limit);
  const whole = wholeTurns(newest, limit) ?? (await readTurn(db, claim)) ?? newest.slice(0, limit);
  return whole.toReversed().map(toItem);
}

async function readHistory(db: Queryable, claim: Claim, limit: number): Promise<HistoryRow[]> {
  const { rows } = await query(db, LOAD, [...placeOf(claim), limit]);
  return rows;
}

/** The turn that is being answered, newest item first; undefined in a thread where the user has written nothing. */
async function readTurn(db: Queryable, claim: Claim): Promise<HistoryRow[] | undefined> {
  const { rows } = await query(db, LOAD_TURN, [...placeOf(claim), MAX_TURN_ITEMS]);
  return rows.length > 0 ? rows : undefined;
}

const placeOf = (claim: Claim) => [claim.threadId, claim.tenantId, claim.ownerId, claim.triggerPosition];
