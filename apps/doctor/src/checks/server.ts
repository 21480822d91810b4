import type { Check } from '../check.js';
import { fail, type Finding, ok, reasonOf, warn } from '../finding.js';
import { ask, objectIn } from '../server/ask.js';
import { isRelay } from '../server/find-server.js';
import type { Server } from '../server/server.js';

/** Is it there, is it ready, and is it the version that is installed here? */
export const server: Check<Server> = {
  name: 'server',
  async run({ url, expectedVersion }) {
    if (!(await isRelay(url))) return [await strangerAt(url)];
    const ready = await objectIn(await ask(`${url}/health/ready?deep=1`));
    const checks = Object.entries((ready?.['checks'] as Record<string, string> | undefined) ?? {});
    const failed = checks.filter(([, state]) => state !== 'ok');
    const config = await objectIn(await ask(`${url}/config`));
    const version = (config?.['versions'] as { server?: string } | undefined)?.server;
    return [
      failed.length > 0
        ? notReady(url, failed, ready?.['problem'])
        : ok(`${url} is ready (${checks.map(([name]) => name).join(', ')})`),
      ...versionFindings(version, expectedVersion),
    ];
  },
};

async function strangerAt(url: string): Promise<Finding> {
  try {
    const { status } = await ask(url);
    return fail(`${url} answers with ${status}, but is not this product.`, 'Correct the address, or the proxy there.');
  } catch (error) {
    return fail(`${url} cannot be reached: ${reasonOf(error)}`, 'Start the server, or correct the address.');
  }
}

/** `problem`: the server's own words, with what to do. */
function notReady(url: string, failed: readonly (readonly [string, string])[], problem: unknown): Finding {
  const states = failed.map((check) => check.join(' ')).join(', ');
  const fix = typeof problem === 'string' ? problem : fixFor(failed.map(([name]) => name));
  return fail(`${url} is not ready: ${states}`, fix);
}

const fixFor = (failed: readonly string[]): string =>
  failed.includes('worker') ? 'Start a worker: npm run start:worker.' : 'See the log of the API for the reason.';

const versionFindings = (running: string | undefined, installed: string | undefined): Finding[] =>
  installed === undefined || running === installed
    ? []
    : [warn(`It runs version ${running}; ${installed} is installed here.`, 'Restart it.')];
