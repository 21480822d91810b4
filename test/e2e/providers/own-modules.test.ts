import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createThread, deltasOf, doneItems, post, textOf, threadIdOf, until } from '../../support/chat.js';
import { oneEngine } from '../../support/one-engine.js';
import { runApp } from '../../support/processes.js';
import { startRelay, useRelay } from '../../support/relay.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { useLocalServer } from '../../support/local-server.js';

/** A folder outside of the package, with nothing installed in it. */
const folder = temporaryFolder('chatkit-providers-');

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const configOf = (...entries: object[]): string =>
  write('chatkit.config.json', JSON.stringify({ titles: false, providers: entries }));

/** Reads lines of text, and fails as it is told in the words of the library. */
const MODULE = `
  import { defineProvider, PartWriter, ProviderError, z } from 'chatkit-relay/providers';
  export default defineProvider({
    name: 'Mine',
    defaultModel: 'small',
    settings: z.object({ url: z.url() }),
    async *stream({ prompt }, { model, ref, settings, signal }) {
      if (model === 'busy') throw new ProviderError('rate_limited', { ref, detail: 'slow down' });
      const body = JSON.stringify({ model, said: prompt.at(-1).content[0].text });
      const response = await fetch(settings.url, { method: 'POST', body, signal });
      const writer = new PartWriter();
      for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
        writer.text(text);
        yield* writer.take();
      }
      writer.finish({ unified: 'stop', raw: null });
      yield* writer.take();
    },
  });`;

describe.each(oneEngine('redis'))('a provider of a module on the %s engine', (engine) => {
  const upstream = useLocalServer(async (response, { body }) => {
    if (body['said'] === 'Wait') return void response.write('One moment. ');
    for (const piece of ['Hello ', 'from ', 'afar.']) {
      response.write(piece);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    response.end();
  });
  const relay = useRelay(engine, () => {
    write('mine.mjs', MODULE);
    return { variables: { CHATKIT_CONFIG: configOf({ id: 'mine', module: './mine.mjs', url: upstream.url }) } };
  });

  it('answers a message through API and worker', async () => {
    const answer = await post(relay.url, createThread('Hi'));
    expect(deltasOf(answer.events).join('')).toBe('Hello from afar.');
    expect(textOf(doneItems(answer.events, 'assistant_message')[0])).toBe('Hello from afar.');
    expect(upstream.requests.at(-1)?.body).toEqual({ model: 'small', said: 'Hi' });
  });

  it('is asked for the model that the message names', async () => {
    await post(relay.url, createThread('Hi', { model: 'mine/a/b' }));
    expect(upstream.requests.at(-1)?.body).toMatchObject({ model: 'a/b' });
  });

  it('tells the person what its errors mean', async () => {
    const answer = await post(relay.url, createThread('Hi', { model: 'mine/busy' }));
    expect(answer.events.at(-1)).toMatchObject({ type: 'error', code: 'custom', allow_retry: true });
    const [run] = await relay.query(`SELECT error_code FROM runs WHERE thread_id = $1`, [threadIdOf(answer)]);
    expect(run).toEqual({ error_code: 'provider.rate_limited' });
  });

  it('hangs up when the person stops', async () => {
    const before = upstream.requests.length;
    void post(relay.url, createThread('Wait'), {
      onEvents: (events, request) => {
        if (deltasOf(events).length > 0) request.destroy();
      },
    }).catch(() => undefined);
    const request = await until('the request', 10_000, async () => upstream.requests[before]);
    expect(await request.hungUp).toBe(true);
  });
});

const refusal = (...entries: object[]) =>
  runApp('worker', { DATABASE_URL: 'postgresql://127.0.0.1:1/nowhere', CHATKIT_CONFIG: configOf(...entries) });

describe('what cannot be loaded stops the worker, which names file, reason and remedy', () => {
  it.each<[string, string, RegExp, RegExp, object?]>([
    ['syntax.mjs', 'export default {\n  name: oops oops\n};', /SyntaxError.*syntax\.mjs:2/, /correct the file/],
    ['imports.mjs', `import 'not-installed-here';`, /Cannot find package 'not-installed-here'/, /must be installed/],
    ['nothing.mjs', 'export const provider = {};', /no default export/, /export default defineProvider/],
    [
      'class.mjs',
      'export default class Mine {}',
      /default export is a class \(Mine\)/,
      /export default defineProvider/,
    ],
    ['function.mjs', 'export default () => {}', /default export is a function/, /export default defineProvider/],
    ['plain.mjs', `export default { name: 'x' };`, /default export is not a provider/, /export default defineProvider/],
    ['wrong.mjs', MODULE.replace('async *stream', 'async *streams'), /stream: must be a function/, /correct the file/],
    ['bad-url.mjs', MODULE, /url: Invalid URL/, /correct the entry/, { url: 'nowhere' }],
    ['unknown.mjs', MODULE, /Unrecognized key: "adress"/, /correct the entry/, { url: 'http://x', adress: 'x' }],
  ])('%s', async (name, text, reason, remedy, options = {}) => {
    write(name, text);
    const { code, output } = await refusal({ id: 'mine', module: `./${name}`, ...options });
    expect(code).not.toBe(0);
    expect(output).toContain(`provider "mine": ${join(folder, name)} cannot be used`);
    expect(output).toMatch(reason);
    expect(output).toMatch(remedy);
    expect(output).not.toMatch(/^\s+at /m);
  });

  it('names all of them at once', async () => {
    write('empty.mjs', 'export default 1;');
    const { output } = await refusal({ id: 'one', module: './empty.mjs' }, { id: 'two', module: './empty.mjs' });
    for (const id of ['one', 'two']) expect(output).toContain(`provider "${id}"`);
  });
});

it('starts with the config file of the guide', async () => {
  const CHATKIT_CONFIG = 'examples/providers/chatkit.config.yaml';
  const relay = await startRelay('postgres', { variables: { CHATKIT_CONFIG } });
  await relay.stop();
  expect(relay.workers[0]?.ready).toMatchObject({ providers: ['module', 'module'], defaultModel: 'tiny/tiny-1' });
});
