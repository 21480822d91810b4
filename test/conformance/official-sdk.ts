import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const script = (name: string): string => fileURLToPath(new URL(`official/${name}`, import.meta.url));
/** Python must leave no compiled files in the checkout. */
const FLAGS = ['-B'];
const OUTPUT_MAX_BYTES = 256 * 1024 * 1024;

export interface ReferenceServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts the official SDK with the test profile, in front of a provider. Rejects with its output when it ends instead. */
export async function startReferenceServer(python: string, providerUrl: string): Promise<ReferenceServer> {
  const child = spawn(python, [...FLAGS, script('reference_server.py'), '--provider', providerUrl, '--port', '0'], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
  const exited = once(child, 'exit');
  const line = await Promise.race([
    once(createInterface(child.stdout), 'line').then(([text]) => String(text)),
    exited.then(() => Promise.reject(new Error(`the reference server ended:\n${errors}`))),
  ]);
  return {
    url: (JSON.parse(line) as { url: string }).url,
    async stop() {
      child.stdin.end();
      await exited;
    },
  };
}

/** One event, or the body that answered a request. */
export interface Sent {
  /** `event`, or the type of the request. */
  readonly kind: string;
  readonly value: unknown;
}

/** What the official SDK's types find wrong with each of them, in words; nothing where it reads and writes it alike. */
export function readAsOfficial(python: string, sent: readonly Sent[]): string[][] {
  const input = sent.map((one) => `${JSON.stringify(one)}\n`).join('');
  const { status, stdout, stderr } = spawnSync(python, [...FLAGS, script('parse_events.py')], {
    input,
    encoding: 'utf8',
    maxBuffer: OUTPUT_MAX_BYTES,
  });
  if (status !== 0) throw new Error(`parse_events.py ended with ${status}:\n${stderr}`);
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as string[]);
}
