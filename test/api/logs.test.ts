import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createThread, doneItems, post, postJson, textOf, threadIdOf, until } from '../support/chat.js';
import { engineKinds } from '../support/engines.js';
import { useLocalServer } from '../support/local-server.js';
import { runApp } from '../support/processes.js';
import { useRelay } from '../support/relay.js';

interface Line extends Readonly<Record<string, unknown>> {
  readonly level: number;
  readonly msg: string;
}

const TRACE = 10;

/** What must never be logged, at any level. */
const SECRETS = {
  providerKey: 'k3y-in-the-config-file',
  providerHeader: 'h3ader-in-the-config-file',
  adminToken: 'admin-t0ken-of-sixteen-or-more',
  ownToken: 'cl1ent-bearer-of-somebody',
  linkToken: 'l1nk-t0ken-in-a-query',
  serverSecret: 'secrets-k3y-of-thirty-two-characters-or-more',
};
/** What the person wrote and named. */
const CONTENT = {
  message: 'The tumour is malignant, do not tell my wife',
  title: 'Letter to my divorce lawyer',
  file: 'payslip-of-ada-lovelace.pdf',
  search: 'burnout clinic prices',
  broken: 'half of a body about my debts',
  wish: 'a loan behind his back',
  dictated: 'tell the doctor about the drinking',
};
const UNSAFE_REQUEST_ID = 'an id with words';
const ANSWER = 'Provider says UNMISTAKABLE';

const PROSE = 'Your diagnosis is confidential, and no JSON at all';

/** Asks for the tool first, with what the person wrote; then says something. */
function toolAnswer(request: string): object {
  const isAnswered = request.includes('"role":"tool"');
  const call = { name: 'look_up', arguments: JSON.stringify({ of: CONTENT.message }) };
  const message = isAnswered
    ? { role: 'assistant', content: 'Nothing is known.' }
    : { role: 'assistant', content: null, tool_calls: [{ id: 'call_1', type: 'function', function: call }] };
  const choice = { index: 0, message, finish_reason: isAnswered ? 'stop' : 'tool_calls' };
  return { object: 'chat.completion', choices: [choice] };
}

/** Repeats everything that it is told: beside its answer, or in its failure. */
const echoes = useLocalServer((response, { method, path, headers, text }) => {
  response.setHeader('content-type', 'application/json');
  if (method === 'GET') return void response.end('{"data":[]}');
  const told = `${JSON.stringify(headers)} ${text}`;
  if (path.startsWith('/tools/')) return void response.end(JSON.stringify(toolAnswer(text)));
  if (path.startsWith('/prose/')) {
    response.setHeader('content-type', 'text/plain');
    return void response.end(PROSE);
  }
  if (path === '/words') return void response.end(JSON.stringify({ answer: ANSWER, debug: { told } }));
  response.statusCode = 400;
  response.end(JSON.stringify({ error: { message: `cannot take ${told}`, type: 'invalid' } }));
});

describe('the log of a server at level trace', () => {
  const relay = useRelay(engineKinds[0] ?? 'postgres', () => ({
    variables: {
      LOG_LEVEL: 'trace',
      ADMIN_TOKEN: SECRETS.adminToken,
      SECRETS_KEY: SECRETS.serverSecret,
      CHATKIT_CONFIG: fileURLToPath(new URL('logs.config.yaml', import.meta.url)),
      TEST_URL: echoes.url,
    },
  }));
  const lines = (): Line[] =>
    [...relay.apis, ...relay.workers].flatMap((app) =>
      app
        .output()
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as Line),
    );
  const line = (msg: string, fields: object): Promise<Line> =>
    until(`the line "${msg}"`, 5_000, async () =>
      lines().find((one) => one.msg === msg && Object.entries(fields).every(([name, value]) => one[name] === value)),
    );
  const ask = (model: string, requestId: string) =>
    post(relay.url, createThread(CONTENT.message, { model }), {
      headers: { 'x-request-id': requestId, authorization: `Bearer ${SECRETS.ownToken}` },
      query: `?token=${SECRETS.linkToken}`,
    });

  it('names request, run, thread, user and tenant in every line of a run, in both processes', async () => {
    const answer = await ask('words/w', 'req-answered');
    expect(textOf(doneItems(answer.events, 'assistant_message')[0])).toBe(ANSWER);
    const ids = {
      requestId: 'req-answered',
      runId: answer.headers['chatkit-run-id'],
      threadId: threadIdOf(answer),
      userId: 'ada',
      tenantId: 'default',
    };
    await Promise.all([line('run settled', { runId: ids.runId }), line('request', { requestId: ids.requestId })]);
    const own = lines().filter((one) => Object.values(one).includes(ids.requestId) || one['runId'] === ids.runId);
    expect(own.map(({ msg }) => msg)).toEqual(
      expect.arrayContaining(['request', 'provider frame', 'model attempt', 'run settled']),
    );
    for (const one of own) expect(one).toMatchObject(ids);
  });

  it('names them also where a run fails', async () => {
    const answer = await ask('quotes/m', 'req-failed');
    const ids = { requestId: 'req-failed', threadId: threadIdOf(answer), userId: 'ada', tenantId: 'default' };
    expect(await line('run failed', { requestId: 'req-failed' })).toMatchObject({
      ...ids,
      code: 'provider.bad_request',
    });
  });

  it('numbers the frames of a provider, from 1', async () => {
    const frames = lines().filter(({ msg, level }) => msg === 'provider frame' && level === TRACE);
    expect(frames[0]).toMatchObject({ provider: 'words', model: 'w', frame: 1 });
    expect(frames[0]?.['data']).toContain(ANSWER);
  });

  it('has one line for a request, and none for a health check', async () => {
    await fetch(`${relay.url}/health/ready`);
    await fetch(`${relay.url}/he%61lth`);
    const headers = { 'x-request-id': 'req-refused' };
    await post(relay.url, { type: 'threads.get_by_id', params: { thread_id: 'thr_nobody' } }, { headers });
    expect(await line('request', { requestId: 'req-refused' })).toMatchObject({ status: 404, threadId: 'thr_nobody' });
    for (const id of ['req-refused', 'req-answered'])
      expect(lines().filter((one) => one.msg === 'request' && one['requestId'] === id)).toHaveLength(1);
    expect(lines().filter(({ path }) => /^\/he(a|%61)lth/.test(String(path)))).toEqual([]);
  });

  it('quotes nothing of what an assistant throws: from a tool, for the title, at its end', async () => {
    const answer = await post(relay.url, createThread(CONTENT.message), { query: '?assistant=throws' });
    const runId = answer.headers['chatkit-run-id'];
    const [failed, tool, title] = await Promise.all([
      line('run failed', { runId }),
      line('a tool failed', { runId }),
      line('no title from the model', { runId }),
    ]);
    expect(tool).toMatchObject({ tool: 'look_up', error: 'Error: nothing is known of: [content]' });
    expect(title['error']).toBe('Error: no title for: [content]');
    expect(failed['detail']).toMatch(
      /^the answer to \[content\] is not valid JSON.*at test\/api\/logs\.assistant\.js:\d+/,
    );
    for (const { at } of [tool, title]) expect(at).toMatch(/^test\/api\/logs\.assistant\.js:\d+/);
  });

  it('quotes nothing of what is thrown by a hook, or in an assistant call, and tells its place', async () => {
    const answer = await post(relay.url, createThread(CONTENT.message, { model: 'words/w' }), {
      headers: { 'x-request-id': 'req-hooked' },
    });
    const hook = await line('the hook `after` failed', { requestId: 'req-hooked' });
    expect(hook).toMatchObject({
      error: 'Error: the audit is down: [content]',
      runId: answer.headers['chatkit-run-id'],
      userId: 'ada',
    });

    const thread_id = threadIdOf(answer);
    const [item] = doneItems(answer.events, 'assistant_message');
    const calls = [
      ['threads.sync_custom_action', { thread_id, action: { type: 'wish', payload: { wish: CONTENT.wish } } }],
      ['items.feedback', { thread_id, item_ids: [item?.id], kind: 'negative' }],
      ['input.transcribe', { audio_base64: Buffer.from(CONTENT.dictated).toString('base64'), mime_type: 'audio/webm' }],
    ] as const;
    for (const [type, params] of calls) {
      const headers = { 'x-request-id': `req-${type}` };
      await post(relay.url, { type, params }, { headers, query: '?assistant=throws' });
    }
    const [action, feedback, speech] = await Promise.all(
      calls.map(([type]) => line('an assistant call failed', { requestId: `req-${type}` })),
    );
    expect(action?.['error']).toMatch(/^Error: no \[content\] for \[.*"text":"\[content\]"/);
    expect(feedback?.['error']).toBe('Error: not good: [content]');
    expect(speech?.['error']).toBe('RangeError');
    expect(hook['at']).toMatch(/^test\/api\/logs\.hooks\.js:\d+/);
    for (const failed of [action, feedback, speech]) {
      expect(failed?.['at']).toMatch(/^test\/api\/logs\.assistant\.js:\d+/);
      expect(failed?.['stack']).toContain('logs.assistant.js');
    }
  });

  it('quotes nothing of an answer that cannot be read', async () => {
    await ask('prose/p', 'req-prose');
    const { detail, code } = await line('run failed', { requestId: 'req-prose' });
    expect(code).toBe('provider.malformed_response');
    expect(detail).toContain(`expected JSON, got something else: ${PROSE.length} characters of text/plain`);
  });

  it('holds no secret at all, and content in the frames of providers alone', async () => {
    const { url } = relay;
    await postJson(url, { type: 'threads.update', params: { thread_id: await threadId(), title: CONTENT.title } });
    const file = { name: CONTENT.file, size: 3, mime_type: 'application/pdf' };
    await postJson(url, { type: 'attachments.create', params: file });
    await fetch(`${url}/chatkit/threads?q=${encodeURIComponent(CONTENT.search)}`, {
      headers: { 'x-test-user': 'ada' },
    });
    await post(url, `{"type": "threads.create", "params": "${CONTENT.broken}`);
    await fetch(`${url}/admin/queues`, { headers: { authorization: `Bearer ${SECRETS.adminToken}` } });
    await fetch(`${url}/admin/queues`, { headers: { authorization: `Bearer not-${SECRETS.adminToken}` } });
    await post(url, createThread('again'), { headers: { 'x-request-id': UNSAFE_REQUEST_ID } });
    // Each process writes its lines in their order, so that all of the above are there with those of the last message.
    const last = await post(url, createThread('again', { model: 'words/w' }), {
      headers: { 'x-request-id': 'req-last' },
    });
    await Promise.all([
      line('request', { requestId: 'req-last' }),
      line('run settled', { runId: last.headers['chatkit-run-id'] }),
    ]);

    const all = lines();
    expect(JSON.stringify(all)).not.toContain(UNSAFE_REQUEST_ID);
    for (const secret of Object.values(SECRETS)) expect(JSON.stringify(all)).not.toContain(secret);
    expect(JSON.stringify(all)).not.toContain(Buffer.from(`admin:${SECRETS.adminToken}`).toString('base64'));
    const usual = JSON.stringify(all.filter(({ level }) => level > TRACE));
    for (const text of [...Object.values(CONTENT), ANSWER, PROSE.slice(0, 20)]) expect(usual).not.toContain(text);
    // The failure itself is told.
    expect(usual).toMatch(/cannot take .*\[content\]/);
  });

  async function threadId(): Promise<string> {
    const [row] = await relay.query<{ id: string }>('SELECT id FROM threads LIMIT 1');
    return row?.id ?? '';
  }
});

describe('a process that cannot start', () => {
  it.each(['api', 'worker'] as const)('says why in a JSON line: %s', async (app) => {
    const { raw } = await runApp(app, { DATABASE_URL: 'mysql://db', LOG_LEVEL: 'silent' });
    const told = raw
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text) as Line);
    expect(told).toHaveLength(1);
    expect(told[0]).toMatchObject({ name: app, level: 60, msg: 'the configuration is not valid' });
    expect(told[0]?.['problems']).toContainEqual(expect.stringMatching(/^DATABASE_URL: /));
  });

  it('says so also where the failure was not foreseen, without the password that it used', async () => {
    const { raw } = await runApp('worker', { DATABASE_URL: 'postgresql://u:hunter-2-hunter@127.0.0.1:1/x' });
    const told = raw
      .trim()
      .split('\n')
      .map((text) => JSON.parse(text) as Line);
    const last = told.find(({ level }) => level === 60);
    expect(last?.msg).toBe('the process could not start');
    expect(last?.['err']).toMatchObject({ message: expect.stringContaining('ECONNREFUSED') });
    expect(raw).not.toContain('hunter-2-hunter');
  });
});
