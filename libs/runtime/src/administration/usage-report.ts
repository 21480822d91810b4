import type { Database, Queryable } from '../platform/database.js';
import { float, int, nullable, query, type RowOf, text, unprepared } from '../platform/statement.js';
import { withinTime } from './within-time.js';

/** Rows of a report, the most expensive first. */
export const MAX_ROWS = 1_000;

const SUMS = {
  calls: float(),
  inputTokens: float(),
  outputTokens: float(),
  /** Millionths of the price table's currency; null where no model had a price. */
  costMicros: nullable(float()),
};

/** UTC. */
const DAYS = { day: nullable(text()), ...SUMS };
const MODELS = { provider: text(), model: text(), ...SUMS };
const USERS = { tenant: text(), user: text(), ...SUMS };

const SUMS_SQL = `
  coalesce(sum(calls), 0)::float8 AS calls, coalesce(sum(input_tokens), 0)::float8 AS "inputTokens",
  coalesce(sum(output_tokens), 0)::float8 AS "outputTokens", sum(cost_micros)::float8 AS "costMicros"`;

const DAY = `to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')`;

/** $1 from, $2 until, $3 tenant. */
const ROWS = 'FROM model_usage';
const IN_TIME = 'created_at >= $1 AND created_at < $2 AND ($3::text IS NULL OR tenant_id = $3)';
const FROM = `${ROWS} WHERE ${IN_TIME}`;
const DEAREST = `ORDER BY sum(cost_micros) DESC NULLS LAST, sum(input_tokens + output_tokens) DESC LIMIT ${MAX_ROWS}`;

const BY_DAY = unprepared('admin-usage-days', `SELECT ${DAY} AS day, ${SUMS_SQL} ${FROM} GROUP BY 1 ORDER BY 1`, DAYS);
const BY_MODEL = unprepared(
  'admin-usage-models',
  `SELECT provider, model, ${SUMS_SQL} ${FROM} GROUP BY 1, 2 ${DEAREST}`,
  MODELS,
);
const BY_USER = unprepared(
  'admin-usage-users',
  `SELECT tenant_id AS tenant, owner_id AS "user", ${SUMS_SQL} ${FROM} GROUP BY 1, 2 ${DEAREST}`,
  USERS,
);

/** $4 providers and $5 models, or tenants and users: those whose days are asked for. */
const daysOf = (label: string, owner: string) =>
  unprepared(
    label,
    `SELECT asked.place::int AS place, ${DAY} AS day, ${SUMS_SQL} ${ROWS}
     JOIN unnest($4::text[], $5::text[]) WITH ORDINALITY AS asked(one, other, place) ON ${owner} WHERE ${IN_TIME}
     GROUP BY 1, 2 ORDER BY 1, 2`,
    { place: nullable(int()), ...DAYS },
  );
const MODEL_DAYS = daysOf('admin-usage-model-days', 'provider = one AND model = other');
const USER_DAYS = daysOf('admin-usage-user-days', 'tenant_id = one AND owner_id = other');

/** So many have their days in the report: as many as can be told apart in a chart. */
export const MAX_TRENDS = 5;

/** The days of a model or of a user. */
export type Trend = readonly RowOf<typeof DAYS>[];

export interface UsageReport {
  readonly days: readonly RowOf<typeof DAYS>[];
  readonly models: readonly RowOf<typeof MODELS>[];
  readonly users: readonly RowOf<typeof USERS>[];
  /** Of the first of `models`, and of the first of `users`, in their order. */
  readonly modelTrends: readonly Trend[];
  readonly userTrends: readonly Trend[];
}

/** What was used from `from` (included) to `until` (excluded), of all tenants or one. Throws `AppError` `service.unavailable`. */
export function usageReport(db: Database, from: Date, until: Date, tenant?: string): Promise<UsageReport> {
  const values = [from, until, tenant ?? null];
  return withinTime(db, 'Choose a shorter time.', async (tx) => {
    const { rows: days } = await query(tx, BY_DAY, values);
    const { rows: models } = await query(tx, BY_MODEL, values);
    const { rows: users } = await query(tx, BY_USER, values);
    const modelNames = models.slice(0, MAX_TRENDS).map(({ provider, model }) => [provider, model] as const);
    const userNames = users.slice(0, MAX_TRENDS).map(({ tenant: of, user }) => [of, user] as const);
    return {
      days,
      models,
      users,
      modelTrends: await trendsOf(tx, MODEL_DAYS, values, modelNames),
      userTrends: await trendsOf(tx, USER_DAYS, values, userNames),
    };
  });
}

async function trendsOf(
  tx: Queryable,
  statement: typeof MODEL_DAYS,
  values: readonly unknown[],
  names: readonly (readonly [string, string])[],
): Promise<Trend[]> {
  if (names.length === 0) return [];
  const { rows } = await query(tx, statement, [...values, names.map(([one]) => one), names.map(([, other]) => other)]);
  return names.map((_, index) => rows.filter(({ place }) => place === index + 1));
}
