import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createThread, doneItems, post, textOf } from '../../support/chat.js';
import { duringSuite } from '../../support/during-suite.js';
import { engineKinds } from '../../support/engines.js';
import { useRelay } from '../../support/relay.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { refuses, says, startFaultyProvider } from './support/provider.js';

const ADMIN_TOKEN = 'test-admin-token-0123456789';
const down = refuses(503);
/** One message: three tries of the answer, and three of the title. */
const ONE_MESSAGE = [down, down, down, down, down, down];

const folder = temporaryFolder('chatkit-breakers-');
const provider = duringSuite(
  () =>
    startFaultyProvider({
      short: [...ONE_MESSAGE, says('a', 3)],
      long: [down],
      held: [says('a', 3)],
    }),
  (faulty) => faulty.close(),
);
const relay = useRelay(engineKinds.at(-1) ?? 'postgres', () => {
  const CHATKIT_CONFIG = join(folder, 'chatkit.config.json');
  const entry = { kind: 'openai-compatible', id: 'p', baseUrl: provider.url, defaultModel: 'short' };
  writeFileSync(CHATKIT_CONFIG, JSON.stringify({ providers: [{ ...entry, retry: { firstWaitMs: 10 } }] }));
  return { workers: 2, variables: { CHATKIT_CONFIG, ADMIN_TOKEN } };
});

const ask = async (model: string) => {
  const { events } = await post(relay.url, createThread('Hi', { model: `p/${model}` }));
  const [error] = events.filter(({ type }) => type === 'error');
  return {
    error,
    text: doneItems(events, 'assistant_message')
      .map((item) => textOf(item))
      .join(''),
  };
};

interface Told {
  readonly state: string;
  readonly opened_by: string | null;
  readonly last_error: { readonly code: string; readonly detail: string } | null;
}
const admin = async <T>(path: string, method = 'GET'): Promise<T> => {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
  const response = await fetch(`${relay.url}/admin/api/${path}`, { method, headers });
  expect(response.status).toBe(200);
  return (await response.json()) as T;
};
const move = (model: string, to: 'open' | 'close') => admin<Told>(`breakers/p%2F${model}/${to}`, 'POST');
const stateOf = async (model: string) => {
  const { data } = await admin<{ data: (Told & { model: string })[] }>('breakers');
  return data.find((breaker) => breaker.model === model);
};

it('one message to a server that was down, with its title, shuts out nobody', async () => {
  expect((await ask('short')).error).toMatchObject({ code: 'stream.error' });
  await expect.poll(() => provider.calls('short').length, { timeout: 10_000 }).toBe(ONE_MESSAGE.length);
  expect((await ask('short')).text).toBe('a1 a2 a3 ');
  expect(await stateOf('short')).toMatchObject({ state: 'closed', opened_by: null });
});

it('several open it: the person and the administrator learn why, and closing it by hand asks the model again', async () => {
  await ask('long');
  // For a moment a worker believes what it last saw of the breaker.
  await expect
    .poll(async () => String((await ask('long')).error?.['message']), { timeout: 10_000 })
    .toMatch(/^This model does not answer at the moment. It is asked again in [1-4] seconds?: please try again then.$/);
  expect(await stateOf('long')).toMatchObject({
    opened_by: 'failures',
    last_error: { code: 'unavailable', detail: expect.stringContaining('HTTP 503') as string },
  });
  const asked = provider.calls('long').length;
  expect(await move('long', 'close')).toMatchObject({ state: 'closed', last_error: null });
  await expect
    .poll(async () => (await ask('long'), provider.calls('long').length), { timeout: 10_000 })
    .toBeGreaterThan(asked);
});

it('one that an administrator opens is open in every worker, until it is closed, and both are on record', async () => {
  expect((await ask('held')).text).toBe('a1 a2 a3 ');
  expect(await move('held', 'open')).toMatchObject({ state: 'open', opened_by: 'operator' });
  // So many at once that both workers have some.
  const said = async (): Promise<unknown[]> => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask('held')));
    return [...new Set(answers.map(({ error, text }) => error?.['message'] ?? text))];
  };
  await expect
    .poll(said, { timeout: 10_000 })
    .toEqual(['This model is switched off for now. Please choose another one, or try again later.']);
  await move('held', 'close');
  await expect.poll(said, { timeout: 10_000 }).toEqual(['a1 a2 a3 ']);
  const { data } = await admin<{ data: { action: string; subject: string }[] }>('audit?limit=2');
  expect(data).toMatchObject([
    { action: 'breaker.close', subject: 'p/held', tenant: null },
    { action: 'breaker.open', subject: 'p/held', tenant: null },
  ]);
});

it('a breaker of a provider that does not exist cannot be opened', async () => {
  const headers = { authorization: `Bearer ${ADMIN_TOKEN}` };
  const response = await fetch(`${relay.url}/admin/api/breakers/nobody%2Fx/open`, { method: 'POST', headers });
  expect(response.status).toBe(422);
  expect(await response.text()).toContain('the providers here are: p.');
});
