import { z } from 'zod';
import { AppError } from '#runtime';

const DAY_MS = 86_400_000;
/** The length of a report whose start is not given. */
const DEFAULT_DAYS = 30;
const MAX_DAYS = 366;

/** UTC days, both included, and the moments at which they begin and end. */
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
 * The days of a report: up to today if `to` is absent, 30 days if `from` is absent.
 * @throws AppError `request.invalid` for a malformed day, for days in the wrong order, and for more than a year
 */
export function usageRange(query: unknown, now: Date): UsageRange {
  const asked = Query.safeParse(query);
  if (!asked.success) {
    const fields = asked.error.issues.map(({ path, message }) => [...path, message].join(': '));
    throw invalid(`Write the range as ?from=YYYY-MM-DD&to=YYYY-MM-DD (${fields.join('; ')}).`);
  }
  const to = asked.data.to ?? toDay(now.getTime());
  const from = asked.data.from ?? toDay(Date.parse(to) - (DEFAULT_DAYS - 1) * DAY_MS);
  const [since, until] = [Date.parse(from), Date.parse(to) + DAY_MS];
  if (since >= until) throw invalid(`"from" (${from}) is after "to" (${to}).`);
  if (until - since > MAX_DAYS * DAY_MS) throw invalid(`A report covers at most ${MAX_DAYS} days.`);
  return { from, to, since: new Date(since), until: new Date(until) };
}

const toDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

const invalid = (message: string): AppError => new AppError('request.invalid', message);
