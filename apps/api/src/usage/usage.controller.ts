import { Controller, Get, Header, Query } from '@nestjs/common';
import { z } from 'zod';
import { type AuthContext, DatabaseClock, type DayUsage, PublicQuota, publicQuota, UsageStore } from '#runtime';
import { RunAdmission } from '#runtime/api';
import { Auth } from '../auth/auth.decorator.js';
import { DayQuery } from '../http/day-range.js';
import { usageRange } from './usage-range.js';
import { type AnswerOf, Describes } from '../described/describes.js';

const sums = {
  calls: z.number(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  cachedInputTokens: z.number(),
  reasoningTokens: z.number(),
  /** Absent where no model had a price. */
  costMicros: z.number().optional(),
  /** Some of it was estimated by us. */
  estimated: z.boolean(),
};
const Total = z.object(sums);
type Total = z.output<typeof Total>;

/** The caller's model usage by UTC day, provider and model; days without usage are left out. */
const UsageReport = z.object({
  from: z.iso.date(),
  to: z.iso.date(),
  usage: z.array(z.object({ day: z.iso.date(), provider: z.string(), model: z.string(), ...sums })),
  total: Total,
  /** What is left of the quotas of the caller and of its tenant, now; empty where none is configured. */
  quotas: z.array(PublicQuota),
});

/** Costs are in millionths of the currency of the operator's price table. */
@Controller('usage')
export class UsageController {
  constructor(
    private readonly store: UsageStore,
    private readonly clock: DatabaseClock,
    private readonly admission: RunAdmission,
  ) {}

  @Describes({
    summary: 'What the caller used, by day and model, and what is left of quotas',
    query: DayQuery,
    answer: UsageReport,
  })
  @Get()
  @Header('cache-control', 'no-store')
  async report(@Auth() auth: AuthContext, @Query() query: unknown): Promise<AnswerOf<typeof UsageReport>> {
    const { from, to, since, until } = usageRange(query, this.clock.now());
    const [usage, quotas] = await Promise.all([this.store.between(auth, since, until), this.admission.quotas(auth)]);
    return { from, to, usage, total: totalOf(usage), quotas: quotas.map(publicQuota) };
  }
}

function totalOf(usage: readonly DayUsage[]): Total {
  const sum = (of: (row: DayUsage) => number): number => usage.reduce((all, row) => all + of(row), 0);
  const isPriced = usage.some(({ costMicros }) => costMicros !== undefined);
  return {
    calls: sum((row) => row.calls),
    inputTokens: sum((row) => row.inputTokens),
    outputTokens: sum((row) => row.outputTokens),
    cachedInputTokens: sum((row) => row.cachedInputTokens),
    reasoningTokens: sum((row) => row.reasoningTokens),
    ...(isPriced && { costMicros: sum((row) => row.costMicros ?? 0) }),
    estimated: usage.some((row) => row.estimated),
  };
}
