import { createServer } from 'node:net';
import type { Check } from '../check.js';
import { fail, type Finding, ok } from '../finding.js';
import type { Installation } from '../installation.js';
import { ask } from '../server/ask.js';
import { isRelay, localUrl } from '../server/find-server.js';

interface Port {
  readonly variable: string;
  readonly host: string;
  readonly number: number;
  /** Whether what listens there is this product. */
  readonly isOurs: (url: string) => Promise<boolean>;
}

/** The ports that the processes will listen on. */
export const port: Check<Installation> = {
  name: 'port',
  run: (installation) => Promise.all(portsOf(installation).map(findingOf)),
};

/** None of a configuration that is not valid: the check `config` has said so. */
function portsOf({ api, worker }: Installation): Port[] {
  const { metrics } = api ?? {};
  const { health } = worker ?? {};
  return [
    ...(api ? [{ variable: 'PORT', host: api.host, number: api.port, isOurs: isRelay }] : []),
    ...(metrics?.port
      ? [{ variable: 'METRICS_PORT', host: metrics.host, number: metrics.port, isOurs: hasMetrics }]
      : []),
    ...(health?.port
      ? [{ variable: 'WORKER_HEALTH_PORT', host: health.host, number: health.port, isOurs: hasMetrics }]
      : []),
  ];
}

const hasMetrics = (url: string): Promise<boolean> =>
  ask(`${url}/metrics`).then(
    async (response) => (await response.text()).includes('chatkit_relay_'),
    () => false,
  );

async function findingOf({ variable, host, number, isOurs }: Port): Promise<Finding> {
  const code = await codeOfListening(host, number);
  const where = `port ${number} on ${host} (${variable})`;
  switch (code) {
    case undefined:
      return ok(`${where} is free`);
    case 'EADDRINUSE':
      if (await isOurs(localUrl({ host, port: number }))) return ok(`${where} is used by this product`);
      return fail(`${where} is taken by another program.`, `Stop it, or set ${variable} to a free one: ${number + 1}`);
    case 'EACCES':
      return fail(`${where} cannot be used by this user.`, `Set ${variable} to a port above 1023.`);
    default:
      return fail(
        `${where} cannot be used (${code}).`,
        'Set its host to an address of this machine, such as 127.0.0.1.',
      );
  }
}

/** Undefined if it worked; it is free again then. */
function codeOfListening(host: string, number: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(number, host, () => server.close(() => resolve(undefined)));
  });
}
