import { styleText } from 'node:util';
import { withoutSecrets } from '#providers';
import type { NamedFinding } from './check.js';
import type { Status } from './finding.js';

const COLOURS = { ok: 'green', warn: 'yellow', fail: 'red', skip: 'gray' } as const satisfies Record<Status, string>;

export type Counts = Readonly<Record<Status, number>>;

export function countsOf(findings: readonly NamedFinding[]): Counts {
  const of = (status: Status): number => findings.filter((finding) => finding.status === status).length;
  return { ok: of('ok'), warn: of('warn'), fail: of('fail'), skip: of('skip') };
}

/** The finding without secrets, whatever errors of others say. */
export const safe = (finding: NamedFinding, secrets: readonly string[]): NamedFinding => ({
  ...finding,
  message: withoutSecrets(finding.message, secrets),
});

/** One line, and a second one with the fix. */
export function linesOf({ check, status, message, fix }: NamedFinding, hasColours: boolean): string {
  const word = status.padEnd(5);
  const shown = hasColours ? styleText(COLOURS[status], word, { validateStream: false }) : word;
  const advice = fix === undefined ? '' : `\n${' '.repeat(18)}→ ${fix}`;
  return `${shown} ${check.padEnd(11)} ${message}${advice}`;
}

export const summary = ({ ok, warn, fail, skip }: Counts): string =>
  `\n${ok} ok, ${warn} warnings, ${fail} failed${skip > 0 ? `, ${skip} skipped` : ''}`;
