import { z } from 'zod';
import { AppError } from '../errors/app-error.js';
import type { QuotaShortage, QuotaState } from './quota-sql.js';

/** A counter is missing: it has to be made, see `openCounters`, before the admission can be decided. */
export class QuotaUnknown extends Error {
  override readonly name = 'QuotaUnknown';
}

/** A quota as callers see it. Tokens, or millionths of the currency of the operator's prices. */
export const PublicQuota = z.object({
  /** `user.tokens.day` */
  quota: z.string(),
  limit: z.number(),
  used: z.number(),
  reserved: z.number(),
  remaining: z.number(),
  /** ISO 8601. */
  resets_at: z.string(),
});
export type PublicQuota = Readonly<z.output<typeof PublicQuota>>;

export const publicQuota = ({ owner, unit, period, limit, used, reserved, resetsAt }: QuotaState): PublicQuota => ({
  quota: `${owner === '' ? 'tenant' : 'user'}.${unit}.${period}`,
  limit,
  used,
  reserved,
  remaining: Math.max(0, limit - used - reserved),
  resets_at: resetsAt,
});

/** Runs that have not ended hold what is missing: one of them may end at any time, with less used than it had reserved. */
const RESERVED_RETRY_SECONDS = 5;

/** What a statement of `takingSql` has refused: the refusal of a quota, or `QuotaUnknown`. */
export function quotaError(refused: 'quota' | 'quota_unknown', shortage: QuotaShortage | null | undefined): Error {
  if (refused === 'quota_unknown') return new QuotaUnknown();
  if (!shortage) throw new Error('a quota refused, and the statement does not say which one');
  return quotaRefusal(shortage);
}

const WHAT = { tokens: 'tokens', cost: 'spending' } as const;

export function quotaRefusal(shortage: QuotaShortage): AppError {
  const { owner, unit, period, limit, used, wanted, resetsAt, secondsLeft } = shortage;
  const whose = owner === '' ? 'Your organisation’s' : 'Your';
  const quota = `${whose} ${WHAT[unit]} quota for this ${period}`;
  const details = publicQuota(shortage);
  return used + wanted > limit
    ? new AppError('quota.exceeded', `${quota} is used up. It resets at ${resetsAt}.`, details, secondsLeft)
    : new AppError(
        'quota.exceeded',
        `${quota} is taken by answers that are still being made. Try again when they are finished; it resets at ${resetsAt}.`,
        details,
        RESERVED_RETRY_SECONDS,
      );
}
