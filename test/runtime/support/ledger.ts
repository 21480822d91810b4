import { expect } from 'vitest';
import type { Database } from '#runtime';

/**
 * What the quotas count beside what it is counted from, as Postgres sees both in one snapshot: the counter of each owner with
 * the entries that are not added yet, the booked usage of this UTC day and month, and the reservations of open runs and calls.
 */
export interface Ledger {
  readonly owner: string;
  readonly counted: readonly number[];
  readonly booked: readonly number[];
}

const LEDGER = `
  SELECT counter.owner_id AS owner,
    array[(CASE WHEN counter.day = today.day THEN counter.day_tokens ELSE 0 END) + coalesce(new.day_tokens, 0),
          (CASE WHEN counter.day = today.day THEN counter.day_micros ELSE 0 END) + coalesce(new.day_micros, 0),
          (CASE WHEN date_trunc('month', counter.day) = date_trunc('month', today.day) THEN counter.month_tokens ELSE 0 END) + coalesce(new.tokens, 0),
          (CASE WHEN date_trunc('month', counter.day) = date_trunc('month', today.day) THEN counter.month_micros ELSE 0 END) + coalesce(new.micros, 0),
          counter.reserved_tokens - coalesce(new.released_tokens, 0), counter.reserved_micros - coalesce(new.released_micros, 0)]::float8[] AS counted,
    array[used.day_tokens, used.day_micros, used.tokens, used.micros, open.tokens, open.micros]::float8[] AS booked
  FROM quota_counters AS counter
  CROSS JOIN (SELECT (clock_timestamp() AT TIME ZONE 'UTC')::date AS day) AS today
  CROSS JOIN LATERAL (
    SELECT sum(tokens) FILTER (WHERE (created_at AT TIME ZONE 'UTC')::date = today.day) AS day_tokens,
           sum(micros) FILTER (WHERE (created_at AT TIME ZONE 'UTC')::date = today.day) AS day_micros,
           sum(tokens) FILTER (WHERE date_trunc('month', created_at AT TIME ZONE 'UTC') = date_trunc('month', today.day)) AS tokens,
           sum(micros) FILTER (WHERE date_trunc('month', created_at AT TIME ZONE 'UTC') = date_trunc('month', today.day)) AS micros,
           sum(released_tokens) AS released_tokens, sum(released_micros) AS released_micros
    FROM quota_entries WHERE tenant_id = counter.tenant_id AND owner_id = counter.owner_id) AS new
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(input_tokens + output_tokens) FILTER (WHERE (created_at AT TIME ZONE 'UTC')::date = today.day), 0) AS day_tokens,
           coalesce(sum(cost_micros) FILTER (WHERE (created_at AT TIME ZONE 'UTC')::date = today.day), 0) AS day_micros,
           coalesce(sum(input_tokens + output_tokens), 0) AS tokens, coalesce(sum(cost_micros), 0) AS micros
    FROM model_usage WHERE tenant_id = counter.tenant_id AND counter.owner_id IN ('', model_usage.owner_id)
      AND date_trunc('month', created_at AT TIME ZONE 'UTC') = date_trunc('month', today.day)) AS used
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(reserved_tokens), 0) AS tokens, coalesce(sum(reserved_micros), 0) AS micros
    FROM (SELECT tenant_id, owner_id, reserved_tokens, reserved_micros FROM runs WHERE settled_at IS NULL
          UNION ALL SELECT tenant_id, owner_id, reserved_tokens, reserved_micros FROM calls WHERE state <> 'answered') AS work
    WHERE tenant_id = counter.tenant_id AND counter.owner_id IN ('', work.owner_id)) AS open
  WHERE counter.tenant_id = $1 ORDER BY 1`;

/** Everything counted is booked, and nothing has less than nothing. */
export function expectLedgerExact(ledger: readonly Ledger[]): void {
  expect(ledger.length).toBeGreaterThan(0);
  expect(ledger.map(({ owner, counted }) => [owner, counted])).toEqual(
    ledger.map(({ owner, booked }) => [owner, booked]),
  );
  for (const { counted } of ledger) for (const amount of counted) expect(amount).toBeGreaterThanOrEqual(0);
}

/** One for each counter of the tenant, the tenant's own (`''`) first. */
export async function ledgerOf(db: Pick<Database, 'pool'>, tenantId: string): Promise<Ledger[]> {
  const { rows } = await db.pool.query<Ledger>(LEDGER, [tenantId]);
  return rows;
}
