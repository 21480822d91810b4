// `npm run check`: everything about the sources that needs no test run. All checks run, then a table shows the results.
import { prepare } from './setup/prepare.mjs';
import { importBuilt, root, say } from './setup/project.mjs';
import { runPackage } from './setup/run.mjs';
import { runMain } from './setup/run-main.mjs';

/** @type {(packageName: string, ...args: string[]) => () => ReturnType<typeof runPackage>} */
const command =
  (packageName, ...args) =>
  () =>
    runPackage(root, packageName, packageName, args);

/** @type {Record<string, () => Promise<{ code: number, output: string }>>} */
const CHECKS = {
  format: command('prettier', '--check', '.'),
  lint: command('oxlint', '--type-aware', '--deny-warnings'),
  types: () => runPackage(root, 'typescript', 'tsc', ['--noEmit']),
  'types of the page': () => runPackage(root, 'typescript', 'tsc', ['--noEmit', '-p', 'apps/web']),
  'types of the scripts': () => runPackage(root, 'typescript', 'tsc', ['-p', 'tsconfig.tools.json']),
  'unused code': command('knip', '--no-progress'),
  migrations: async () => (await importBuilt('checking/migrations.js')).checkMigrations(root),
  'schema drift': async () => (await importBuilt('checking/drift.js')).checkDrift(root),
};

/** @param {Error} error */
const asFailure = (error) => ({ code: 1, output: error.stack ?? String(error) });

/** @param {string} name */
async function check(name) {
  const startedAt = performance.now();
  const { code, output } = await CHECKS[name]().catch(asFailure);
  return { name, passed: code === 0, output: output.trim(), seconds: (performance.now() - startedAt) / 1_000 };
}

/** @param {Awaited<ReturnType<typeof check>>} result */
function row({ name, passed, seconds }) {
  return `  ${passed ? 'passed' : 'FAILED'}  ${name.padEnd(21)}${seconds.toFixed(1).padStart(6)} s`;
}

await runMain(async () => {
  await prepare(root, say, { strict: false }); // type errors are one of the checks
  const results = await Promise.all(Object.keys(CHECKS).map((name) => check(name)));
  const failed = results.filter(({ passed }) => !passed);
  for (const { name, output } of failed) say(`\n── ${name} ──\n${output}`);
  say(`\n${results.map(row).join('\n')}\n\n${results.length - failed.length} passed, ${failed.length} failed`);
  return failed.length > 0 ? 1 : 0;
});
