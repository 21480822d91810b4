import { requireNode } from './node-version.mjs';
import { SetupError } from './setup-error.mjs';

/**
 * Runs one of our commands: sets the exit code and prints errors, without a stack where the message is enough.
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
