import type { Encoding } from '../recordings/recording.js';
import { framesOf } from './frames.js';

/**
 * How a recording is played, as a query behind its name: `fixture:<wire>/<name>?split=bytes&cut=3`.
 *
 * - `delay`, `first`, `head`: milliseconds between frames, before the first one, before the headers
 * - `cut=N`: the connection breaks after N frames (0: before any header; with `reset=1` by RST); `hang=N`: nothing more comes
 * - `split`, `seed`: see `piecesOf`
 * - `status=S` with `times`, `retry_after`, `retry_after_ms`: fails so often with S, or always
 * - `garbage=N`, `garbage_kind`: a frame of another kind after N frames; `ping=N`: a comment every N frames
 * - `trunc=N`: without the last N bytes; `nodone=1`: without `[DONE]`; `crlf=1`, `bom=1`, `gzip=1`, `ctype=<content type>`
 * - `force=1`: whatever the request says, and whether or not it asks for a stream
 */
export class Knobs {
  constructor(private readonly query: URLSearchParams) {}

  has(name: string): boolean {
    return this.query.has(name);
  }

  text(name: string): string | null {
    return this.query.get(name);
  }

  /** Undefined where it is not set. */
  number(name: string): number | undefined {
    return this.query.has(name) ? Number(this.query.get(name)) : undefined;
  }
}

type Garbage = (encoding: Encoding) => string;

/** Frames that no recording has. */
const GARBAGE: Readonly<Record<string, Garbage>> = {
  json: (encoding) => (encoding === 'ndjson' ? '{"broken": tru\n' : 'data: {"broken": tru\n\n'),
  html: () => '<html><body><h1>502 Bad Gateway</h1></body></html>\n\n',
  comment: (encoding) => (encoding === 'ndjson' ? '\n' : ': keep-alive\n\n'),
  unknown: (encoding) =>
    encoding === 'ndjson'
      ? '{"surprise":{"from":"the future"}}\n'
      : 'event: surprise\ndata: {"type":"surprise","object":"surprise.chunk"}\n\n',
};

const garbage = (kind: string, encoding: Encoding): Buffer =>
  Buffer.from((GARBAGE[kind] ?? GARBAGE['json']!)(encoding));

/** The frames of a body after what the knobs do to them. */
export function turnedFrames(body: Buffer, encoding: Encoding, knobs: Knobs): Buffer[] {
  let frames = framesOf(turnedBytes(body, knobs), encoding);
  if (knobs.has('nodone')) frames = frames.filter((frame) => !/^data:\s*\[DONE\]/m.test(frame.toString()));
  const at = knobs.number('garbage');
  if (at !== undefined) frames = frames.toSpliced(at, 0, garbage(knobs.text('garbage_kind') ?? 'json', encoding));
  const every = knobs.number('ping');
  if (every) frames = frames.flatMap((frame, i) => (i % every ? [frame] : [garbage('comment', encoding), frame]));
  return knobs.has('bom') ? [Buffer.from([0xef, 0xbb, 0xbf]), ...frames] : frames;
}

function turnedBytes(body: Buffer, knobs: Knobs): Buffer {
  const bytes = knobs.has('crlf') ? Buffer.from(body.toString().replace(/\r?\n/g, '\r\n')) : body;
  const lost = knobs.number('trunc') ?? 0;
  return bytes.subarray(0, Math.max(0, bytes.length - lost));
}
