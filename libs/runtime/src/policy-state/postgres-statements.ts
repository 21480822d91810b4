import { bool, float, int, nullable, prepared, text, unprepared } from '../platform/statement.js';

/** A statement may have waited for a row's lock: the time of its start would be too early. */
const NOW = 'clock_timestamp()';
const EPOCH_MS = `(extract(epoch FROM ${NOW}) * 1000)::float8`;
const after = (parameter: string): string => `${NOW} + ${parameter} * interval '1 ms'`;
const msUntil = (column: string): string => `greatest(0, ceil(extract(epoch FROM ${column} - ${NOW}) * 1000))::float8`;

/**
 * $1 keys, $2 milliseconds of one unit, $3 bursts, $4 costs, $5 the longest wait. A rate is stored as the time at which its
 * budget is empty; `burst` units after it the budget is full. The rows are locked in the order of their keys, then the clock is
 * read. A hundredth of a millisecond is rounding.
 */
export const BOOK = prepared(
  'policy-book',
  `WITH asked AS (
     SELECT * FROM unnest($1::text[], $2::float8[], $3::float8[], $4::float8[]) AS b(key, unit, burst, cost)
   ), locked AS MATERIALIZED (
     SELECT key, empty_at FROM policy_rates WHERE key = ANY($1) ORDER BY key FOR UPDATE
   ), moment AS MATERIALIZED (
     SELECT count(*)::int AS found, ${EPOCH_MS} AS now FROM locked
   ), places AS MATERIALIZED (
     SELECT key, unit, burst, cost, greatest(empty_at, now - burst * unit) AS since
     FROM asked JOIN locked USING (key), moment
   ), decided AS MATERIALIZED (
     SELECT found, greatest(0, (SELECT ceil(max(since + least(cost, burst) * unit - now) - 0.01) FROM places)) AS wait_ms
     FROM moment
   ), booked AS (
     UPDATE policy_rates AS rate SET empty_at = since + cost * unit,
                                     expires_at = to_timestamp((since + (cost + burst) * unit) / 1000)
     FROM places, decided
     WHERE rate.key = places.key AND found = cardinality($1) AND wait_ms <= $5::float8
   )
   SELECT found, wait_ms AS "waitMs" FROM decided`,
  { found: int(), waitMs: float() },
);

/** $1 keys. In their order, like every statement that locks them. */
export const BEGIN_RATES = prepared(
  'policy-begin-rates',
  `INSERT INTO policy_rates (key, empty_at, expires_at)
   SELECT key, 0, ${NOW} + interval '1 minute' FROM unnest($1::text[]) AS key ORDER BY key ON CONFLICT DO NOTHING`,
);

const HELD = `SELECT holder, until FROM jsonb_each(held.holders) AS h(holder, until) WHERE until::float8 > ${EPOCH_MS}`;

/** $1 key, $2 holder, $3 limit, $4 time to live. One row for each key, whose lock decides; returns a row only with a permit. */
export const ACQUIRE = prepared(
  'policy-acquire',
  `INSERT INTO policy_permits AS held (key, holders, expires_at)
   VALUES ($1, jsonb_build_object($2::text, ${EPOCH_MS} + $4::float8), ${after('$4::float8')})
   ON CONFLICT (key) DO UPDATE
   SET holders = coalesce((SELECT jsonb_object_agg(holder, until) FROM (${HELD}) AS live), '{}') || excluded.holders,
       expires_at = greatest(held.expires_at, excluded.expires_at)
   WHERE (SELECT count(*) < $3::int OR bool_or(holder = $2) FROM (${HELD}) AS live)
   RETURNING key`,
  { key: text() },
);

/** $1 key, $2 holder. */
export const RELEASE = prepared(
  'policy-release',
  'UPDATE policy_permits SET holders = holders - $2::text WHERE key = $1',
);

/** $1 keys. */
export const HELD_PERMITS = unprepared(
  'policy-held',
  `SELECT key, (SELECT count(*)::int FROM (${HELD}) AS live) AS held FROM policy_permits AS held WHERE key = ANY($1::text[])`,
  { key: text(), held: int() },
);

/** $1 keys. */
export const BOOKED_FOR = unprepared(
  'policy-booked-for',
  `SELECT key, (empty_at - ${EPOCH_MS})::float8 AS ms FROM policy_rates WHERE key = ANY($1::text[])`,
  { key: text(), ms: float() },
);

const BREAKER_STATE = `failures, ${msUntil('open_until')} AS "openForMs", opens, held, code, detail`;
const breakerColumns = {
  failures: int(),
  openForMs: float(),
  opens: int(),
  held: bool(),
  code: nullable(text()),
  detail: nullable(text()),
};

/** $1 key. */
export const BREAKER = prepared(
  'policy-breaker',
  `SELECT ${BREAKER_STATE} FROM policy_breakers WHERE key = $1`,
  breakerColumns,
);

const OPENS = `(CASE WHEN breaker.opens > 0 THEN $8::bool ELSE breaker.failures + 1 >= $2::int END
                AND coalesce(breaker.open_until <= ${NOW}, true))`;
/** Doubled each time. The exponent is bounded, so that no number overflows. */
const OPEN_MS = 'least(greatest($3::float8, $4::float8), $3::float8 * 2 ^ least(breaker.opens, 40))';

/** $1 key, $2 failures that open it, $3 for how long at first, $4 at most, $5 how long it is stored, $6 code, $7 detail, $8 probe. */
export const COUNT_FAILURE = prepared(
  'policy-count-failure',
  `INSERT INTO policy_breakers AS breaker (key, failures, opens, open_until, expires_at, code, detail)
   VALUES ($1, 1, CASE WHEN $2::int <= 1 THEN 1 ELSE 0 END, CASE WHEN $2::int <= 1 THEN ${after('$3::float8')} END,
           ${after('(greatest($3::float8, $4::float8) + $5::float8)')}, $6, $7)
   ON CONFLICT (key) DO UPDATE
   SET failures = breaker.failures + 1, code = excluded.code, detail = excluded.detail,
       expires_at = CASE WHEN breaker.held THEN breaker.expires_at ELSE excluded.expires_at END,
       opens = breaker.opens + CASE WHEN ${OPENS} THEN 1 ELSE 0 END,
       open_until = CASE WHEN ${OPENS} THEN ${after(`(${OPEN_MS})`)} ELSE breaker.open_until END,
       probe_until = CASE WHEN ${OPENS} THEN NULL ELSE breaker.probe_until END
   RETURNING ${BREAKER_STATE}`,
  breakerColumns,
);

/** $1 key, $2 the time for the probe. */
export const TAKE_PROBE = prepared(
  'policy-take-probe',
  `WITH taken AS (
     UPDATE policy_breakers SET probe_until = ${after('$2::float8')}
     WHERE key = $1 AND open_until <= ${NOW} AND coalesce(probe_until <= ${NOW}, true) RETURNING key
   )
   SELECT EXISTS (SELECT FROM taken)
          OR NOT EXISTS (SELECT FROM policy_breakers WHERE key = $1 AND opens > 0) AS taken`,
  { taken: bool() },
);

/** $1 key. */
export const RELEASE_PROBE = prepared(
  'policy-release-probe',
  'UPDATE policy_breakers SET probe_until = NULL WHERE key = $1',
);

/** $1 key. */
export const CLOSE_BREAKER = prepared(
  'policy-close-breaker',
  'DELETE FROM policy_breakers WHERE key = $1 AND NOT held',
);

/** $1 key. */
export const RESET_BREAKER = prepared('policy-reset-breaker', 'DELETE FROM policy_breakers WHERE key = $1');

/** $1 key. */
export const HOLD_BREAKER = prepared(
  'policy-hold-breaker',
  `INSERT INTO policy_breakers (key, failures, held, expires_at) VALUES ($1, 0, true, 'infinity')
   ON CONFLICT (key) DO UPDATE SET held = true, expires_at = 'infinity'`,
);

/** $1 how many at most. */
export const LIST_BREAKERS = unprepared(
  'policy-list-breakers',
  `SELECT key, ${BREAKER_STATE} FROM policy_breakers WHERE expires_at > ${NOW} ORDER BY key LIMIT $1`,
  { key: text(), ...breakerColumns },
);

/** $1 key, $2 for how long. */
export const SET_ASIDE = prepared(
  'policy-set-aside',
  `INSERT INTO policy_asides AS aside (key, expires_at) VALUES ($1, ${after('$2::float8')})
   ON CONFLICT (key) DO UPDATE SET expires_at = greatest(aside.expires_at, excluded.expires_at)`,
);

/** $1 keys. */
export const ASIDE_FOR = prepared(
  'policy-aside-for',
  `SELECT key, ${msUntil('expires_at')} AS ms FROM policy_asides WHERE key = ANY($1::text[])`,
  { key: text(), ms: float() },
);

export const REMOVE_EXPIRED = prepared(
  'policy-remove-expired',
  `WITH rates AS (DELETE FROM policy_rates WHERE expires_at < now()),
        permits AS (DELETE FROM policy_permits WHERE expires_at < now()),
        breakers AS (DELETE FROM policy_breakers WHERE expires_at < now())
   DELETE FROM policy_asides WHERE expires_at < now()`,
);
