import { Controller, Get, Header, Query } from '@nestjs/common';
import { z } from 'zod';
import { Database, DatabaseClock } from '#runtime';
import { type Trend, usageReport } from '#runtime/api';
import { AccessFor } from '../auth/access.js';
import { Name } from '../auth/name-schema.js';
import { DayQuery, dayRange, daysOf, type ReportDays } from '../http/day-range.js';
import { parseBody } from '../http/parse-body.js';
import { Describes } from '../described/describes.js';
import { MAX_DAYS } from './list-bounds.js';

const DAYS: ReportDays = { byDefault: 7, atMost: MAX_DAYS };

const Range = DayQuery.extend({ tenant: Name.optional() });

interface Used {
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costMicros: number | null;
}

const sums = {
  calls: z.number(),
  input_tokens: z.number(),
  output_tokens: z.number(),
  /** Millionths of the price table's currency; null where no model had a price. */
  cost_micros: z.number().nullable(),
};
/** An entry for each of `days`, in their order. */
const perDay = { tokens: z.array(z.number()), cost_micros: z.array(z.number().nullable()) };

const UsageAnswer = z.object({
  from: z.iso.date(),
  to: z.iso.date(),
  days: z.array(z.object({ day: z.iso.date(), ...sums })),
  models: z.array(z.object({ model: z.string(), ...sums })),
  users: z.array(z.object({ tenant: z.string(), user: z.string(), ...sums })),
  /** The days of the first of `models` and of `users`. */
  trends: z.object({
    models: z.array(z.object({ model: z.string(), ...perDay })),
    users: z.array(z.object({ tenant: z.string(), user: z.string(), ...perDay })),
  }),
});
type UsageAnswer = z.output<typeof UsageAnswer>;

/** Usage and costs of everybody, by UTC day, by model and by user. Costs are in millionths of the price table's currency. */
@Controller('admin/api/usage')
export class UsageReportController {
  constructor(
    private readonly db: Database,
    private readonly clock: DatabaseClock,
  ) {}

  @AccessFor('admin')
  @Describes({ summary: 'Sums up usage and money', query: Range, answer: UsageAnswer })
  @Get()
  @Header('cache-control', 'no-store')
  async report(@Query() query: unknown): Promise<UsageAnswer> {
    const { tenant, ...asked } = parseBody(Range, query);
    const range = dayRange(asked, this.clock.now(), DAYS);
    const report = await usageReport(this.db, range.since, range.until, tenant);
    const days = daysOf(range);
    const byDay = new Map(report.days.map((row) => [row.day, row]));
    const models = report.models.map((row) => ({ model: `${row.provider}/${row.model}`, ...shown(row) }));
    const users = report.users.map((row) => ({ tenant: row.tenant, user: row.user, ...shown(row) }));
    return {
      from: range.from,
      to: range.to,
      days: days.map((day) => ({ day, ...shown(byDay.get(day)) })),
      models,
      users,
      trends: {
        models: report.modelTrends.map((trend, index) => ({
          model: models[index]?.model ?? '',
          ...trendShown(trend, days),
        })),
        users: report.userTrends.map((trend, index) => ({
          tenant: users[index]?.tenant ?? '',
          user: users[index]?.user ?? '',
          ...trendShown(trend, days),
        })),
      },
    };
  }
}

const shown = ({ calls, inputTokens, outputTokens, costMicros }: Used = NONE) => ({
  calls,
  input_tokens: inputTokens,
  output_tokens: outputTokens,
  cost_micros: costMicros,
});
const NONE: Used = { calls: 0, inputTokens: 0, outputTokens: 0, costMicros: null };

function trendShown(trend: Trend, days: readonly string[]) {
  const byDay = new Map(trend.map((row) => [row.day, row]));
  const each = days.map((day) => byDay.get(day) ?? NONE);
  return {
    tokens: each.map(({ inputTokens, outputTokens }) => inputTokens + outputTokens),
    cost_micros: each.map(({ costMicros }) => costMicros),
  };
}
