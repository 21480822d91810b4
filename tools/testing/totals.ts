export interface Totals {
  passed: number;
  failed: number;
  skipped: number;
  /** Messages of failures that belong to no test. */
  problems: string[];
}

export const noTotals = (): Totals => ({ passed: 0, failed: 0, skipped: 0, problems: [] });

export function addFailure(totals: Totals, problem: string): void {
  totals.failed += 1;
  totals.problems.push(problem);
}

export const totalsLine = ({ passed, failed, skipped }: Totals): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
