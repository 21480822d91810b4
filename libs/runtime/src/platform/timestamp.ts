/** As a session in UTC with ISO dates writes it (`SESSION_TIMES`), alone or in JSON. */
const WRITTEN = /^(\d{4,}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?\+00(?::00)?$/;

/**
 * A `timestamptz` as the protocol has it: ISO 8601 in UTC with milliseconds, or with microseconds if there are any. A `Date`
 * would lose them. Throws for a text that no session of ours has written.
 */
export function toTimestamp(written: string): string {
  const [, date, time, fraction = ''] = WRITTEN.exec(written) ?? [];
  if (!date) throw new Error(`not a timestamp of a session in UTC: ${written}`);
  return `${date}T${time}.${fraction.length > 3 ? fraction.padEnd(6, '0') : fraction.padEnd(3, '0')}Z`;
}
