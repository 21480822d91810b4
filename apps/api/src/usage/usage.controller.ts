import { Controller, Get, Header, Query } from '@nestjs/common';
import { type AuthContext, DatabaseClock, type DayUsage, type PublicQuota, publicQuota, UsageStore } from '#runtime';
import { RunAdmission } from '#runtime/api';
import { Auth } from '../auth/auth.decorator.js';
import { usageRange } from './usage-range.js';

type Total = Omit<DayUsage, 'day' | 'provider' | 'model'>;

/** The caller's model usage by UTC day, provider and model; days without usage are left out. */
interface UsageReport {
  readonly from: string;
  readonly to: string;
  readonly usage: readonly DayUsage[];
  readonly total: Total;
  /** What is left of the quotas of the caller and of its tenant, now; empty where none is configured. */
  readonly quotas: readonly PublicQuota[];
}

/** Costs are in millionths of the currency of the operator's price table. */
@Controller('usage')
export class UsageController {
  constructor(
    private readonly store: UsageStore,
    private readonly clock: DatabaseClock,
    private readonly admission: RunAdmission,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  async report(@Auth() auth: AuthContext, @Query() query: unknown): Promise<UsageReport> {
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
