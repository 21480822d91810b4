import { AppError } from '#runtime';
import { DayQuery, type DayRange, dayRange, type ReportDays } from '../http/day-range.js';

const DAYS: ReportDays = { byDefault: 30, atMost: 366 };

/**
 * The days of a caller's report.
 * @throws AppError `request.invalid` for a malformed day, for days in the wrong order, and for more than a year
 */
export function usageRange(query: unknown, now: Date): DayRange {
  const asked = DayQuery.safeParse(query);
  if (asked.success) return dayRange(asked.data, now, DAYS);
  const fields = asked.error.issues.map(({ path, message }) => [...path, message].join(': '));
  throw new AppError('request.invalid', `Write the range as ?from=YYYY-MM-DD&to=YYYY-MM-DD (${fields.join('; ')}).`);
}
