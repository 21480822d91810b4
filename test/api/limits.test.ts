import { beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { newId, REQUEST_LIMITS } from '#chatkit';
import { input, post, postJson, threadIdOf, until } from '../support/chat.js';
import { USER_HEADER, useRelay } from '../support/relay.js';
import { putItem } from './support/seed.js';
import { expectResponsive, send, type Sending, type Sent } from './support/watched.js';

const MB = 1024 * 1024;
const BODY = 4 * MB - 1_000;
const relay = useRelay('postgres', { workers: 0 });

const repeated = (text: string, count: number): string => Array<string>(count).fill(text).join();
const x = (length: number): string => 'x'.repeat(length);
const message = (fields: string): string =>
  `{"type":"threads.create","params":{"input":{"content":[],"attachments":[],"inference_options":{}${fields && `,${fields}`}}}}`;
const completion = (fields: string): string => `{"model":"demo/demo",${fields}}`;
const V1: Sending = { path: '/v1/chat/completions' };
const MANY = REQUEST_LIMITS['json.values'].max - 100;
/** As many as one object may have. */
const KEYS = REQUEST_LIMITS['json.keys'].max - 10;

/** As much of everything as a body can have, and more than that. */
const attacks: [string, string, Sending?][] = [
  ['5,000 attachments', message(`"attachments":[${repeated('"a"', 5_000)}]`)],
  ['a million attachments', message(`"attachments":[${repeated('"a"', 1_000_000)}]`)],
  ['attachments that are no ids', message(`"attachments":[${repeated('1', MANY)}]`)],
  ['parts of no kind', message(`"content":[${repeated('1', MANY)}]`)],
  ['1,000 parts of no kind', message(`"content":[${repeated('{"type":"?"}', 1_000)}]`)],
  ['a text of 4 MB', message(`"content":[{"type":"input_text","text":"${x(BODY)}"}]`)],
  ['a text of 16 MB', message(`"content":[{"type":"input_text","text":"${x(16 * MB)}"}]`)],
  ['a model of 4 MB', message(`"inference_options":{"model":"${x(BODY)}"}`)],
  ['a type of 4 MB', `{"type":"${x(BODY)}","params":{}}`],
  ['a cursor of 4 MB', `{"type":"threads.list","params":{"after":"${x(BODY)}"}}`],
  ['a title of 4 MB', `{"type":"threads.update","params":{"thread_id":"thr_1","title":"${x(BODY)}"}}`],
  ['a limit without end', `{"type":"threads.list","params":{"limit":1${'0'.repeat(400)}}}`],
  ['a limit of a million digits', `{"type":"threads.list","params":{"limit":-1${'0'.repeat(1_000_000)}}}`],
  ['a list a million deep', `{"type":"threads.list","params":${'['.repeat(1_000_000)}`],
  ['objects 5,000 deep', `{"type":"threads.list","params":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_001)}`],
  ['two million values', `{"type":"threads.list","params":{},"metadata":{"a":[${repeated('1', 2_000_000)}]}}`],
  ['half a million keys', `{${Array.from({ length: 400_000 }, (_, index) => `"k${index}":1`).join()}}`],
  ['quotes behind backslashes', `{"type":"${String.raw`\"`.repeat(BODY / 2)}"}`],
  ['backslashes alone', `{"type":"${'\\'.repeat(BODY)}`],
  [
    'feedback for every item',
    `{"type":"items.feedback","params":{"thread_id":"t","item_ids":[${repeated('""', MANY)}],"kind":"positive"}}`,
  ],
  [
    'speech of 4 MB',
    `{"type":"input.transcribe","params":{"audio_base64":"${'A'.repeat(BODY)}","mime_type":"audio/webm"}}`,
  ],
  [
    '4 MB that are no base64',
    `{"type":"input.transcribe","params":{"audio_base64":"${'A'.repeat(BODY)}!","mime_type":"audio/webm"}}`,
  ],
  [
    'a large result under a key',
    `{"type":"threads.add_client_tool_output","params":{"thread_id":"t","result":{${Array.from({ length: KEYS }, (_, index) => `"k${index}":1`).join()}}}}`,
    { headers: { 'idempotency-key': 'k' } },
  ],
  [
    'answers of every name',
    `{"type":"threads.add_structured_input","params":{"thread_id":"t","item_id":"i","input":{"answers":{${Array.from({ length: KEYS }, (_, index) => `"k${index}":1`).join()}}}}}`,
  ],
  ['messages of no role', completion(`"messages":[${repeated('1', MANY)}]`), V1],
  ['10,000 messages of no role', completion(`"messages":[${repeated('{"role":"?"}', 10_000)}]`), V1],
  [
    'a union of wrong parts',
    completion(`"messages":[${repeated(`{"role":"user","content":[${repeated('1', 900)}]}`, 50)}]`),
    V1,
  ],
  [
    'results without calls',
    completion(`"messages":[${repeated('{"role":"tool","tool_call_id":"a","content":"b"}', 9_000)}]`),
    V1,
  ],
  [
    'tools that are none',
    completion(`"messages":[{"role":"user","content":"a"}],"tools":[${repeated('1', MANY)}]`),
    V1,
  ],
  [
    'unknown fields',
    completion(
      `"messages":[{"role":"user","content":"a"}],${Array.from({ length: KEYS }, (_, index) => `"k${index}":1`).join()}`,
    ),
    V1,
  ],
  [
    'a form of fields',
    `${Array.from({ length: 40_000 }, (_, index) => `--b\r\nContent-Disposition: form-data; name="f${index}"\r\n\r\nx\r\n`).join('')}--b--`,
    { path: '/files', headers: { 'content-type': 'multipart/form-data; boundary=b' } },
  ],
];

describe('the largest requests', () => {
  it.each(attacks)('%s: refused in words or answered, and the server goes on', async (_, body, how) => {
    const bytes = Buffer.from(body);
    let answer: Sent | undefined;
    await expectResponsive(relay, async () => (answer = await send(relay.url, bytes, how)));
    // Without a worker nobody turns speech into text.
    expect([500, 502, 504]).not.toContain(answer?.status);
    expect(answer?.body.length).toBeLessThan(10_000);
  });
});

describe('many large requests at once', () => {
  it('take no more memory than is set aside for them, and small ones are answered meanwhile', async () => {
    // Each character takes two bytes of memory, and one of the body.
    const body = Buffer.from(
      completion(`"stream":true,"messages":[{"role":"user","content":"\u0105${x(BODY - 100)}"}]`),
    );
    const held = new AbortController();
    onTestFinished(() => held.abort());
    const asked: Promise<unknown>[] = [];
    // No worker answers: those that are accepted stay open.
    const ask = async (user: string, accepted: number) => {
      const refused: (number | string)[] = [];
      const headers = { [USER_HEADER]: user };
      for (let count = 0; count < 10; count++) {
        asked.push(
          fetch(`${relay.url}${V1.path}`, { method: 'POST', headers, body, signal: held.signal }).then(
            ({ status }) => status !== 200 && refused.push(status),
            (error: Error) => refused.push(String(error.cause ?? error)),
          ),
        );
      }
      await until(`${accepted} of ${user} are accepted`, 60_000, async () => refused.length === 10 - accepted);
      return [...new Set(refused)];
    };
    // Two users fill the room, each with the half that one may have; the third finds none.
    expect(await ask('ada', 4)).toEqual([429]);
    expect(await ask('grace', 4)).toEqual([429]);
    expect(await ask('joan', 0)).toEqual([503]);
    await expectResponsive(relay, async () => {
      expect((await send(relay.url, '{"type":"threads.list","params":{}}')).status).toBe(200);
    });
    held.abort();
    await Promise.allSettled(asked);
    await until('there is room again', 20_000, async () => {
      const { status } = await send(relay.url, `{"type":"threads.list","params":{}}${' '.repeat(BODY - 100)}`);
      return status === 200;
    });
  }, 120_000);
});

describe('what cannot be stored or read', () => {
  const paths = [
    '/chatkit/runs/%00/events',
    '/chatkit/threads/a%00/runs',
    '/files/%00',
    '/files/%ff',
    '/v1/models/%00',
  ];
  it.each([
    ...paths,
    '/chatkit/runs/%ED%A0%80/events',
    '/usage?from=%00',
    '/chatkit/threads/a/runs?limit=1&limit=2',
    '/%',
  ])('GET %s is the sender’s error', async (path) => {
    const { status } = await send(relay.url, '', { method: 'GET', path });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  });

  it.each<[string, string | Buffer]>([
    ['a NUL in a text', message('"content":[{"type":"input_text","text":"a\\u0000b"}]')],
    ['a NUL in the name of a model', message('"inference_options":{"model":"a\\u0000b"}')],
    ['a NUL in a tool', message('"inference_options":{"tool_choice":{"id":"a\\u0000b"}}')],
    ['half a character', message('"content":[{"type":"input_text","text":"\\ud800"}],"quoted_text":"\\udfff"')],
    ['half a character in an id', '{"type":"threads.get_by_id","params":{"thread_id":"\\ud800"}}'],
    ['a NUL in a cursor', '{"type":"threads.list","params":{"after":"\\u0000"}}'],
    ['a size without end', '{"type":"attachments.create","params":{"name":"a","size":1e999,"mime_type":"a/b"}}'],
    [
      'a media type with half a character',
      '{"type":"attachments.create","params":{"name":"\\ud800","size":1,"mime_type":"\\ud800"}}',
    ],
    ['a name with a NUL', '{"type":"attachments.create","params":{"name":"\\u0000","size":1,"mime_type":"a/b"}}'],
    ['bytes that are no UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
    ['another encoding', Buffer.from('{"type":"threads.list","params":{}}', 'utf16le')],
    ['the key of all prototypes', '{"type":"threads.list","params":{"__proto__":{"limit":1}}}'],
  ])('%s is no error of the server', async (_, body) => {
    const answer = await send(relay.url, body, { headers: { 'content-type': 'application/octet-stream' } });
    expect(answer.status).toBeLessThan(500);
  });
});

describe('pages', () => {
  const ITEMS = 12;
  let thread = '';
  beforeAll(async () => {
    const created = post(
      relay.url,
      { type: 'threads.create', params: { input: input('First') } },
      {
        onEvents: (events, request) => {
          if (events.length >= 2) request.destroy();
        },
      },
    );
    thread = threadIdOf(await created);
    for (let count = 1; count < ITEMS; count++) {
      await putItem(relay, {
        type: 'assistant_message',
        id: newId('message'),
        thread_id: thread,
        created_at: new Date().toISOString(),
        content: [{ type: 'output_text', text: x(count === 5 ? 6 * MB : MB), annotations: [] }],
      });
    }
  });

  interface Page {
    readonly data: readonly { readonly id: string }[];
    readonly has_more: boolean;
    readonly after?: string;
  }
  const list = (order: string, after?: string) =>
    postJson<Page>(relay.url, { type: 'items.list', params: { thread_id: thread, limit: 1e9, order, after } });

  it.each(['asc', 'desc'])('%s: cut at 4 MB, with one row at least, and each row is on one of them', async (order) => {
    const pages: Page[] = [];
    do pages.push(await list(order, pages.at(-1)?.after));
    while (pages.at(-1)?.has_more);
    const rows = pages.flatMap(({ data }) => data);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(ITEMS);
    expect(rows).toHaveLength(ITEMS);
    for (const { data } of pages) expect(data.length === 1 || JSON.stringify(data).length <= 4 * MB).toBe(true);
    expect(pages.length).toBeLessThan(8);
  });
});
