import type { IncomingMessage } from 'node:http';
import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

const DECODERS = { gzip: createGunzip, 'x-gzip': createGunzip, deflate: createInflate, br: createBrotliDecompress };

/** The decoded body. We do not ask for compression, but some proxies compress anyway. */
export function decoded(incoming: IncomingMessage): Readable {
  const encoding = incoming.headers['content-encoding']?.toLowerCase() ?? '';
  if (!isKnown(encoding)) return incoming;
  // The pipeline passes an error of either side to the reader of the decoder; nothing else needs it.
  return pipeline(incoming, DECODERS[encoding](), () => undefined);
}

function isKnown(encoding: string): encoding is keyof typeof DECODERS {
  return Object.hasOwn(DECODERS, encoding);
}
