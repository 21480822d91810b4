import { z } from 'zod';
import { AppError } from '#runtime';

const DAY_MS = 86_400_000;
/** What is told when nobody says from when. */
const USUAL_DAYS = 30;
const MOST_DAYS = 366;

/** UTC days, both included, and the moments that they begin and end at. */
export interface UsageRange {
  /** `YYYY-MM-DD` */
  readonly from: string;
  readonly to: string;
  readonly since: Date;
  /** The first moment after the last day. */
  readonly until: Date;
}

const Query = z.strictObject({ from: z.iso.date().optional(), to: z.iso.date().optional() });

/**
 * The days that a query asks for: without `to` up to today, without `from` 30 days.
 * @throws AppError `request.invalid` for what is no day, for days in the wrong order, and for more than a year
 */
export function usageRange(query: unknown, now: Date): UsageRange {
  const asked = Query.safeParse(query);
  if (!asked.success) {
    const fields = asked.error.issues.map(({ path, message }) => [...path, message].join(': '));
    throw invalid(`Write ?from=YYYY-MM-DD&to=YYYY-MM-DD (${fields.join('; ')}).`);
  }
  const to = asked.data.to ?? toDay(now.getTime());
  const from = asked.data.from ?? toDay(Date.parse(to) - (USUAL_DAYS - 1) * DAY_MS);
  const [since, until] = [Date.parse(from), Date.parse(to) + DAY_MS];
  if (since >= until) throw invalid(`"from" (${from}) is after "to" (${to}).`);
  if (until - since > MOST_DAYS * DAY_MS) throw invalid(`Ask for at most ${MOST_DAYS} days.`);
  return { from, to, since: new Date(since), until: new Date(until) };
}

const toDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

const invalid = (message: string): AppError => new AppError('request.invalid', message);
