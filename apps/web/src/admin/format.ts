const number = new Intl.NumberFormat('en');
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });
const money = new Intl.NumberFormat('en', { maximumFractionDigits: 4 });
const moment = new Intl.DateTimeFormat('en-GB', { dateStyle: 'short', timeStyle: 'medium' });

const NONE = '–';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return NONE;
  if (ms < SECOND) return `${Math.round(ms)} ms`;
  if (ms < MINUTE) return `${(ms / SECOND).toFixed(1)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ${Math.floor((ms % MINUTE) / SECOND)} s`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h ${Math.floor((ms % HOUR) / MINUTE)} min`;
  return `${Math.floor(ms / DAY)} d ${Math.floor((ms % DAY) / HOUR)} h`;
}

export const count = (value: number | null): string => (value === null ? NONE : number.format(value));
export const brief = (value: number | null): string => (value === null ? NONE : compact.format(value));
/** In units of the price table's currency, which only the operator knows. */
export const cost = (micros: number | null): string => (micros === null ? NONE : money.format(micros / 1e6));
export const time = (iso: string | null): string => (iso === null ? NONE : moment.format(new Date(iso)));
export const megabytes = (bytes: number): string => `${number.format(Math.round(bytes / 1024 / 1024))} MB`;
