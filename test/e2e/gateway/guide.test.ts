import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import OpenAI from 'openai';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { gatewayErrorOf, type RunErrorCode } from '#runtime';
import { createThread, post, until } from '../../support/chat.js';
import { createTestDatabase } from '../../support/engines.js';
import { runApp } from '../../support/processes.js';
import { useProvider } from '../../support/provider.js';
import { useRelay } from '../../support/relay.js';

const run = promisify(execFile);
const root = new URL('../../../', import.meta.url);
const pathOf = (name: string): string => fileURLToPath(new URL(name, root));
const read = (name: string): string => readFileSync(pathOf(name), 'utf8');
const guide = read('docs/gateway.md');

/** The files that the guide shows: the one that the comment names, and the block below it. */
const blocks = [...guide.matchAll(/<!-- (examples\/\S+) -->\n\n```\w+\n(.*?)```/gs)].map(
  ([, path = '', block = '']) => ({ path, block }),
);

const CODES: readonly RunErrorCode[] = [
  'provider.bad_key',
  'provider.no_access',
  'provider.bad_request',
  'provider.model_unknown',
  'provider.context_too_long',
  'provider.content_filtered',
  'provider.rate_limited',
  'provider.overloaded',
  'provider.unavailable',
  'provider.timeout',
  'provider.stream_truncated',
  'provider.malformed_response',
  'provider.empty_response',
  'provider.module_failed',
  'provider.circuit_open',
  'provider.all_failed',
  'run.attempts_exhausted',
  'run.interrupted',
  'run.refused',
  'run.answer_too_large',
  'run.deadline',
  'run.internal',
];

describe('the guide to the gateway', () => {
  it('shows every example once, as it is', () => {
    const files = readdirSync(new URL('examples/gateway/', root)).map((name) => `examples/gateway/${name}`);
    expect(blocks.map(({ path }) => path).toSorted()).toEqual(files.toSorted());
    for (const { path, block } of blocks) expect(block).toBe(read(path));
  });

  it('says what each failure is called', () => {
    const [, table = ''] = guide.split('<!-- table: errors -->\n\n');
    const rows = table
      .slice(0, table.indexOf('\n\n'))
      .split('\n')
      .slice(2)
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      );
    const expected = CODES.map((one) => {
      const { status, code, type } = gatewayErrorOf(one, undefined, false);
      return [`\`${one}\``, String(status), `\`${code}\``, `\`${type}\``];
    });
    expect(rows).toEqual(expected);
  });
});

describe('the examples of the guide', () => {
  const provider = useProvider();
  const relay = useRelay('postgres', {
    provider,
    variables: {
      AUTH_MODE: 'none',
      CHATKIT_CONFIG: pathOf('examples/gateway/chatkit.config.yaml'),
    },
  });
  let openai: OpenAI;
  let client: Record<string, string | undefined>;
  beforeAll(() => {
    openai = new OpenAI({ apiKey: 'none', baseURL: `${relay.url}/v1`, maxRetries: 0 });
    client = { PATH: '/usr/local/bin:/usr/bin:/bin', OPENAI_BASE_URL: `${relay.url}/v1`, OPENAI_API_KEY: 'none' };
  });
  beforeEach(() => relay.query('DELETE FROM cached_responses'));

  const ask = (content: string) =>
    openai.chat.completions.create({ model: 'fast', messages: [{ role: 'user', content }] });
  const CARD = 'Remember 4111 1111 1111 1111';

  it('run: curl and the openai package', async () => {
    await provider.script([{ text: 'Hello from curl.' }, { text: 'Hello from Node.' }]);
    const byCurl = await run('sh', [pathOf('examples/gateway/chat.sh')], { env: client });
    expect(JSON.parse(byCurl.stdout)).toMatchObject({ choices: [{ message: { content: 'Hello from curl.' } }] });
    await relay.query('DELETE FROM cached_responses');
    const byNode = await run(process.execPath, [pathOf('examples/gateway/chat.js')], { env: client });
    expect(byNode.stdout).toMatch(/^Hello from Node\.\n\d+ tokens\n$/);
    const models = await run('sh', [pathOf('examples/gateway/models.sh')], { env: client });
    expect(JSON.parse(models.stdout)).toMatchObject({
      object: 'list',
      data: expect.arrayContaining([expect.objectContaining({ id: 'fast' })]) as object,
    });
  });

  it('change what the model is asked, and hear of the answer', async () => {
    await provider.script([{ text: 'Good day.' }]);
    await ask('Who are you?');
    const [call] = await provider.calls();
    expect(call).toMatchObject({ instructions: 'You work for default. Be polite.' });
    await until('the hook `after`', 10_000, async () =>
      relay.workers[0]?.output().includes('local asked openai/gpt-5.4-mini: 9 characters'),
    );
  });

  it('refuse a call before a provider is asked, in the words of the hook', async () => {
    await provider.script([]);
    const refused = ask(CARD);
    await expect(refused).rejects.toMatchObject({ status: 400, code: 'card_number' });
    await expect(refused).rejects.toThrow('Card numbers must not be sent to a model.');
    const chat = await post(relay.url, createThread(CARD));
    expect(chat.events).toContainEqual({
      type: 'error',
      code: 'custom',
      message: 'Card numbers must not be sent to a model.',
      allow_retry: false,
    });
    // Neither for the answer nor for the thread's title.
    expect(await provider.calls()).toEqual([]);
    const codes = await relay.query(`SELECT error_code FROM runs WHERE state = 'failed'`);
    expect(codes).toEqual([{ error_code: 'run.refused' }, { error_code: 'run.refused' }]);
  });

  it('answer the same call again without the provider, streamed or not, and another one with it', async () => {
    await provider.script([{ deltas: ['One', ' two'] }, { text: 'Other.' }]);
    const [first, second] = [await ask('Count.'), await ask('Count.')];
    expect(second.choices).toEqual(first.choices);
    expect(second.usage).toEqual(first.usage);
    expect(second.id).not.toBe(first.id);
    const stream = openai.chat.completions.stream({ model: 'fast', messages: [{ role: 'user', content: 'Count.' }] });
    expect((await stream.finalChatCompletion()).choices[0]?.message.content).toBe('One two');
    expect(await provider.calls()).toHaveLength(1);
    expect((await ask('Something else.')).choices[0]?.message.content).toBe('Other.');
    const kept = await relay.query<{ key: string }>('SELECT key FROM cached_responses');
    expect(kept).toHaveLength(2);
  });
});

it('a file of hooks that cannot be used is named when the worker starts', async () => {
  const database = await createTestDatabase();
  try {
    const { code, output } = await runApp('worker', {
      DATABASE_URL: database.url,
      CHATKIT_CONFIG: pathOf('test/e2e/gateway/broken-hooks.config.yaml'),
    });
    expect(code).not.toBe(0);
    expect(output).toMatch(/hooks: .*broken-hooks\.js cannot be used: .*there is no hook "befor"/);
  } finally {
    await database.drop();
  }
});
