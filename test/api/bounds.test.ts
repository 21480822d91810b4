import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { REQUEST_LIMITS, type RequestLimitName } from '#chatkit';
import { MAX_PIXELS } from '#media';
import { input, post, postJson, threadIdOf, until } from '../support/chat.js';
import { USER_HEADER, useRelay } from '../support/relay.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { boundRows } from './support/bounds-page.js';
import { type Repeated, sendEndless, textOf } from './support/repeated.js';
import {
  closeAll,
  eventually,
  firstOf,
  readSlowly,
  slow,
  unfinished,
  unread,
  writeSlowly,
} from './support/open-requests.js';
import { openTurn } from './support/seed.js';
import { expectResponsive, send, type Sending, type Sent } from './support/watched.js';

const MB = 1024 * 1024;
const BODY = 4 * MB;

const relay = useRelay('postgres', {
  variables: {
    DATA_DIR: temporaryFolder('bounds-'),
    CHATKIT_CONFIG: new URL('bounds.config.yaml', import.meta.url).pathname,
  },
});
let thread = '';
beforeAll(async () => {
  thread = threadIdOf(await post(relay.url, { type: 'threads.create', params: { input: input('Hello') } }));
});

const watched = (work: () => Promise<unknown>): Promise<void> => expectResponsive(relay, work);

const as = (user: string): http.OutgoingHttpHeaders => ({ [USER_HEADER]: user });
const LISTING = '{"type":"threads.list","params":{}}';
const LARGE = LISTING + ' '.repeat(BODY - LISTING.length);

/** Ids of files that are announced and not sent. */
async function announced(count: number, type: string, size: number): Promise<string[]> {
  const body = { type: 'attachments.create', params: { name: 'a', mime_type: type, size } };
  const created = await Promise.all(Array.from({ length: count }, () => postJson<{ id: string }>(relay.url, body)));
  return created.map(({ id }) => id);
}

const sendWith = (ids: readonly string[]): Promise<Sent> =>
  send(relay.url, message(`"content":[{"type":"input_text","text":"a"}],"attachments":${JSON.stringify(ids)}`));

/** That a request was refused as the row of this name says, and that the refusal names it, or the setting. */
function expectRefusal({ status, body }: Sent, name: string, words = `limit ${name}`): void {
  const row = boundRows.find((one) => one.name === name);
  const isNamed = body.includes(words) || (row !== undefined && row.setBy !== '' && body.includes(row.setBy));
  expect({ status, body, isNamed }).toEqual({ status: row?.status, body, isNamed: true });
}

/** That it was not refused for a limit: it was answered, or named something that is not there. */
const PASSED = [200, 302, 404, 409, 501];
const expectPass = ({ status, body }: Sent): void =>
  expect(PASSED.includes(status) ? 'passed' : `${status} ${body.slice(0, 500)}`).toBe('passed');

const chatkit = (type: string, params: string): string => `{"type":"${type}","params":{${params}}}`;
const inThread = (fields: string): string => `"thread_id":"THREAD",${fields}`;
const V1: Sending = { path: '/v1/chat/completions' };
const SPLIT = '…';
/** A body with the mark where its unit is repeated. */
function repeated(body: string, unit: string, between = ','): Repeated {
  const [head = '', tail = ''] = body.split(SPLIT);
  return { head, unit, between, tail };
}
const text = (body: string): Repeated => repeated(body, 'x', '');
const message = (fields: string): string =>
  chatkit('threads.create', `"input":{"content":[],"attachments":[],"inference_options":{},${fields}}`);
const metadata = (value: string): string => `{"type":"threads.list","params":{},"metadata":{${value}}}`;
const completion = (fields: string): string => `{"model":"demo/demo",${fields}}`;
const HI = '"messages":[{"role":"user","content":"Hi"}]';
const call = '{"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}';
const tool = '{"type":"function","function":{"name":"f"}}';
const form = (answers: string): string =>
  chatkit('threads.add_structured_input', inThread(`"item_id":"msg_none","input":{"answers":${answers}}`));
const file = (fields: string): string => chatkit('attachments.create', `"size":1,${fields}`);

interface Sized {
  readonly body: Repeated;
  readonly how?: Sending;
  /** What the limit counts besides the units. */
  readonly besides?: number;
  /** A body whose units differ. */
  readonly make?: (count: number) => string;
}

const named = (count: number, value: string): string =>
  Array.from({ length: count }, (_, index) => `"k${index}":${value}`).join();

/** The limits of what stands in a body, each with a body of any size. */
const sized: Record<Exclude<RequestLimitName, 'message.attachments'>, Sized> = {
  'json.depth': {
    body: repeated(metadata('"a":…'), '[', ''),
    besides: 2,
    make: (count) => metadata(`"a":${'['.repeat(count)}${']'.repeat(count)}`),
  },
  'json.values': { body: repeated(metadata('"a":[…]'), '1'), besides: 5 },
  'json.keys': { body: repeated(metadata('…'), '"k":1'), make: (count) => metadata(named(count, '1')) },
  id: { body: text(chatkit('threads.delete', '"thread_id":"…"')) },
  title: { body: text(chatkit('threads.update', inThread('"title":"…"'))) },
  'message.parts': { body: repeated(message('"content":[…]'), '{"type":"input_text","text":"a"}') },
  'message.text': { body: text(message('"content":[{"type":"input_text","text":"…"}]')) },
  'message.quote': {
    body: text(message('"content":[{"type":"input_text","text":"a"}],"quoted_text":"…"')),
  },
  'message.tag': { body: text(message('"content":[{"type":"input_tag","id":"a","text":"…"}]')) },
  'form.answers': { body: repeated(form('{…}'), '"k":{}'), make: (count) => form(`{${named(count, '{}')}}`) },
  'form.values': { body: repeated(form('{"q":{"values":[…]}}'), '"a"') },
  'form.value': { body: text(form('{"q":{"values":["…"]}}')) },
  'action.type': { body: text(chatkit('threads.sync_custom_action', inThread('"action":{"type":"…"}'))) },
  'feedback.items': { body: repeated(chatkit('items.feedback', inThread('"kind":"positive","item_ids":[…]')), '"a"') },
  'file.name': { body: text(file('"mime_type":"a/b","name":"…"')) },
  'media.type': { body: text(file('"name":"a","mime_type":"…"')) },
  'completion.fields': {
    body: repeated(completion(`${HI},…`), '"k":1'),
    how: V1,
    besides: 2,
    make: (count) => completion(`${HI},${named(count, 'null')}`),
  },
  'completion.messages': { body: repeated(completion('"messages":[…]'), '{"role":"user","content":"a"}'), how: V1 },
  'completion.parts': {
    body: repeated(completion('"messages":[{"role":"user","content":[…]}]'), '{"type":"text","text":""}'),
    how: V1,
  },
  'completion.tool_calls': {
    body: repeated(
      completion('"messages":[{"role":"assistant","tool_calls":[…]},{"role":"user","content":"a"}]'),
      call,
    ),
    how: V1,
  },
  'completion.tools': { body: repeated(completion(`${HI},"tools":[…]`), tool), how: V1 },
  'completion.stop': { body: repeated(completion(`${HI},"stop":[…]`), '"a"'), how: V1 },
};

describe('what a body holds', () => {
  it.each(Object.entries(sized))(
    '%s',
    async (name, { body, how, besides = 0, make }) => {
      const of = (count: number): string => (make?.(count) ?? textOf(body, count)).replace('THREAD', thread);
      const max = REQUEST_LIMITS[name as RequestLimitName].max - besides;
      expectPass(await send(relay.url, of(max), how));
      expectRefusal(await send(relay.url, of(max + 1), how), name);
      const asMany = Math.floor((BODY - 1_000) / (body.unit + body.between).length);
      await watched(async () => {
        await send(relay.url, of(max), how);
        await send(relay.url, of(max + 1), how);
        const full = await send(relay.url, textOf(body, asMany), how);
        expect([400, 404]).toContain(full.status);
        expectRefusal(await sendEndless(relay.url, body, how), 'body');
      });
    },
    120_000,
  );
});

const padded = (bytes: number): Promise<Sent> =>
  send(relay.url, '', { method: 'GET', path: '/health', headers: { 'x-pad': 'x'.repeat(bytes) } });

const keyed = (bytes: number): Promise<Sent> => {
  const headers = { 'idempotency-key': 'k'.repeat(bytes) };
  return send(relay.url, message('"content":[{"type":"input_text","text":"a"}]'), { headers });
};

/** A white picture, of any number of pixels in a few kilobytes. */
const square = (width: number, height: number): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: '#fff' }, limitInputPixels: false })
    .png({ palette: true, colours: 2 })
    .toBuffer();

/** The others, each in its own way: at the limit something passes, beyond it the refusal names the limit. */
const others: Record<string, () => Promise<void>> = {
  'message.attachments': async () => {
    const pictures = await announced(50, 'image/png', 1);
    expectPass(await sendWith(pictures));
    const one = [...pictures, 'atc_none'];
    expectRefusal(await sendWith(one), 'message.attachments');
    await watched(() => sendWith(Array<string>(1_000_000).fill('a')));
  },

  'message.files': async () => {
    const ids = await announced(11, 'text/plain', 1);
    expectPass(await sendWith(ids.slice(1)));
    await watched(async () => expectRefusal(await sendWith(ids), 'message.files'));
  },

  'message.bytes': async () => {
    const ids = await announced(2, 'image/png', 20 * MB);
    const [rest = '', more = ''] = [
      ...(await announced(1, 'image/png', 10 * MB)),
      ...(await announced(1, 'image/png', 1)),
    ];
    await watched(async () => expectRefusal(await sendWith([...ids, rest, more]), 'message.bytes'));
    expectPass(await sendWith([...ids, rest]));
  },

  body: async () => {
    const pad = text(`{"type":"threads.list","params":{},"pad":"…"}`);
    const left = BODY - textOf(pad, 0).length;
    expectPass(await send(relay.url, textOf(pad, left)));
    await watched(async () => {
      expectRefusal(await send(relay.url, textOf(pad, left + 1)), 'body');
      expectRefusal(await sendEndless(relay.url, pad), 'body');
    });
  },

  'body.stall': async () => {
    expectPass(await slow(relay.url, [LISTING], 1_500));
    await watched(async () => expectRefusal(await slow(relay.url, [], 0), 'body.stall'));
  },

  'body.time': async () => {
    const piece = ' '.repeat(8 * 1024);
    const [within, beyond] = await Promise.all([
      slow(relay.url, [...Array<string>(20).fill(piece), LISTING], 500),
      slow(relay.url, Array<string>(200).fill(piece), 500),
    ]);
    expectPass(within);
    expectRefusal(beyond, 'body.stall');
  },

  headers: async () => {
    // The rest of the head has some hundred.
    expectPass(await padded(16 * 1024 - 500));
    await watched(async () => {
      expectRefusal(await padded(16 * 1024), 'headers');
      expectRefusal(await padded(MB), 'headers');
    });
  },

  'headers.time': async () => {
    const begin = `POST /chatkit HTTP/1.1\r\nHost: 127.0.0.1\r\n${USER_HEADER}: ada\r\nContent-Length: ${LISTING.length}\r\n`;
    const [within, beyond] = await Promise.all([
      writeSlowly(relay.url, [begin, `\r\n${LISTING}`], 20_000),
      writeSlowly(relay.url, [begin, ...Array<string>(40).fill('X-More: a\r\n')], 1_000),
    ]);
    expectPass(within);
    expectRefusal(beyond, 'headers.time');
  },

  'idempotency.key': async () => {
    expectPass(await keyed(255));
    await watched(async () => expectRefusal(await keyed(256), 'idempotency.key'));
  },

  issues: async () => {
    const wrong = repeated(message('"content":[…]'), '1');
    const listed = async (count: number) => {
      const { status, body } = await send(relay.url, textOf(wrong, count));
      expect(status).toBe(400);
      return (JSON.parse(body) as { error: { details: unknown[] } }).error.details.length;
    };
    expect(await listed(10)).toBe(10);
    expect(await listed(11)).toBe(10);
    await watched(async () => expect(await listed(1_000)).toBe(10));
  },

  bodies: async () => {
    const users = ['grace', 'joan', 'mary'];
    const open = users
      .slice(0, 2)
      .flatMap((user) => Array.from({ length: 4 }, () => unfinished(`${relay.url}/chatkit`, user, BODY)));
    expect(await firstOf(open)).toBe('none');
    await watched(async () => expectRefusal(await send(relay.url, LARGE, { headers: as('mary') }), 'bodies'));
    expectPass(await send(relay.url, LISTING, { headers: as('mary') }));
    closeAll(open);
    expectPass(await eventually(() => send(relay.url, LARGE, { headers: as('mary') })));
  },

  'bodies.user': async () => {
    const open = Array.from({ length: 4 }, () => unfinished(`${relay.url}/chatkit`, 'grace', BODY));
    expect(await firstOf(open)).toBe('none');
    await watched(async () => {
      expectRefusal(await send(relay.url, LARGE, { headers: as('grace') }), 'bodies.user');
      expectRefusal(await sendEndless(relay.url, text(`"${SPLIT}`), { headers: as('grace') }), 'bodies.user');
    });
    expectPass(await send(relay.url, LISTING, { headers: as('grace') }));
    expectPass(await send(relay.url, LARGE, { headers: as('mary') }));
    closeAll(open);
    expectPass(await eventually(() => send(relay.url, LARGE, { headers: as('grace') })));
  },

  streams: async () => {
    const busy = threadIdOf(await post(relay.url, { type: 'threads.create', params: { input: input('a') } }));
    await openTurn(relay, busy);
    const [run] = await relay.query<{ id: string }>(`SELECT id FROM runs WHERE worker_id = 'wrk_elsewhere'`);
    const path = `/chatkit/runs/${run?.id ?? ''}/events`;
    const open = Array.from({ length: 5 }, () => unread(relay.url + path, 'ada'));
    expect(await Promise.all(open.map(({ status }) => status))).toEqual(Array(5).fill(200));
    await watched(async () => expectRefusal(await send(relay.url, '', { method: 'GET', path }), 'streams'));
    closeAll(open);
    expectPass(await eventually(() => send(relay.url, '', { method: 'GET', path })));
  },

  uploads: async () => {
    const open = Array.from({ length: 4 }, () => unfinished(`${relay.url}/files`, 'ada', MB));
    expect(await firstOf(open)).toBe('none');
    const upload: Sending = { path: '/files', headers: { 'content-type': 'text/plain' } };
    await watched(async () => expectRefusal(await send(relay.url, 'a', upload), 'uploads'));
    closeAll(open);
    expectPass(await eventually(() => send(relay.url, 'a', upload)));
  },

  searches: async () => {
    const path = '/chatkit/threads?q=anything';
    const search = () => send(relay.url, '', { method: 'GET', path });
    // As long as items cannot be read, a search goes on.
    const held = relay.query('DO $$ BEGIN LOCK TABLE items IN ACCESS EXCLUSIVE MODE; PERFORM pg_sleep(5); END $$');
    const LOCKED = `SELECT 1 FROM pg_locks WHERE relation = 'items'::regclass AND mode = 'AccessExclusiveLock' AND granted`;
    await until('items are locked', 5_000, async () => (await relay.query(LOCKED)).length > 0);
    await watched(async () => {
      const refused = (await Promise.all([search(), search()])).filter(({ status }) => status === 429);
      expect(refused).toHaveLength(1);
      for (const one of refused) expectRefusal(one, 'searches');
    });
    await held;
    expectPass(await search());
  },

  calls: async () => {
    const path = '/chatkit?assistant=listener';
    const speak = () =>
      send(relay.url, '{"type":"input.transcribe","params":{"audio_base64":"aGk=","mime_type":"audio/webm"}}', {
        path,
      });
    const heard = Array.from({ length: 20 }, speak);
    expect(await Promise.race([...heard, sleep(700, 'none')])).toBe('none');
    await watched(async () => expectRefusal(await speak(), 'calls'));
    for (const { status, body } of await Promise.all(heard)) {
      expect({ status, body }).toEqual({ status: 200, body: '{"text":"said"}' });
    }
    expectPass(await speak());
  },

  downloads: async () => {
    const upload: Sending = { path: '/files', headers: { 'content-type': 'text/plain' } };
    const { body } = await send(relay.url, 'a'.repeat(20 * MB), upload);
    const path = `/files/${(JSON.parse(body) as { id: string }).id}`;
    const open = Array.from({ length: 3 }, () => unread(relay.url + path, 'ada'));
    expect(await Promise.all(open.map(({ status }) => status))).toEqual(Array(3).fill(200));
    await watched(async () => expectRefusal(await send(relay.url, '', { method: 'GET', path }), 'downloads'));
    closeAll(open);
    expect((await eventually(() => send(relay.url, '', { method: 'HEAD', path }))).status).toBe(200);
  },

  'download.stall': async () => {
    const upload: Sending = { path: '/files', headers: { 'content-type': 'text/plain' } };
    const { body } = await send(relay.url, 'a'.repeat(20 * MB), upload);
    const path = `/files/${(JSON.parse(body) as { id: string }).id}`;
    const slowly = readSlowly(relay.url + path, 'ada', 30);
    const open = Array.from({ length: 2 }, () => unread(relay.url + path, 'ada'));
    expect(await Promise.all(open.map(({ status }) => status))).toEqual([200, 200]);
    const listing = { method: 'HEAD', path };
    await until('they are disconnected', 15_000, async () => (await send(relay.url, '', listing)).status === 200);
    expect(await slowly).toEqual({ bytes: 20 * MB, isComplete: true });
    closeAll(open);
  },

  'file.bytes': async () => {
    const how: Sending = { path: '/files', headers: { 'content-type': 'text/plain' } };
    expectPass(await send(relay.url, Buffer.alloc(20 * MB, 'a'), how));
    await watched(async () => {
      expectRefusal(await send(relay.url, Buffer.alloc(20 * MB + 1, 'a'), how), 'file.bytes');
      expectRefusal(await sendEndless(relay.url, text(SPLIT), how, 24 * MB), 'file.bytes');
    });
  },

  'picture.pixels': async () => {
    const how: Sending = { path: '/files', headers: { 'content-type': 'image/png' } };
    const [largest, larger] = [await square(8_000, MAX_PIXELS / 8_000), await square(8_000, MAX_PIXELS / 8_000 + 1)];
    expectPass(await send(relay.url, largest, how));
    await watched(async () => expectRefusal(await send(relay.url, larger, how), 'picture.pixels', '64 million pixels'));
    const vast = Buffer.from(largest);
    vast.writeUInt32BE(1_000_000, 16);
    vast.writeUInt32BE(1_000_000, 20);
    await watched(async () => expect([413, 422]).toContain((await send(relay.url, vast, how)).status));
  },

  'page.rows': async () => {
    await relay.query(
      `INSERT INTO items (thread_id, id, tenant_id, owner_id, position, turn, type, payload)
       SELECT t.id, 'msg_row' || n, t.tenant_id, t.owner_id, 1000000 + n, 1000000 + n, 'assistant_message', '{"type":"assistant_message","content":[]}'
       FROM threads AS t, generate_series(1, 1100) AS n WHERE t.id = $1`,
      [thread],
    );
    const page = async (limit: number) => {
      const params = { thread_id: thread, limit };
      return postJson<{ data: unknown[]; has_more: boolean }>(relay.url, { type: 'items.list', params });
    };
    for (const limit of [1_000, 1_001, 1e9]) {
      await watched(async () => {
        const { data, has_more: hasMore } = await page(limit);
        expect([data.length, hasMore]).toEqual([1_000, true]);
      });
    }
  },

  'page.bytes': async () => {
    const wide = threadIdOf(await post(relay.url, { type: 'threads.create', params: { input: input('a') } }));
    await relay.query(
      `INSERT INTO items (thread_id, id, tenant_id, owner_id, position, turn, type, payload)
       SELECT t.id, 'msg_wide' || n, t.tenant_id, t.owner_id, 1000000 + n, 1000000 + n, 'assistant_message',
              json_build_object('type', 'assistant_message', 'content', json_build_array(json_build_object('type', 'output_text', 'annotations', '[]'::json, 'text', repeat('x', 1000000))))
       FROM threads AS t, generate_series(1, 60) AS n WHERE t.id = $1`,
      [wide],
    );
    await watched(async () => {
      const params = { thread_id: wide, limit: 1e9 };
      const answer = await post(relay.url, { type: 'items.list', params });
      expect(answer.raw.length).toBeGreaterThan(3 * MB);
      expect(answer.raw.length).toBeLessThanOrEqual(4 * MB);
      expect(JSON.parse(answer.raw)).toMatchObject({ has_more: true });
    });
  },
};

describe('what else is limited', () => {
  it.each(Object.entries(others))(
    '%s',
    async (_, hold) => {
      await expect(hold()).resolves.toBeUndefined();
    },
    120_000,
  );
});

it('a server that is held up for longer than promised would be noticed', async () => {
  const api = relay.apis[0]?.child;
  const hold = async (): Promise<void> => {
    api?.kill('SIGSTOP');
    await sleep(500);
    api?.kill('SIGCONT');
  };
  await expect(watched(hold)).rejects.toThrow(/less than or equal to 250/);
});

it('every limit for users that the documentation lists is tried, and no other', () => {
  const tried = [...Object.keys(sized), ...Object.keys(others)];
  expect(tried.toSorted()).toEqual(boundRows.map(({ name }) => name).toSorted());
});
