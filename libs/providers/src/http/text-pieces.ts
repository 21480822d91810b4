import { StringDecoder } from 'node:string_decoder';
import type { Readable } from 'node:stream';

/** A body that is nothing but text, as it comes in: each piece as a JSON string, for readers of JSON. */
export async function* textPieces(
  body: Readable,
): AsyncGenerator<readonly { readonly data: string }[], void, undefined> {
  // A character may be cut by a chunk's border: the decoder holds its first bytes back.
  const decoder = new StringDecoder('utf8');
  // Leaving the loop must not destroy the body: its reader decides whether the connection stays open.
  const chunks: AsyncIterable<Buffer> = body.iterator({ destroyOnReturn: false });
  for await (const chunk of chunks) {
    const text = decoder.write(chunk);
    if (text) yield [{ data: JSON.stringify(text) }];
  }
  const last = decoder.end();
  if (last) yield [{ data: JSON.stringify(last) }];
}
