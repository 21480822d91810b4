import { requireNode } from './node-version.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * Runs a command of ours to its end: sets the exit code, prints what a person can act on.
 * @param {() => Promise<number | void>} main
 */
export async function runMain(main) {
  try {
    requireNode();
    process.exitCode = (await main()) ?? process.exitCode ?? 0;
  } catch (error) {
    const forPeople = error instanceof SetupError || error?.name === 'LauncherError';
    process.stderr.write(`\n${forPeople ? error.message : (error?.stack ?? error)}\n\n`);
    process.exitCode = 1;
  }
}
