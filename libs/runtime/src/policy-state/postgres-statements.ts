import { bool, float, int, prepared, text } from '../platform/statement.js';

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

/** $1 key. */
export const BREAKER = prepared(
  'policy-breaker',
  `SELECT failures, ${msUntil('open_until')} AS "openForMs" FROM policy_breakers WHERE key = $1`,
  { failures: int(), openForMs: float() },
);

const OPENS = `breaker.failures + 1 >= $2::int AND coalesce(breaker.open_until <= ${NOW}, true)`;

/** $1 key, $2 failures that open it, $3 for how long, $4 how long it is stored. */
export const COUNT_FAILURE = prepared(
  'policy-count-failure',
  `INSERT INTO policy_breakers AS breaker (key, failures, open_until, expires_at)
   VALUES ($1, 1, CASE WHEN $2::int <= 1 THEN ${after('$3::float8')} END, ${after('($3::float8 + $4::float8)')})
   ON CONFLICT (key) DO UPDATE
   SET failures = breaker.failures + 1, expires_at = excluded.expires_at,
       open_until = CASE WHEN ${OPENS} THEN ${after('$3::float8')} ELSE breaker.open_until END,
       probe_until = CASE WHEN ${OPENS} THEN NULL ELSE breaker.probe_until END
   RETURNING failures, ${msUntil('open_until')} AS "openForMs"`,
  { failures: int(), openForMs: float() },
);

/** $1 key, $2 the time for the probe. */
export const TAKE_PROBE = prepared(
  'policy-take-probe',
  `WITH taken AS (
     UPDATE policy_breakers SET probe_until = ${after('$2::float8')}
     WHERE key = $1 AND open_until <= ${NOW} AND coalesce(probe_until <= ${NOW}, true) RETURNING key
   )
   SELECT EXISTS (SELECT FROM taken)
          OR NOT EXISTS (SELECT FROM policy_breakers WHERE key = $1 AND open_until IS NOT NULL) AS taken`,
  { taken: bool() },
);

/** $1 key. */
export const CLOSE_BREAKER = prepared('policy-close-breaker', 'DELETE FROM policy_breakers WHERE key = $1');

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
