import type { SerializedError } from 'vitest';
import type { Reporter, TestCase, TestModule, TestRunEndReason } from 'vitest/node';
import { recordingsTable } from './recordings-table.js';
import { addFailure, noTotals, type Totals } from './totals.js';

/** Prints the table of recordings, and sends the totals to `npm test`, which started vitest. */
export default class TotalsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[], reason: TestRunEndReason): void {
    if (reason === 'interrupted') return;
    process.stdout.write(recordingsTable(modules.flatMap(playedIn)));
    process.send?.(totalsOf(modules, errors));
  }
}

/** Counts tests, and what vitest's own numbers leave out: hooks that failed, files that could not be loaded, errors between tests. */
export function totalsOf(modules: readonly TestModule[], errors: readonly SerializedError[]): Totals {
  const totals = noTotals();
  for (const module of modules) {
    for (const test of module.children.allTests()) addTest(totals, test);
    for (const suite of [module, ...module.children.allSuites()]) {
      const name = suite.type === 'module' ? module.relativeModuleId : `${module.relativeModuleId} > ${suite.fullName}`;
      for (const { message } of suite.errors()) addFailure(totals, `${name} failed outside its tests: ${message}`);
    }
  }
  for (const { message } of errors) addFailure(totals, `An error outside all tests: ${message}`);
  return totals;
}

function addTest(totals: Totals, test: TestCase): void {
  const kind = kindOf(test.result().state);
  totals[kind] += 1;
  const name = `${test.module.relativeModuleId} > ${test.fullName}`;
  if (kind === 'failed') totals.failedTests.push(name);
  else if (test.diagnostic()?.flaky) totals.flakyTests.push(name);
}

const kindOf = (state: string): 'passed' | 'failed' | 'skipped' =>
  state === 'passed' || state === 'failed' ? state : 'skipped';

/** The tests of a file that plays recordings. */
function playedIn(module: TestModule): { title: string; state: string }[] {
  if (!module.moduleId.endsWith('/recordings.test.ts')) return [];
  return [...module.children.allTests()].map((test) => ({ title: test.name, state: test.result().state }));
}
