import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

const DECODERS = { gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate, br: createBrotliDecompress };

/** The body as the server meant it. We ask for no compression; some proxies compress all the same. */
export function decoded(incoming: IncomingMessage): Readable {
  const encoding = incoming.headers['content-encoding']?.toLowerCase() ?? '';
  if (!isKnown(encoding)) return incoming;
  // The pipeline hands an error of either side to whoever reads the decoder; there is nobody else to tell.
  return pipeline(incoming, DECODERS[encoding](), () => undefined);
}

function isKnown(encoding: string): encoding is keyof typeof DECODERS {
  return Object.hasOwn(DECODERS, encoding);
}
