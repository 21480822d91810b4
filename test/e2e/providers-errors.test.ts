import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { type SeenRequest } from '#providers/testing';
import { operatorHint, type RunErrorCode } from '#runtime';
import { type Answer, createThread, deltasOf, listItems, post, postJson, threadIdOf, until } from '../support/chat.js';
import { type Relay, useRelay } from '../support/relay.js';
import { useLocalServer } from '../support/local-server.js';

const KEY = 'sk-errors-0123456789abcdef';
const HEADER = 'team-secret-fedcba9876543210';
const CONFIG = new URL('providers-errors.config.yaml', import.meta.url).pathname;

/** What the server does, `echo` being the words of a server that repeats every secret it was given. */
type Failing = (response: ServerResponse, echo: string) => void;

const refuses =
  (status: number, error: object, headers: Record<string, string> = {}): Failing =>
  (response, echo) =>
    void response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify({ error: { message: echo, ...error } }));

const streams =
  (...frames: string[]): Failing =>
  (response, echo) =>
    void response
      .writeHead(200, { 'content-type': 'text/event-stream' })
      .end(frames.map((frame) => `data: ${frame.replace('ECHO', echo)}\n\n`).join(''));

const delta = (content: string, finish: string | null = null) =>
  JSON.stringify({ choices: [{ index: 0, delta: { role: 'assistant', content }, finish_reason: finish }] });

interface Case {
  readonly does: Failing;
  readonly code: RunErrorCode;
  /** The words for the person, or who is told them instead. */
  readonly user: string;
  readonly retry: boolean;
  /** Something of the cause, in the log. */
  readonly cause: string;
}

const BUSY = 'The model is busy right now. Please try again in a moment.';
const unforeseen = { user: 'unforeseen', retry: true };
const operator = { user: 'operator', retry: true };

const CASES: Record<string, Case> = {
  'wrong-key': {
    does: refuses(401, { code: 'invalid_api_key' }),
    code: 'provider.bad_key',
    ...operator,
    cause: 'HTTP 401',
  },
  'no-access': {
    does: refuses(403, { type: 'permission_error' }),
    code: 'provider.no_access',
    ...operator,
    cause: 'HTTP 403',
  },
  'bad-request': { does: refuses(400, {}), code: 'provider.bad_request', ...operator, cause: 'HTTP 400' },
  'no-model': {
    does: refuses(404, { code: 'model_not_found' }),
    code: 'provider.model_unknown',
    user: 'The chosen model is not available. Please choose another one.',
    retry: false,
    cause: 'HTTP 404',
  },
  'rate-limit': {
    does: refuses(429, { type: 'rate_limit_error' }, { 'retry-after': '1' }),
    code: 'provider.rate_limited',
    user: BUSY,
    retry: true,
    cause: 'HTTP 429',
  },
  overloaded: { does: refuses(529, {}), code: 'provider.overloaded', user: BUSY, retry: true, cause: 'HTTP 529' },
  broken: { does: refuses(500, {}), code: 'provider.unavailable', ...unforeseen, cause: 'HTTP 500' },
  'too-long': {
    does: refuses(400, { code: 'context_length_exceeded' }),
    code: 'provider.context_too_long',
    user: 'This conversation has become too long for the model. Please start a new chat.',
    retry: false,
    cause: 'context_length_exceeded',
  },
  filtered: {
    does: refuses(400, { code: 'content_filter' }),
    code: 'provider.content_filtered',
    user: 'The model refused this message because of its content rules. Please rephrase it.',
    retry: false,
    cause: 'content_filter',
  },
  'error-in-stream': {
    does: streams(delta('one '), JSON.stringify({ error: { message: 'ECHO', type: 'overloaded_error' } })),
    code: 'provider.overloaded',
    user: BUSY,
    retry: true,
    cause: 'in mid-stream',
  },
  truncated: {
    does: streams(delta('one '), delta('two ')),
    code: 'provider.stream_truncated',
    ...unforeseen,
    cause: 'stream_truncated',
  },
  cut: {
    does: (response, echo) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`data: ${delta('one ')}\n\ndata: ${echo}`, () => response.destroy());
    },
    code: 'provider.stream_truncated',
    ...unforeseen,
    cause: 'stream_truncated',
  },
  garbage: {
    does: streams('{ECHO'),
    code: 'provider.malformed_response',
    ...unforeseen,
    cause: 'expected JSON',
  },
  page: {
    does: (response, echo) => void response.writeHead(200, { 'content-type': 'text/html' }).end(`<h1>${echo}</h1>`),
    code: 'provider.malformed_response',
    ...unforeseen,
    cause: 'text/html',
  },
  'error-page': {
    does: (response, echo) => void response.writeHead(401, { 'content-type': 'text/html' }).end(`<h1>${echo}</h1>`),
    code: 'provider.bad_key',
    ...operator,
    cause: 'HTTP 401',
  },
  empty: { does: streams(delta('', 'stop'), '[DONE]'), code: 'provider.empty_response', ...unforeseen, cause: 'empty' },
};

/** The model's name says what happens; `hangs` begins to answer and never goes on. */
function answer(response: ServerResponse, { body, headers }: SeenRequest): void {
  const echo = `got ${headers.authorization} and ${headers['x-team-secret']}`;
  const model = String(body['model']);
  const known = CASES[model];
  if (known) return known.does(response, echo);
  if (model !== 'hangs') return refuses(404, {})(response, echo);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(`data: ${delta('one two three')}\n\n`);
}

interface LogLine {
  readonly msg: string;
  readonly code?: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly model?: string;
}

/** The line of the failed run of this model, once it is written. */
const lineOf = (relay: Relay, model: string) =>
  until('the log line of the run', 10_000, async () =>
    (relay.workers[0]?.output() ?? '')
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => JSON.parse(line) as LogLine)
      .find((line) => line.msg === 'run failed' && line.detail?.includes(`local/${model})`)),
  );

describe.each([
  ['its own developer', 'none'],
  ['users behind a proxy', 'trustedHeader'],
] as const)('what goes wrong with a provider, on a server for %s', (_, mode) => {
  const upstream = useLocalServer(answer);
  const relay = useRelay('postgres', () => ({
    variables: {
      AUTH_MODE: mode,
      CHATKIT_CONFIG: CONFIG,
      TEST_URL: upstream.url,
      TEST_KEY: KEY,
      TEST_HEADER: HEADER,
    },
  }));

  function expectedEvent({ user, retry, cause, code }: Case) {
    const isTold = user !== 'unforeseen' && user !== 'operator';
    if (mode !== 'none') {
      return isTold
        ? { type: 'error', code: 'custom', message: user, allow_retry: retry }
        : { type: 'error', code: 'stream.error', allow_retry: retry };
    }
    const why = `${isTold ? `^${user}\\n` : ''}[^]*${cause}[^]*\\n${operatorHint(code).replaceAll(/[()]/g, '\\$&')}$`;
    const message = expect.stringMatching(new RegExp(why)) as string;
    return { type: 'error', code: user === 'unforeseen' ? 'stream.error' : 'custom', message, allow_retry: retry };
  }

  it.each(Object.entries(CASES))('%s: the event, the row and the log', async (model, one) => {
    const seen = await post(relay.url, createThread('Go on', { model: `local/${model}` }));
    expect(seen.complete).toBe(true);
    expect(seen.events.at(-1)).toEqual(expectedEvent(one));
    expect(seen.events.filter(({ type }) => type === 'error')).toHaveLength(1);

    const page = await postJson<{ data: { type: string }[] }>(relay.url, listItems(threadIdOf(seen)));
    expect(page.data.map((item) => item.type)).toEqual(['user_message']);
    const [row] = await relay.query<{ error_code: string; error_detail: string }>(
      'SELECT error_code, error_detail FROM runs WHERE thread_id = $1',
      [threadIdOf(seen)],
    );
    expect(row).toEqual({ error_code: one.code, error_detail: expect.stringContaining(one.cause) as string });
    expect(await lineOf(relay, model)).toMatchObject({
      code: one.code,
      detail: row?.error_detail,
      hint: operatorHint(one.code),
    });
    expectNoSecrets(seen);
  });

  it('a provider that hangs is let go when the person stops, and no failure', async () => {
    const seen = await post(relay.url, createThread('Go on', { model: 'local/hangs' }), {
      onEvents: (events, request) => void (deltasOf(events).length > 0 && request.destroy()),
    });
    const [row] = await until('the run settles', 10_000, async () => {
      const rows = await relay.query<{ state: string; error_code: string | null }>(
        `SELECT state, error_code FROM runs WHERE thread_id = $1 AND state NOT IN ('queued', 'working')`,
        [threadIdOf(seen)],
      );
      return rows.length > 0 && rows;
    });
    expect(row).toEqual({ state: 'cancelled', error_code: null });
    const hanging = upstream.requests.find(({ body }) => body['model'] === 'hangs');
    expect(await hanging?.hungUp).toBe(true);
    expectNoSecrets(seen);
  });

  it('says no secret anywhere: not in logs, rows, the catalogue and health', async () => {
    const health = await fetch(`${relay.url}/health/ready?deep=1`).then((response) => response.text());
    const rows = await Promise.all(
      ['runs', 'items', 'catalogues', 'run_log_entries'].map((table) => relay.query(`SELECT * FROM ${table}`)),
    );
    const logs = [...relay.apis, ...relay.workers].map((app) => app.output());
    for (const text of [health, JSON.stringify(rows), ...logs]) expectNoSecretsIn(text);
    expect(logs.join('\n')).toContain('run failed');
    expect(JSON.stringify(rows)).toContain('[secret]');
  });
});

const expectNoSecrets = ({ raw, headers }: Answer): void => expectNoSecretsIn(raw + JSON.stringify(headers));

function expectNoSecretsIn(text: string): void {
  for (const secret of [KEY, HEADER]) expect(text).not.toContain(secret);
}
