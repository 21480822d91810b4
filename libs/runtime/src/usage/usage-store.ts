import { Injectable } from '@nestjs/common';
import type { AuthContext } from '../auth/auth-context.js';
import { Database } from '../platform/database.js';
import { bool, float, nullable, prepared, query, type Statement, text } from '../platform/statement.js';
import { ownersOf } from '../quotas/quota-sql.js';
import type { Quotas } from '../quotas/quotas.js';
import { type ModelUsage, USAGE_COLUMNS, USED_COLUMNS, usageJson, type UsageOwner, usageRows } from './model-usage.js';

/** The usage of one model on one UTC day, `YYYY-MM-DD`. */
export interface DayUsage extends ModelUsage {
  readonly day: string;
}

const INSERT = `
  INSERT INTO model_usage AS booked (${USAGE_COLUMNS})
  SELECT $1, $2::int, $3, $4, ${USED_COLUMNS} FROM ${usageRows('$5')}
  ON CONFLICT (run_id, fence, provider, model)`;

/** The same, and the quotas count what was booked, at the time of its booking. $6: the counters' owners. */
const counted = (insert: string): string => `
  WITH booked AS (${insert} RETURNING provider, model, created_at)
  INSERT INTO quota_entries (tenant_id, owner_id, tokens, micros, created_at)
  SELECT $3, counter.owner_id, used."inputTokens" + used."outputTokens", coalesce(used."costMicros", 0), booked.created_at
  FROM booked JOIN ${usageRows('$5')} USING (provider, model) CROSS JOIN unnest($6::text[]) AS counter(owner_id)`;

interface Booking {
  readonly plain: Statement;
  readonly withQuotas: Statement;
}

const booking = (label: string, insert: string): Booking => ({
  plain: prepared(label, insert),
  withQuotas: prepared(`${label}-quota`, counted(insert)),
});

const BOOK = booking('usage-book', `${INSERT} DO NOTHING`);

const ADD = booking(
  'usage-add',
  `${INSERT} DO UPDATE
    SET calls = booked.calls + excluded.calls,
        input_tokens = booked.input_tokens + excluded.input_tokens,
        output_tokens = booked.output_tokens + excluded.output_tokens,
        cached_input_tokens = booked.cached_input_tokens + excluded.cached_input_tokens,
        reasoning_tokens = booked.reasoning_tokens + excluded.reasoning_tokens,
        cost_micros = CASE WHEN booked.cost_micros IS NULL AND excluded.cost_micros IS NULL THEN NULL
                           ELSE coalesce(booked.cost_micros, 0) + coalesce(excluded.cost_micros, 0) END,
        estimated = booked.estimated OR excluded.estimated`,
);

/** Sums are far below 2^53; a cost is null when no model of the row has a price. */
const BETWEEN = prepared(
  'usage-between',
  `
    SELECT to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, provider, model,
           sum(calls)::float8 AS calls, sum(input_tokens)::float8 AS "inputTokens",
           sum(output_tokens)::float8 AS "outputTokens", sum(cached_input_tokens)::float8 AS "cachedInputTokens",
           sum(reasoning_tokens)::float8 AS "reasoningTokens", sum(cost_micros)::float8 AS "costMicros",
           bool_or(estimated) AS estimated
    FROM model_usage
    WHERE tenant_id = $1 AND owner_id = $2 AND created_at >= $3 AND created_at < $4
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
  {
    day: text(),
    provider: text(),
    model: text(),
    calls: float(),
    inputTokens: float(),
    outputTokens: float(),
    cachedInputTokens: float(),
    reasoningTokens: float(),
    costMicros: nullable(float()),
    estimated: bool(),
  },
);

/** The usage of model calls, for those who pay for them. */
@Injectable()
export class UsageStore {
  constructor(
    private readonly db: Database,
    private readonly quotas?: Quotas,
  ) {}

  /** Books the usage of an attempt at a run; an existing booking is not changed. */
  async book(of: UsageOwner, usage: readonly ModelUsage[]): Promise<void> {
    await this.insert(BOOK, of, usage);
  }

  /** Adds calls to an existing booking, if any: for calls that are reported once and late. */
  async add(of: UsageOwner, usage: readonly ModelUsage[]): Promise<void> {
    await this.insert(ADD, of, usage);
  }

  /** The caller's own usage from `from` (included) to `until` (excluded), by day, provider and model. */
  async between(auth: AuthContext, from: Date, until: Date): Promise<DayUsage[]> {
    const values = [auth.tenantId, auth.userId, from, until];
    const { rows } = await query(this.db.of(auth), BETWEEN, values);
    return rows.map(({ costMicros, ...row }) => ({ ...row, ...(costMicros !== null && { costMicros }) }));
  }

  private async insert(
    { plain, withQuotas }: Booking,
    { runId, fence, tenantId, ownerId }: UsageOwner,
    usage: readonly ModelUsage[],
  ): Promise<void> {
    if (usage.length === 0) return;
    const { quotas } = this;
    const db = this.db.of({ tenantId, userId: ownerId });
    const values = [runId, fence, tenantId, ownerId, usageJson(usage)];
    if (!quotas) await query(db, plain, values);
    else await query(db, withQuotas, [...values, ownersOf(quotas, ownerId)]);
  }
}
