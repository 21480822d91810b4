import { readFileSync } from 'node:fs';

export interface Totals {
  passed: number;
  failed: number;
  skipped: number;
  /** Failures that no test stands for, in words. */
  problems: string[];
}

export function addFailure(totals: Totals, problem: string): void {
  totals.failed += 1;
  totals.problems.push(problem);
}

export const totalsLine = ({ passed, failed, skipped }: Totals): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

/** The parts of vitest's JSON report that count. */
export interface Report {
  testResults: {
    name: string;
    status: string;
    message?: string;
    assertionResults: { status: string; title: string }[];
  }[];
}

/** Counts tests, and also what vitest's own numbers leave out: files that could not be loaded, errors between tests. */
export function readTotals(file: string, exitCode: number): Totals {
  const totals: Totals = { passed: 0, failed: 0, skipped: 0, problems: [] };
  const report = readReport(file);
  if (!report) addFailure(totals, `vitest wrote no report (exit code ${exitCode}): it crashed or was ended.`);
  for (const { name, status, message, assertionResults } of report?.testResults ?? []) {
    for (const test of assertionResults) totals[kindOf(test.status)] += 1;
    const explained = assertionResults.some((test) => test.status === 'failed');
    if (status === 'failed' && !explained) addFailure(totals, `${name} failed outside its tests: ${message ?? ''}`);
  }
  // Nothing collected is told apart: it is no failure of a test.
  const executed = totals.passed + totals.failed > 0;
  if (exitCode !== 0 && totals.failed === 0 && executed)
    addFailure(totals, `vitest ended with code ${exitCode} although no test failed (see above).`);
  return totals;
}

function kindOf(status: string): 'passed' | 'failed' | 'skipped' {
  if (status === 'passed' || status === 'failed') return status;
  return 'skipped';
}

export function readReport(file: string): Report | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Report;
  } catch {
    return undefined; // counted as a failure by the caller
  }
}
