import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import { until } from '../support/chat.js';
import { startCommand } from '../support/commands.js';
import { useLocalServer } from '../support/local-server.js';
import { it } from '../support/own.js';
import { useRelay } from '../support/relay.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { startForeignServer } from './foreign-server.js';
import { CHAT, runChat, Terminal, terminalMissing } from './terminal.js';

/** Without a config file and a key the tour answers, which has everything that an answer can have. */
const relay = useRelay('postgres', { variables: { AUTH_MODE: 'none', CHATKIT_CONFIG: '' } });
const folder = temporaryFolder('chat-');
const here = (...args: string[]): string[] => ['--url', `${relay.url}/chatkit`, ...args];

/** What a wrong address may lead to. */
const noChat = useLocalServer((response, { path }) => {
  if (path === '/page') return void response.setHeader('content-type', 'text/html').end('<h1>Welcome</h1>');
  if (path === '/json') return void response.setHeader('content-type', 'application/json').end('{"hello":1}');
  if (path === '/nothing') return void response.end();
  if (path !== '/cut' && path !== '/mute') return void response.writeHead(404).end();
  const thread = { id: 'thr_1', created_at: '2026-11-30T00:00:00Z', status: { type: 'active' }, items: { data: [] } };
  response.setHeader('content-type', 'text/event-stream');
  const created = `data: ${JSON.stringify({ type: 'thread.created', thread })}\n\n`;
  if (path === '/mute') response.end(created);
  else response.write(created, () => response.destroy());
});

/** What a script is told of a server at such an address. */
async function toldAt(path: string, ...args: string[]): Promise<unknown[]> {
  const { code, stdout, stderr } = await runChat(['--url', `${noChat.url}${path}`, ...args, 'Hi']);
  return [code, stdout, stderr.trim().split('\n')[0]];
}

interface End {
  readonly type: 'end';
  readonly outcome: string;
  readonly thread: string;
  readonly text: string;
  readonly error?: string;
  readonly waiting?: { readonly type: string };
}

function eventsIn(stdout: string): { type: string }[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string });
}
const endIn = (stdout: string): End => eventsIn(stdout).at(-1) as End;

describe('npm run chat without a terminal', () => {
  it('writes the answer, and nothing else, to standard output', async () => {
    const { code, stdout, stderr } = await runChat(here('(tokens=3)', '(delay=1)'));
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'tok1 tok2 tok3 \n' });
    // On a busy machine it may hold a line about waiting.
    expect(stderr).not.toContain('tok');
  });

  it('goes on with a conversation, one event a line, the message from standard input', async () => {
    const first = endIn((await runChat(here('--json', '(tokens=1)'))).stdout);
    const { code, stdout } = await runChat(here('--json', '--thread', first.thread), '(tokens=2)\n');
    expect([code, endIn(stdout)]).toEqual([0, expect.objectContaining({ outcome: 'completed', thread: first.thread })]);
    expect(endIn(stdout).text).toBe('tok1 tok2 ');
    expect(new Set(eventsIn(stdout).map(({ type }) => type))).toEqual(
      new Set(['run', 'options', 'item.added', 'item.updated', 'item.done', 'end']),
    );
    const again = await runChat(here('--json', '--thread', first.thread, '--retry'));
    expect([again.code, endIn(again.stdout).text]).toEqual([0, 'tok1 tok2 ']);
    expect(await relay.query('SELECT id FROM items WHERE thread_id = $1', [first.thread])).toHaveLength(4);
  });

  it('tells why an answer failed, a model is not there, and a server is not', async () => {
    const failed = await runChat(here('(fail)'));
    expect([failed.code, failed.stderr]).toEqual([1, expect.stringContaining('asked the demo provider to fail')]);
    const unknown = await runChat(here('--model', 'nobody/none', 'Hi'));
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('nobody/none')]);
    const away = await runChat(['--url', 'http://127.0.0.1:9/chatkit', 'Hi']);
    expect([away.code, away.stderr]).toEqual([1, expect.stringContaining('cannot be reached')]);
    expect((await runChat(['--nonsense'])).code).toBe(2);
  });

  it('tells that what answers is no chat server, and that a connection was lost', async () => {
    const none = [1, '', expect.stringMatching(/^What answers there is no chat server/)];
    for (const path of ['/page', '/json', '/nothing']) expect([path, await toldAt(path)]).toEqual([path, none]);
    expect(await toldAt('/page', '--thread', 'thr_1')).toEqual(none);
    for (const args of [[], ['--thread', 'thr_1']])
      expect(await toldAt('/mute', ...args)).toEqual([
        1,
        '',
        expect.stringMatching(/^The stream ended without an answer/),
      ]);
    expect(await toldAt('/none')).toEqual([1, '', 'HTTP 404']);
    expect(await toldAt('/cut')).toEqual([1, '', 'The connection was lost before the answer was complete.']);
  });

  it('attaches files, and says which cannot be read', async () => {
    const file = join(folder, 'note.txt');
    writeFileSync(file, 'Remember the milk.');
    const { code, stdout } = await runChat(here('--json', '--attach', file, 'Read this'));
    const { thread } = endIn(stdout);
    const rows = await relay.query('SELECT name, mime_type FROM attachments WHERE thread_id = $1', [thread]);
    expect([code, rows]).toEqual([0, [{ name: 'note.txt', mime_type: 'text/plain' }]]);
    const missing = await runChat(here('--attach', join(folder, 'none.txt'), 'x'));
    expect([missing.code, missing.stderr]).toEqual([1, expect.stringContaining('none.txt cannot be read: ENOENT')]);
  });

  it('ends with 3 where a form or a tool of the page waits, and answers it', async () => {
    const form = await runChat(here('Ask me something'));
    expect([form.code, form.stderr]).toEqual([3, expect.stringContaining('drink: Tea or coffee?')]);
    const thread = /--thread (\S+)/.exec(form.stderr)?.[1] ?? '';
    const wrong = await runChat(here('--thread', thread, '--answer', '{"eat": "Cake"}'));
    expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('drink, with, why')]);
    const answered = await runChat(here('--thread', thread, '--answer', '{"drink": "Tea", "with": ["Milk", "Lemon"]}'));
    expect([answered.code, answered.stdout]).toEqual([0, expect.stringContaining('With what? **Milk, Lemon**')]);

    const tool = endIn((await runChat(here('--json', 'Use a tool of this page'))).stdout);
    expect([tool.outcome, tool.waiting?.type]).toEqual(['waiting', 'client_tool_call']);
    const done = await runChat(here('--thread', tool.thread, '--answer', '{"title": "A page"}'));
    expect([done.code, done.stdout]).toEqual([0, expect.stringContaining('"title": "A page"')]);
  });

  it('stops the answer on the server at the first Ctrl-C', async () => {
    const { child, output, ended } = startCommand(CHAT, here('--json', '(slow) Hello'));
    child.stdin?.end();
    await until('a part of the answer', 15_000, async () => output().includes('"delta"'));
    child.kill('SIGINT');
    const { code, stdout } = await ended;
    const { outcome, thread } = endIn(stdout);
    expect([code, outcome]).toEqual([130, 'stopped']);
    await until('the run is cancelled', 10_000, async () => {
      const [run] = await relay.query<{ state: string }>('SELECT state FROM runs WHERE thread_id = $1', [thread]);
      return run?.state === 'cancelled';
    });
  });

  it('stops the answer when its reader has closed the pipe', async () => {
    const { child, output, ended } = startCommand(CHAT, here('--json', '(slow) Hello'));
    child.stdin?.end();
    await until('a part of the answer', 15_000, async () => output().includes('"delta"'));
    child.stdout?.destroy();
    const { code, stderr } = await ended;
    expect({ code, stderr }).toEqual({ code: 130, stderr: '' });
  });

  it('speaks with a server of somebody else, and writes no control characters of it', async ({ own }) => {
    const foreign = own(await startForeignServer());
    const args = ['--url', foreign.url, '--header', 'Authorization: Bearer secret', '--model', 'm'];
    const { code, stdout } = await runChat([...args, 'Good day']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Good ]0;evilday\n' });
    expect(foreign.asked[0]).toMatchObject({
      type: 'threads.create',
      params: { input: { content: [{ type: 'input_text', text: 'Good day' }], inference_options: { model: 'm' } } },
    });
    await runChat([...args, '--language', 'pt-BR', 'Bom dia']);
    expect(foreign.asked.at(-1)?.language).toBe('pt-BR');
    const refused = await runChat(['--url', foreign.url, 'Hi']);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("--header 'Authorization: Bearer …'")]);
  });

  it('stops the answer of a server of somebody else by leaving it, and keeps what had come', async ({ own }) => {
    const foreign = own(await startForeignServer());
    const args = ['--url', foreign.url, '--header', 'Authorization: Bearer secret', '--json', 'Go on'];
    const { child, output, ended } = startCommand(CHAT, args);
    child.stdin?.end();
    await until('a part of the answer', 15_000, async () => output().includes('"delta"'));
    expect(foreign.left()).toBe(0);
    child.kill('SIGINT');
    const { code, stdout } = await ended;
    expect([code, endIn(stdout)]).toEqual([130, expect.objectContaining({ outcome: 'stopped', thread: 'thr_1' })]);
    await until('the server has seen it', 5_000, async () => foreign.left() === 1);
    // Nothing of ours was asked for: it would be an error there.
    expect(foreign.asked.map(({ type }) => type)).toEqual(['threads.create']);
  });
});

describe.runIf(!terminalMissing)(`npm run chat at a terminal (${terminalMissing || 'not skipped'})`, () => {
  it('draws answers, asks what a form asks, carries out actions of widgets, and stops', async ({ own }) => {
    const terminal = own(new Terminal(...here()));
    await terminal.enter('Show me your widgets');
    await terminal.sees('[1] Order');
    await terminal.sees('Click what can be clicked.');
    await terminal.enter('/act 1 name=Mint');
    expect(await terminal.sees('You have ordered')).toContain('Ordered');

    await terminal.enter('Ask me something');
    await terminal.sees('your own words: ');
    terminal.type('2\r');
    await terminal.sees('your own words: ');
    terminal.type('1, 3\r');
    await terminal.sees('In your own words.');
    terminal.type('because\r');
    expect(await terminal.sees('because\u001B')).toContain('\u001B[1mMilk, Lemon\u001B[0m');

    await terminal.enter('Use a tool of this page');
    await terminal.sees('declined): ');
    terminal.type('no\r');
    await terminal.sees('declined');

    await terminal.enter('(slow) Hello');
    await terminal.sees('This');
    terminal.type('\u0003');
    await terminal.sees('Stopped. /retry answers the question again.');
    await terminal.sees('> ');
    terminal.type('\u0003');
    await terminal.sees('Press Ctrl-C again to quit.');
    await terminal.sees('> ');
    terminal.type('\u0003');
    expect((await terminal.ended).code).toBe(130);
  });

  it('lists, opens, renames and deletes conversations, and chooses who answers', async ({ own }) => {
    const { thread } = endIn((await runChat(here('--json', '(tokens=2)'))).stdout);
    const terminal = own(new Terminal(...here()));
    await terminal.enter('/threads');
    await terminal.sees(thread);
    await terminal.enter(`/open ${thread}`);
    await terminal.sees('tok1 tok2');
    await terminal.enter('/rename Two tokens');
    await terminal.sees('Renamed to Two tokens.');
    await terminal.enter('/models');
    await terminal.sees('demo/demo');
    await terminal.enter('/model demo/demo');
    await terminal.sees('demo/demo answers from now on.');
    await terminal.enter('(tokens=3)');
    await terminal.sees('tok3');
    await terminal.enter('/retry');
    await terminal.sees('tok3');
    const [row] = await relay.query<{ title: string }>('SELECT title FROM threads WHERE id = $1', [thread]);
    expect(row?.title).toBe('Two tokens');
    await terminal.enter('/feedback fine');
    await terminal.sees('Say /feedback good or /feedback bad.');
    await terminal.enter('/feedback good');
    await terminal.sees('Thank you');
    expect(await relay.query('SELECT kind FROM feedback WHERE thread_id = $1', [thread])).toEqual([
      { kind: 'positive' },
    ]);
    await terminal.enter('/delete');
    await terminal.sees('Deleted.');
    expect(await relay.query('SELECT id FROM threads WHERE id = $1', [thread])).toEqual([]);
    await terminal.enter('/nonsense');
    await terminal.sees('There is no command /nonsense.');
    await terminal.enter('/quit');
    expect((await terminal.ended).code).toBe(0);
  });

  it('sends the words of a recording to a server that transcribes, and says what is no recording', async ({ own }) => {
    const foreign = own(await startForeignServer());
    const terminal = own(new Terminal('--url', foreign.url, '--header', 'Authorization: Bearer secret'));
    const path = join(folder, 'said.wav');
    writeFileSync(path, 'RIFF');
    await terminal.enter(`/dictate ${path}`);
    await terminal.sees('What was said');
    await terminal.sees('day');
    expect(foreign.asked.map(({ type, params }) => [type, params['audio_base64'] ?? params['input']])).toEqual([
      ['input.transcribe', 'UklGRg=='],
      ['threads.create', expect.objectContaining({ content: [{ type: 'input_text', text: 'What was said' }] })],
    ]);
    await terminal.enter('/dictate said.txt');
    await terminal.sees('said.txt is no recording: .m4a');
    await terminal.enter('/quit');
    expect((await terminal.ended).code).toBe(0);
  });
});
