// Stage 1 of `npm test`: private engines, a migrated template database, vitest, totals; and nothing left behind.
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onStopSignals } from '../launcher/signals.js';
import { endLeftBehind } from './left-behind.js';
import { openTestEngines, type TestEngines } from './test-engines.js';
import { recordingsTable } from './recordings-table.js';
import { addFailure, readReport, readTotals, totalsLine, type Totals } from './totals.js';
import { runVitest } from './vitest.js';

const WATCHDOG_MINUTES = Number(process.env.TEST_TIMEOUT_MINUTES || 48);

export interface SuiteOptions {
  root: string;
  filters: string[];
  /** The compiler's complaints: they count as one failure, and the tests run with what it wrote all the same. */
  buildErrors?: string;
}

/** Runs the suite; its last line tells the totals. Returns the exit code. */
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
  const scratch = mkdtempSync(join(tmpdir(), 'chatkit-relay-test-'));
  chmodSync(scratch, 0o711); // run by root, Postgres is another user and must pass through
  let totals: Totals = { passed: 0, failed: 0, skipped: 0, problems: [] };
  try {
    totals = await runWithEngines(root, filters, scratch, abort.signal);
  } catch (error) {
    addFailure(totals, error instanceof Error ? error.message : String(error));
  } finally {
    clearTimeout(watchdog);
    rmSync(scratch, { recursive: true, force: true });
  }
  if (buildErrors) addFailure(totals, `The build has errors:\n${buildErrors}`);
  if (abort.signal.aborted) addFailure(totals, String(abort.signal.reason));
  return conclude(totals);
}

async function runWithEngines(root: string, filters: string[], scratch: string, signal: AbortSignal): Promise<Totals> {
  const engines = await openTestEngines(root, join(scratch, 'engines'));
  try {
    if (signal.aborted) return { passed: 0, failed: 0, skipped: 0, problems: [] };
    return await runTests(root, filters, scratch, engines, signal);
  } finally {
    await engines.close();
  }
}

async function runTests(
  root: string,
  filters: string[],
  scratch: string,
  engines: TestEngines,
  signal: AbortSignal,
): Promise<Totals> {
  const { TEST_REDIS_MISSING: missing } = engines.env;
  if (missing) process.stdout.write(`Tests that need Redis run on the Postgres engine only. ${missing}\n`);
  const report = join(scratch, 'report.json');
  const run = `${process.pid}-${Date.now()}`;
  const env = { ...engines.env, TEST_SCRATCH: scratch, TEST_RUN: run, TMPDIR: temporaryFolder(scratch) };
  const code = await runVitest({ root, filters, report, env, signal });
  const left = await endLeftBehind(run, signal);
  // Interrupted tests had no chance to clean up, and may have written no report: no fault of theirs.
  if (signal.aborted) return { passed: 0, failed: 0, skipped: 0, problems: [] };
  const totals = readTotals(report, code);
  process.stdout.write(recordingsTable(readReport(report)));
  if (left.length > 0) addFailure(totals, `Tests left processes behind (ended now):\n${left.join('\n')}`);
  return totals;
}

/** What tests put into the temporary folder goes with the rest, also when they are killed. */
function temporaryFolder(scratch: string): string {
  const folder = join(scratch, 'tmp');
  mkdirSync(folder);
  chmodSync(folder, 0o711);
  return folder;
}

function conclude(totals: Totals): number {
  if (totals.passed + totals.failed === 0) totals.problems.push('No test was executed: no test file matches.');
  for (const problem of totals.problems) process.stderr.write(`\n${problem}\n`);
  process.stdout.write(`\n${totalsLine(totals)}\n`);
  return totals.failed > 0 || totals.passed === 0 ? 1 : 0;
}
