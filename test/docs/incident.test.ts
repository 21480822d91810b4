import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { createThread, post, until } from '../support/chat.js';
import { environment } from '../support/commands.js';
import { engineKinds } from '../support/engines.js';
import { useLocalServer } from '../support/local-server.js';
import { useRelay } from '../support/relay.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const ADMIN_TOKEN = 'test-admin-token-0123456789';
const USER = 'ada@example.com';
const PAGE = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
const [, section = ''] = PAGE.split('\n## A user says that the answer failed\n');
const incident = section.split('\n## ')[0] ?? '';
/** The commands of the page, in its order; those of Docker are of an installation that the test has not. */
const commands = [...incident.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, text = '']) => text.replaceAll(/^ {3}/gm, ''));
const curls = commands.filter((text) => text.startsWith('curl '));
const WRITTEN_RUN = /run_[0-9a-z]{26}/g;

let isRefused = true;
const provider = useLocalServer((response, { method }) => {
  response.setHeader('content-type', 'application/json');
  if (method === 'GET') return void response.end('{"data":[]}');
  if (isRefused) {
    response.statusCode = 401;
    return void response.end('{"error":{"message":"Incorrect API key provided","code":"invalid_api_key"}}');
  }
  const choice = { index: 0, message: { role: 'assistant', content: 'Here it is.' }, finish_reason: 'stop' };
  response.end(JSON.stringify({ object: 'chat.completion', choices: [choice] }));
});
const folder = temporaryFolder('chatkit-incident-');
const relay = useRelay(engineKinds[0] ?? 'postgres', () => {
  const CHATKIT_CONFIG = join(folder, 'chatkit.config.json');
  const acme = { kind: 'openai-compatible', id: 'acme', baseUrl: provider.url, defaultModel: 'big' };
  writeFileSync(CHATKIT_CONFIG, JSON.stringify({ titles: false, providers: [acme] }));
  return { variables: { CHATKIT_CONFIG, ADMIN_TOKEN } };
});

interface Run {
  readonly id: string;
  readonly state: string;
  readonly error: { readonly code: string; readonly fix: string } | null;
  readonly timeline?: readonly { readonly what: string }[];
}

const at = (minutes: number): string => new Date(Date.now() + minutes * 60_000).toISOString();

/** A command as it stands on the page, but for the run and for the day that it asks about. */
async function run<T>(command: string | undefined, id = ''): Promise<T> {
  const typed = (command ?? '')
    .replace(/from=[^ ]+Z/, `from=${at(-30)}`)
    .replace(/until=[^ ]+Z/, `until=${at(30)}`)
    .replaceAll(WRITTEN_RUN, id);
  const env = environment({ RELAY: relay.url, ADMIN_TOKEN });
  const { stdout } = await promisify(execFile)('sh', ['-c', typed], { env });
  return JSON.parse(stdout) as T;
}

it('the commands of the page lead from a user’s name to the cause, what to do, and the answer', async () => {
  isRefused = true;
  await post(relay.url, createThread('Hi'), { user: USER });
  expect(curls).toHaveLength(3);
  const [which, where, again] = curls;

  const { data } = await run<{ data: Run[] }>(which);
  expect(data[0]).toMatchObject({
    state: 'failed',
    user: USER,
    model: 'acme/big',
    error: { code: 'provider.bad_key' },
  });
  expect(data[0]?.error?.fix).toContain('API key');
  // What the page shows of an entry is there.
  const shown = JSON.parse(/```json\n([\s\S]*?)```/.exec(incident)?.[1] ?? '{}') as object;
  expect(Object.keys(data[0] ?? {})).toEqual(expect.arrayContaining(Object.keys(shown)));

  const id = data[0]?.id ?? '';
  const { timeline } = await run<Run>(where, id);
  expect(timeline?.map(({ what }) => what)).toEqual(
    expect.arrayContaining(['admitted', 'claimed', 'model', 'settled']),
  );
  // Step 4 looks for the run's id in the logs.
  const processes = [...relay.apis, ...relay.workers];
  await until('each process has said it', 5_000, async () => processes.every((app) => app.output().includes(id)));

  isRefused = false;
  // The cause is fixed: workers that start now have no key set aside.
  await Promise.all(relay.workers.map((worker) => worker.stop()));
  await relay.startWorker();
  const retried = await run<{ run: Run }>(again, id);
  await until('the message is answered', 15_000, async () => {
    const { state } = await run<Run>(where, retried.run.id);
    return state === 'completed';
  });
});
