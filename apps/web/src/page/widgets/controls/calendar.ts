/** A day as `2026-11-30`: a date without a time zone. */
export type Day = string;

const DAY_MS = 86_400_000;

/** The day that a prop of a widget names, by a date or a date with a time. */
export function dayOf(value: unknown): Day | undefined {
  const [day] = typeof value === 'string' ? (/^\d{4}-\d{2}-\d{2}/.exec(value) ?? []) : [];
  return day !== undefined && !Number.isNaN(Date.parse(day)) ? asDay(asDate(day)) : undefined;
}

/** As a date at midnight UTC, for formats with `timeZone: 'UTC'`. */
export const asDate = (day: Day): Date => new Date(`${day}T00:00:00Z`);
const asDay = (date: Date): Day => date.toISOString().slice(0, 10);

/** Today where the person is. */
export function today(now = new Date()): Day {
  return asDay(new Date(Date.UTC(now.getFullYear(), now.getMonth(), now.getDate())));
}

const addDays = (day: Day, days: number): Day => asDay(new Date(asDate(day).getTime() + days * DAY_MS));

/** The same day of another month, or its last one. */
export function addMonths(day: Day, months: number): Day {
  const date = asDate(day);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth() + months];
  const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
  return asDay(new Date(Date.UTC(year, month, Math.min(date.getUTCDate(), last))));
}

/** The weeks that show the month of a day; `firstDay` is that of the week, 0 for Sunday. */
export function weeksOf(day: Day, firstDay: number): Day[][] {
  const first = `${day.slice(0, 8)}01`;
  const before = (asDate(first).getUTCDay() - firstDay + 7) % 7;
  const start = addDays(first, -before);
  const weeks = Array.from({ length: 6 }, (_, week) =>
    Array.from({ length: 7 }, (_unused, index) => addDays(start, week * 7 + index)),
  );
  return weeks.filter((week) => week.some((one) => one.startsWith(day.slice(0, 7))));
}

/** The nearest day that is allowed. */
export function clamp(day: Day, min: Day | undefined, max: Day | undefined): Day {
  if (min !== undefined && day < min) return min;
  return max !== undefined && day > max ? max : day;
}

/** The day to which a key leads in a month's grid; undefined if the key is not for moving. */
export function dayByKey(day: Day, key: string, firstDay: number, isRtl: boolean): Day | undefined {
  const column = (asDate(day).getUTCDay() - firstDay + 7) % 7;
  const ahead = isRtl ? -1 : 1;
  switch (key) {
    case 'ArrowRight':
      return addDays(day, ahead);
    case 'ArrowLeft':
      return addDays(day, -ahead);
    case 'ArrowDown':
      return addDays(day, 7);
    case 'ArrowUp':
      return addDays(day, -7);
    case 'PageDown':
      return addMonths(day, 1);
    case 'PageUp':
      return addMonths(day, -1);
    case 'Home':
      return addDays(day, -column);
    case 'End':
      return addDays(day, 6 - column);
    default:
      return undefined;
  }
}

type WeekInfo = { readonly firstDay: number };

/** The first day of the week in a language, 0 for Sunday. */
export function firstDayOf(locale: string): number {
  const info = new Intl.Locale(locale) as Intl.Locale & { getWeekInfo?(): WeekInfo; readonly weekInfo?: WeekInfo };
  // 7 is Sunday there.
  return (info.getWeekInfo?.() ?? info.weekInfo ?? { firstDay: 1 }).firstDay % 7;
}
