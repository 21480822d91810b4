import { StringDecoder } from 'node:string_decoder';

const BYTE_ORDER_MARK = /^\uFEFF/;

/** A body that is nothing but text, as it comes in: each piece as a JSON string, for readers of JSON. */
export async function* textPieces(
  chunks: AsyncIterable<Buffer>,
): AsyncGenerator<readonly { readonly data: string }[], void, undefined> {
  // A character may be cut by a chunk's border: the decoder holds its first bytes back.
  const decoder = new StringDecoder('utf8');
  let started = false;
  for await (const chunk of chunks) {
    const decoded = decoder.write(chunk);
    const text = started ? decoded : decoded.replace(BYTE_ORDER_MARK, '');
    started ||= decoded.length > 0;
    if (text) yield [{ data: JSON.stringify(text) }];
  }
  const last = decoder.end();
  if (last) yield [{ data: JSON.stringify(last) }];
}
