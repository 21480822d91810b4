import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import zlib from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { pdfOf, pictureOf } from '#media/testing';
import { deltasOf, input, post, until } from '../support/chat.js';
import { useProvider } from '../support/provider.js';
import { USER_HEADER, useRelay } from '../support/relay.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { expectResponsive, highestMegabytes, residentMegabytes, send } from './support/watched.js';

const folder = temporaryFolder('bombs-');
const PIXEL = await pictureOf({ width: 2, height: 2 }).png().toBuffer();
const provider = useProvider();
const relay = useRelay('postgres', () => ({ variables: { DATA_DIR: folder, CHATKIT_CONFIG: configFile() } }));

/** A model that sees pictures and takes no files: the worker has to read them. */
function configFile(): string {
  const capabilities = '[chat, generate, stream, vision]';
  const model = `kind: openai-compatible, id: p, baseUrl: '${provider.url}', apiKey: x, defaultModel: m`;
  const path = join(folder, 'config.yaml');
  writeFileSync(path, `titles: false\nproviders: [{ ${model}, capabilities: ${capabilities} }]\n`);
  return path;
}

const svg = (content: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100">${content}</svg>`;

/** Groups that use the group before them ten times each: 10 to the power of `depth` of one thing. */
const uses = (depth: number): string =>
  svg(
    `<defs><rect id="a0" width="100" height="100" opacity="0.5"/>${Array.from({ length: depth }, (_, index) => `<g id="a${index + 1}" opacity="0.5">${`<use href="#a${index}"/>`.repeat(10)}</g>`).join('')}</defs><use href="#a${depth}"/>`,
  );
const entities = `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a0 "aaaaaaaaaa">${Array.from({ length: 12 }, (_, index) => `<!ENTITY a${index + 1} "${`&a${index};`.repeat(10)}">`).join('')}]>${svg('<text>&a12;</text>')}`;
const filters = svg(
  `<filter id="f" x="-10" y="-10" width="30" height="30">${'<feTurbulence baseFrequency="0.9" numOctaves="200"/><feGaussianBlur stdDeviation="500"/>'.repeat(200)}</filter>${'<rect width="100" height="100" filter="url(#f)"/>'.repeat(50)}`,
);

/** A page whose content is so many megabytes of spaces, in some kilobytes. */
function swollen(megabytes: number): Buffer {
  const inner = zlib.deflateSync(Buffer.alloc(megabytes * 1024 * 1024, ' '), { level: 1 });
  const content = zlib.deflateSync(inner, { level: 9 }).toString('latin1');
  const [head = '', tail = ''] = pdfOf(['mark'])
    .toString('latin1')
    .split(/<< \/Length \d+ >>\nstream\n[\s\S]*?\nendstream/);
  const stream = `<< /Length ${content.length} /Filter [/FlateDecode /FlateDecode] >>\nstream\n${content}\nendstream`;
  return Buffer.from(head + stream + tail, 'latin1');
}

const spaces = (megabytes: number): Buffer => Buffer.alloc(megabytes * 1024 * 1024, ' ');

/** The beginning of an archive: entries of this name, each of which becomes so many megabytes. */
function archive(name: string, entries: number, megabytes: number): Buffer {
  const data = zlib.deflateRawSync(spaces(megabytes), { level: 9 });
  const header = Buffer.alloc(30);
  header.write('PK\u0003\u0004', 0, 'latin1');
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(8, 8);
  header.writeUInt32LE(data.length, 18);
  header.writeUInt32LE(megabytes * 1024 * 1024, 22);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat(Array.from({ length: entries }, () => [header, Buffer.from(name), data]).flat());
}

const OFFICE = 'application/vnd.openxmlformats-officedocument';
const CONTENT_TYPES = '[Content_Types].xml';

/** Sources read files where they run. */
const BUILT = new URL('../../dist/libs/media/src/index.js', import.meta.url).href;

const upload = (type: string, bytes: Buffer, user = 'ada') =>
  send(relay.url, bytes, { path: '/files', headers: { 'content-type': type, [USER_HEADER]: user } });

const part = (type: string, bytes: Buffer) => ({
  type: 'image_url',
  image_url: { url: `data:${type};base64,${bytes.toString('base64')}` },
});

const apiHasReader = async (): Promise<boolean> => childrenOf(relay.apis[0]?.pid ?? 0).length > 0;

describe('a small file that is a lot of work', () => {
  it.each([
    ['a drawing of 100,000 pieces', uses(5)],
    ['a drawing of a billion pieces', uses(9)],
    ['a drawing of filters without end', filters],
    ['a billion laughs', entities],
  ])(
    '%s is refused in words, and nothing else waits for it',
    async (_, drawing) => {
      await expectResponsive(relay, async () => {
        const { status, body } = await upload('image/svg+xml', Buffer.from(drawing));
        expect([status, body]).toEqual([422, expect.stringMatching(/too much time or memory|damaged/)]);
      });
      const { status } = await upload('image/svg+xml', Buffer.from(svg('<rect width="9" height="9"/>')));
      expect(status).toBe(200);
    },
    120_000,
  );

  it.each<[string, string, () => Buffer]>([
    [
      'a Word document of one part of 400 MB',
      `${OFFICE}.wordprocessingml.document`,
      () => archive(CONTENT_TYPES, 1, 400),
    ],
    ['a workbook of 900 parts of 1 MB', `${OFFICE}.spreadsheetml.sheet`, () => archive(CONTENT_TYPES, 900, 1)],
    ['an archive of 5,000 parts', 'application/zip', () => archive('a', 5_000, 1)],
    ['a compressed file of 400 MB', 'application/gzip', () => zlib.gzipSync(spaces(400))],
    ['one within another', 'application/gzip', () => zlib.gzipSync(zlib.gzipSync(spaces(400)))],
    [
      'a compressed drawing of 400 MB',
      'image/svg+xml',
      () => zlib.gzipSync(Buffer.concat([Buffer.from(svg('<rect width="9" height="9"/>')), spaces(400)])),
    ],
    ['a picture whose profile is 400 MB', 'image/png', () => withProfile(400)],
  ])(
    '%s is stored or refused without becoming that',
    async (_, type, make) => {
      const bytes = make();
      await expectResponsive(relay, async () => {
        expect([200, 422]).toContain((await upload(type, bytes)).status);
      });
    },
    120_000,
  );

  it.each([
    ['as wide as cameras make them', 7_900, false],
    ['that is decoded whole, because it is interlaced', 7_900, true],
  ])(
    'a picture %s is made smaller, and takes no memory of the process that is given it',
    async (_, height, progressive) => {
      const large = await pictureOf({ width: 8_000, height }).png({ progressive, compressionLevel: 9 }).toBuffer();
      await expectResponsive(relay, async () => {
        const uploaded = upload('image/png', large);
        await until('another process decodes it', 20_000, apiHasReader);
        expect((await uploaded).status).toBe(200);
      });
    },
    120_000,
  );

  it('a document that becomes gigabytes is refused in words, and takes no memory of the process that is given it', async () => {
    const { readDocument } = (await import(BUILT)) as typeof import('#media');
    const bomb = swollen(1_000);
    let highest = 0;
    const before = residentMegabytes(process.pid);
    const looking = setInterval(() => (highest = Math.max(highest, residentMegabytes(process.pid))), 50);
    await expect(readDocument(bomb)).rejects.toThrow(/too much time or memory/);
    clearInterval(looking);
    expect(highest - before).toBeLessThan(100);
    expect(await readDocument(pdfOf(['Hello']))).toMatchObject({ pages: 1, text: '[page 1]\nHello' });
  }, 240_000);

  it('is a note to the model in a turn, and takes no memory of the worker', async () => {
    const worker = relay.workers[0]?.pid ?? 0;
    const before = residentMegabytes(worker);
    await provider.script([{ text: 'Seen.' }, { text: 'Seen, too.' }]);
    const { status, body } = await upload('application/pdf', swollen(1_000));
    expect(status).toBe(200);
    const { id } = JSON.parse(body) as { readonly id: string };
    const turn = post(relay.url, {
      type: 'threads.create',
      params: { input: { ...input('Look'), attachments: [id] } },
    });
    // What callers of /v1 send is looked at by nobody before the worker.
    const large = await pictureOf({ width: 8_000, height: 7_900 }).png().toBuffer();
    const content = [part('image/svg+xml', Buffer.from(uses(9))), part('image/png', large)];
    const completion = send(relay.url, JSON.stringify({ model: 'p/m', messages: [{ role: 'user', content }] }), {
      path: '/v1/chat/completions',
      headers: { 'content-type': 'application/json', [USER_HEADER]: 'bob' },
    });
    expect(deltasOf((await turn).events).join('')).toMatch(/^Seen/);
    expect((await completion).status).toBe(200);
    const prompts = JSON.stringify((await provider.calls()).map((call) => call.input));
    expect(prompts.match(/too much time or memory/g)).toHaveLength(2);
    expect(prompts).toContain('data:image/');
    // docs/limits.md
    expect(highestMegabytes(worker) - before).toBeLessThan(512);
  }, 120_000);

  it('of one user leaves places for the files of others', async () => {
    let answered = 0;
    const bombs = Array.from({ length: 4 }, () =>
      upload('image/svg+xml', Buffer.from(uses(9)), 'eve').then(() => (answered += 1)),
    );
    await until('one is being read', 10_000, async () => childrenOf(relay.apis[0]?.pid ?? 0).length > 0);
    const { status } = await upload('image/svg+xml', Buffer.from(svg('<rect width="9" height="9"/>')), 'bob');
    expect([status, answered]).toEqual([200, 0]);
    // The others are given up with the relay.
    await bombs[0];
    void Promise.allSettled(bombs);
  }, 60_000);

  it('ends with the process that asked for it, also when that is killed', async () => {
    writeFileSync(
      join(folder, 'parent.mjs'),
      `import { EVERY_MODEL, fitPicture } from ${JSON.stringify(BUILT)};
       process.once('message', (drawing) => void fitPicture(drawing, EVERY_MODEL));`,
    );
    const parent = fork(join(folder, 'parent.mjs'), { execArgv: [], serialization: 'advanced' });
    parent.send(Buffer.from(uses(9)));
    const [reader] = await until('it is being drawn', 20_000, async () => {
      const found = childrenOf(parent.pid ?? 0);
      return found.length === 1 && secondsUsed(found[0] ?? 0) > 1 && found;
    });
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await expect.poll(() => isRunning(reader ?? 0), { timeout: 5_000, interval: 50 }).toBe(false);
  }, 60_000);
});

/** A picture with a color profile that becomes so many megabytes. */
function withProfile(megabytes: number): Buffer {
  const data = Buffer.concat([Buffer.from('a\0\0', 'latin1'), zlib.deflateSync(spaces(megabytes), { level: 9 })]);
  const type = Buffer.from('iCCP');
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(zlib.crc32(Buffer.concat([type, data])));
  // Behind the signature and the header.
  return Buffer.concat([PIXEL.subarray(0, 33), length, type, data, sum, PIXEL.subarray(33)]);
}

const statOf = (pid: number): string[] =>
  readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];

/** Of the processes that are running now. */
function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => pid > 0 && parentOf(pid) === parent);
}

/** Undefined for one that has ended, which it may do while it is looked at. */
function parentOf(pid: number): number | undefined {
  try {
    const [state, parent] = statOf(pid);
    return state === 'Z' ? undefined : Number(parent);
  } catch {
    return undefined;
  }
}

/** One that has ended and that nobody has asked about is not running. */
function isRunning(pid: number): boolean {
  try {
    return statOf(pid)[0] !== 'Z';
  } catch {
    return false;
  }
}

/** Of processor time, of which the system counts a hundred ticks in a second. */
const secondsUsed = (pid: number): number => Number(statOf(pid)[11]) / 100;
