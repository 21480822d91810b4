import { describe, expect, it } from 'vitest';
import type { Attachment, ModelInputPart, ThreadItem } from '#chatkit';
import { aUserMessage } from '#chatkit/testing';
import { pdfOf, pictureOf } from '#media/testing';
import type { StoredBytes } from '#providers';
import type { ModelFile, OpenForModel, StoredModelFile } from '../context/read-for-model.js';
import { attachmentParts } from './attachment-parts.js';

const attached = (...names: string[]): ThreadItem =>
  aUserMessage({
    attachments: names.map((name): Attachment => ({ type: 'file', id: `atc_${name}`, name, mime_type: 'a/b' })),
  });

/** Opens what `find` has, and notes what it was asked for. */
const opening =
  (find: (id: string) => ModelFile, read: string[] = [], opened: string[][] = []): OpenForModel =>
  async (ids) => {
    opened.push([...ids]);
    return (id, _bytes, use) => {
      read.push(id);
      return use(find(id));
    };
  };

/** The parts of one message that attaches these files, by name. */
async function partsOf(files: Readonly<Record<string, ModelFile>>) {
  const parts = await attachmentParts(
    [attached(...Object.keys(files))],
    opening((id) => files[id.slice(4)] ?? 'deleted'),
    toData,
  );
  return Object.fromEntries([...parts].map(([id, { part }]) => [id.slice(4), part]));
}

/** What is read of a text that is longer than a model is given. */
const MOST_HEAD = 4 * 200_000 + 4;

const file = (content: Buffer | string, mimeType = 'application/octet-stream'): StoredModelFile => {
  const bytes = Buffer.from(content);
  return {
    key: bytes.toString('base64'),
    size: bytes.length,
    mimeType,
    head: bytes.subarray(0, MOST_HEAD),
    open: () => Promise.reject(new Error('only the beginning may be read')),
    toRead: () => Promise.reject(new Error('only the beginning may be read')),
    toSend: () => Promise.reject(new Error('only the beginning may be read')),
  };
};
/** Stands for the file: no bytes of it. */
const toData = ({ key }: StoredBytes) => ({ type: 'base64', data: `file ${key}` }) as const;
const sent = (bytes: Buffer) => ({ type: 'base64', data: `file ${bytes.toString('base64')}` });
const textOf = (part: ModelInputPart | undefined): string => (part?.type === 'text' ? part.text : JSON.stringify(part));

describe('an attachment becomes what its bytes are', () => {
  it('a picture, a PDF, a text, another file', async () => {
    const [png, pdf] = [await pictureOf({ width: 2, height: 2 }).png().toBuffer(), pdfOf(['a'])];
    expect(
      await partsOf({
        'a.txt': file(png, 'text/plain'),
        'b.png': file(pdf, 'image/png'),
        'c.pdf': file('# Hello', 'application/pdf'),
        'd.txt': file(Buffer.from([1, 0, 2]), 'application/x-own'),
      }),
    ).toEqual({
      'a.txt': { type: 'image', mediaType: 'image/png', data: sent(png), name: 'a.txt' },
      'b.png': { type: 'file', mediaType: 'application/pdf', data: sent(pdf), name: 'b.png' },
      'c.pdf': { type: 'text', text: 'The attached file c.pdf:\n<Attachment>\n# Hello\n</Attachment>' },
      'd.txt': { type: 'file', mediaType: 'application/x-own', data: sent(Buffer.from([1, 0, 2])), name: 'd.txt' },
    });
  });

  it('a text in its encoding, and no longer than a model can read', async () => {
    const { old, long } = await partsOf({
      old: file(Buffer.from('Grüße', 'latin1'), 'text/csv'),
      long: file(`${'a'.repeat(199_999)}😀bc`),
    });
    expect(textOf(old)).toContain('Grüße');
    expect(textOf(long)).toMatch(/a\n<\/Attachment>\n\[The file is longer: its end is missing here\.\]$/);
  });
});

describe('an attachment that a model cannot be given becomes a note', () => {
  it.each<[string, ModelFile]>([
    ['is no longer available', 'deleted'],
    ['was not uploaded', 'not_uploaded'],
    ['is empty', file('')],
  ])('one that %s', async (why, given) => {
    const parts = await attachmentParts(
      [attached('a.txt')],
      opening(() => given),
      toData,
    );
    expect(parts.get('atc_a.txt')).toEqual({ part: { type: 'text', text: `[attachment a.txt ${why}]` }, problem: why });
  });

  it('the oldest ones, where all together are too much for a request', async () => {
    const bytes = Buffer.alloc(40);
    const items = [attached('old'), attached('b', 'c')];
    const parts = await attachmentParts(
      items,
      opening(() => file(bytes)),
      toData,
      100,
    );
    const notes = [...parts].map(([id, { problem }]) => [id, problem !== undefined]);
    expect(Object.fromEntries(notes)).toEqual({ atc_b: false, atc_c: false, atc_old: true });
    expect(textOf(parts.get('atc_old')?.part)).toMatch(/^\[attachment old was left out/);
  });

  it('reads nothing of what is too much, each attachment once, and looks all of them up at once', async () => {
    const [read, opened]: [string[], string[][]] = [[], []];
    const items = [attached('old'), attached('a', 'a')];
    await attachmentParts(
      items,
      opening(() => file(Buffer.alloc(100)), read, opened),
      toData,
      100,
    );
    expect(read).toEqual(['atc_a']);
    expect(opened).toEqual([['atc_a', 'atc_a', 'atc_old']]);
  });

  it('looks nothing up where nothing is attached', async () => {
    const opened: string[][] = [];
    await attachmentParts(
      [attached()],
      opening(() => 'deleted', [], opened),
      toData,
    );
    expect(opened).toEqual([]);
  });
});
