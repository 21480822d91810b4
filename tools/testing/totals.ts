export interface Totals {
  passed: number;
  failed: number;
  skipped: number;
  /** Messages of failures that belong to no test. */
  problems: string[];
  /** Full names of the tests that failed. */
  failedTests: string[];
  /** Full names of the tests that failed, and passed when they were run once more: each is a fault of the product or of the test. */
  flakyTests: string[];
}

export const noTotals = (): Totals => ({
  passed: 0,
  failed: 0,
  skipped: 0,
  problems: [],
  failedTests: [],
  flakyTests: [],
});

export function addFailure(totals: Totals, problem: string): void {
  totals.failed += 1;
  totals.problems.push(problem);
}

export const totalsLine = ({ passed, failed, skipped }: Totals): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

/** A line for each failure, and each test that is not reliable; `.ci/run` repeats them beside the totals. */
export const attentionLines = ({ problems, failedTests, flakyTests }: Totals): string[] => [
  ...flakyTests.map((name) => `passed on a retry: ${name}`),
  ...[...failedTests, ...problems].map((failure) => `failed: ${failure.split('\n', 1)[0]}`),
];
