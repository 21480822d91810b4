import type { Check, NamedFinding } from './check.js';
import { fail, type Finding, reasonOf } from './finding.js';

const WITHIN_MS = 90_000;

/** One after the other, so that what one of them measures is not disturbed by another. */
export async function* runChecks<Subject>(
  checks: readonly Check<Subject>[],
  subject: Subject,
): AsyncGenerator<NamedFinding> {
  for (const check of checks) {
    for (const finding of await findingsOf(check, subject)) yield { check: check.name, ...finding };
  }
}

async function findingsOf<Subject>(check: Check<Subject>, subject: Subject): Promise<readonly Finding[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it took longer than ${WITHIN_MS / 1_000} s`)), WITHIN_MS);
  });
  try {
    return await Promise.race([check.run(subject), late]);
  } catch (error) {
    return [fail(`The check itself failed: ${reasonOf(error)}`, 'Fix what the error names, and run the doctor again.')];
  } finally {
    clearTimeout(timer);
  }
}
