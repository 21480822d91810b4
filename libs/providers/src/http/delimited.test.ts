import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { collect } from '../testing/prompts.js';
import { delimited } from './delimited.js';
import { textPieces } from './text-pieces.js';

const bodyOf = (chunks: readonly Uint8Array[]) => Readable.from(chunks);

async function read(chunks: readonly Uint8Array[], delimiter: string): Promise<string[]> {
  return (await collect(delimited(bodyOf(chunks), delimiter))).flat().map(({ data }) => data);
}

/** The bytes, cut at these places. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const sorted = [...new Set(places.map((place) => place % (bytes.length + 1)))].toSorted((a, b) => a - b);
  return [0, ...sorted].map((start, index) => bytes.subarray(start, sorted[index]));
}

const words = fc.array(fc.constantFrom('{"a":1}', '-', '--', '|', 'é🌱', ' ', '\n', '---\n', 'x'), { maxLength: 30 });

it('gives the same pieces wherever the network cuts', async () => {
  const delimiters = fc.constantFrom('\n', '---', '\n---\n', '--', '|-|', '🌱', '\u001e');
  await fc.assert(
    fc.asyncProperty(
      words,
      delimiters,
      fc.array(fc.nat({ max: 200 }), { maxLength: 40 }),
      async (all, delimiter, at) => {
        const text = all.join('');
        const expected = text.split(delimiter).flatMap((piece) => (piece.trim() ? [piece.trim()] : []));
        expect(await read(cut(Buffer.from(text), at), delimiter)).toEqual(expected);
      },
    ),
  );
});

it('flushes a last piece without a delimiter', async () => {
  expect(await read([Buffer.from('a--b')], '--')).toEqual(['a', 'b']);
});

it('gives text as it comes, characters whole', async () => {
  await fc.assert(
    fc.asyncProperty(words, fc.array(fc.nat({ max: 200 }), { maxLength: 40 }), async (all, at) => {
      const pieces = (await collect(textPieces(bodyOf(cut(Buffer.from(all.join('')), at))))).flat();
      const texts = pieces.map(({ data }) => JSON.parse(data) as string);
      expect(texts.join('')).toBe(all.join(''));
      expect(texts.filter((text) => text.includes('\ufffd'))).toEqual([]);
    }),
  );
});
