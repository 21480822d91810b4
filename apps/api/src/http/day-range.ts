import { z } from 'zod';
import { AppError } from '#runtime';

const DAY_MS = 86_400_000;

export const DayQuery = z.strictObject({ from: z.iso.date().optional(), to: z.iso.date().optional() });

/** UTC days, both included, and the moments at which they begin and end. */
export interface DayRange {
  /** `YYYY-MM-DD` */
  readonly from: string;
  readonly to: string;
  readonly since: Date;
  /** The first moment after the last day. */
  readonly until: Date;
}

/** How many days a report covers whose start is not given, and how many it may cover. */
export interface ReportDays {
  readonly byDefault: number;
  readonly atMost: number;
}

/**
 * The days of a report: up to today if `to` is absent.
 * @throws AppError `request.invalid` for days in the wrong order, and for too many
 */
export function dayRange(asked: z.output<typeof DayQuery>, now: Date, { byDefault, atMost }: ReportDays): DayRange {
  const to = asked.to ?? toDay(now.getTime());
  const from = asked.from ?? toDay(Date.parse(to) - (byDefault - 1) * DAY_MS);
  const [since, until] = [Date.parse(from), Date.parse(to) + DAY_MS];
  if (since >= until) throw new AppError('request.invalid', `"from" (${from}) is after "to" (${to}).`);
  if (until - since > atMost * DAY_MS) {
    throw new AppError('request.invalid', `A report covers at most ${atMost} days.`);
  }
  return { from, to, since: new Date(since), until: new Date(until) };
}

/** Every day of a range. */
export function daysOf({ since, until }: Pick<DayRange, 'since' | 'until'>): string[] {
  const count = Math.round((until.getTime() - since.getTime()) / DAY_MS);
  return Array.from({ length: count }, (_, n) => toDay(since.getTime() + n * DAY_MS));
}

const toDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
