import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { collect } from '../testing/prompts.js';
import { jsonLines } from './json-lines.js';

const bodyOf = (chunks: readonly (string | Buffer)[]) => Readable.from(chunks.map((chunk) => Buffer.from(chunk)));

async function read(...chunks: (string | Buffer)[]): Promise<string[]> {
  return (await collect(jsonLines(bodyOf(chunks)))).flat().map(({ data }) => data);
}

it.each([
  ['line feeds', '{"a":1}\n{"b":2}\n', ['{"a":1}', '{"b":2}']],
  ['carriage returns and line feeds', '{"a":1}\r\n{"b":2}\r\n', ['{"a":1}', '{"b":2}']],
  ['no end of the last line', '{"a":1}\n{"b":2}', ['{"a":1}', '{"b":2}']],
  ['blank lines', '\n\n{"a":1}\n \r\n\n', ['{"a":1}']],
  ['a byte order mark', '\ufeff{"a":1}\n', ['{"a":1}']],
  ['a byte order mark inside of the data', '{"a":"\ufeff"}\n', ['{"a":"\ufeff"}']],
  ['nothing', '', []],
])('reads %s', async (_, text, lines) => {
  expect(await read(text)).toEqual(lines);
  expect(await read(...[...Buffer.from(text)].map((byte) => Buffer.from([byte])))).toEqual(lines);
});

it('joins characters that a chunk border cuts', async () => {
  const bytes = Buffer.from('"é東🔑"\n');
  for (let cut = 1; cut < bytes.length; cut++) {
    expect(await read(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual(['"é東🔑"']);
  }
});

it('yields the lines of one chunk together', async () => {
  const batches = await collect(jsonLines(bodyOf(['1\n2\n3', '4\n', '5'])));
  expect(batches.map((batch) => batch.map(({ data }) => data))).toEqual([['1', '2'], ['34'], ['5']]);
});

it('refuses a line without end', async () => {
  await expect(collect(jsonLines(bodyOf(['12345', '67890', '1\n']), 8))).rejects.toThrow(RangeError);
  expect(await collect(jsonLines(bodyOf(['123\n', '456\n', '789\n']), 8))).toHaveLength(3);
});

it('leaves the body alone when it is left early', async () => {
  const body = bodyOf(['1\n', '2\n']);
  for await (const lines of jsonLines(body.iterator({ destroyOnReturn: false }))) if (lines.length > 0) break;
  expect(body.destroyed).toBe(false);
});
