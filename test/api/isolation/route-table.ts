import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Relay } from '../../support/relay.js';

export interface Route {
  readonly method: string;
  readonly url: string;
  readonly access: string;
}

/** What the built API serves, as Fastify has it. */
export async function routeTable({ variables }: Relay): Promise<Route[]> {
  const script = fileURLToPath(new URL('print-routes.mjs', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [script], {
    env: variables,
    maxBuffer: 16 * 1024 * 1024,
  });
  const printed = JSON.parse(stdout) as [string, string, string][];
  return printed.map(([method, url, access]) => ({ method, url, access }));
}
