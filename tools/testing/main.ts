// Stage 1 of `npm test`: runs vitest with a time limit, ends what tests left running, and prints the totals.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onStopSignals } from '../launcher/signals.js';
import { endLeftBehind } from './left-behind.js';
import { dropDatabasesOf, newRun } from './test-engines.js';
import { addFailure, attentionLines, noTotals, type Totals, totalsLine } from './totals.js';
import { runVitest } from './vitest.js';

const WATCHDOG_MINUTES = Number(process.env.TEST_TIMEOUT_MINUTES || 48);

export interface SuiteOptions {
  root: string;
  filters: string[];
  /** The compiler's errors. They count as one failure; the tests still run with its output. */
  buildErrors?: string;
}

/** Runs the suite; the last line that it prints has the totals. Returns the exit code. */
export async function runSuite({ root, filters, buildErrors }: SuiteOptions): Promise<number> {
  const abort = new AbortController();
  onStopSignals(
    () => abort.abort('Interrupted.'),
    () => undefined,
  );
  const watchdog = setTimeout(
    () => abort.abort(`The suite took longer than ${WATCHDOG_MINUTES} minutes.`),
    WATCHDOG_MINUTES * 60_000,
  );
  const totals = await runTests(root, filters, abort.signal);
  clearTimeout(watchdog);
  if (buildErrors) addFailure(totals, `The build has errors:\n${buildErrors}`);
  if (abort.signal.aborted) addFailure(totals, String(abort.signal.reason));
  return conclude(totals);
}

async function runTests(root: string, filters: string[], signal: AbortSignal): Promise<Totals> {
  // What tests write to the temporary folder is removed with it, even when they are killed.
  const TMPDIR = mkdtempSync(join(tmpdir(), 'chatkit-relay-test-'));
  chmodSync(TMPDIR, 0o711); // started by root, Postgres runs as another user, who must be able to enter
  const TEST_RUN = newRun();
  try {
    const totals = await runVitest({ root, filters, env: { TMPDIR, TEST_RUN }, signal });
    const left = await endLeftBehind(TEST_RUN, signal);
    // Interrupted tests had no chance to clean up and may have reported nothing, so nothing counts as a failure.
    if (signal.aborted) return noTotals();
    if (left.length > 0) addFailure(totals, `Tests left processes behind (ended now):\n${left.join('\n')}`);
    return totals;
  } finally {
    await dropDatabasesOf(TEST_RUN);
    rmSync(TMPDIR, { recursive: true, force: true });
  }
}

function conclude(totals: Totals): number {
  if (totals.passed + totals.failed === 0) totals.problems.push('No test was executed: no test file matches.');
  for (const problem of totals.problems) process.stderr.write(`\n${problem}\n`);
  process.stdout.write(`\n${[...attentionLines(totals), totalsLine(totals)].join('\n')}\n`);
  return totals.failed > 0 || totals.passed === 0 ? 1 : 0;
}
