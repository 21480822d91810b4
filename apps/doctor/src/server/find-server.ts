import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Installation } from '../installation.js';
import { ask, objectIn } from './ask.js';

const WITHIN_MS = 3_000;

/** Where a process of this installation would listen; the address of all interfaces is reached by loopback. */
export function localUrl({ host, port }: Pick<Installation, 'host' | 'port'>): string {
  const reached = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`;
}

/** Whether what answers there is this product. */
export async function isRelay(url: string): Promise<boolean> {
  try {
    const config = await objectIn(await ask(`${url}/config`, {}, WITHIN_MS));
    return typeof config?.['versions'] === 'object' && 'uploadStrategy' in config;
  } catch {
    return false;
  }
}

/** The server of this installation: where a launcher has started it, or where it is configured to listen. */
export async function findServer(installation: Installation): Promise<string | undefined> {
  for (const url of [launchedUrl(installation), localUrl(installation)]) {
    if (url !== undefined && (await isRelay(url))) return url;
  }
  return undefined;
}

/** As `npm start` has written it down. */
function launchedUrl({ dataDir }: Installation): string | undefined {
  try {
    const { url } = JSON.parse(readFileSync(join(dataDir, 'launcher.json'), 'utf8')) as { url?: unknown };
    return typeof url === 'string' ? url : undefined;
  } catch {
    return undefined; // no launcher runs here
  }
}
