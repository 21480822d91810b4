import { StringDecoder } from 'node:string_decoder';
import type { Readable } from 'node:stream';

/** One line of a stream of JSON objects; blank lines are none. */
export interface JsonLine {
  readonly data: string;
}

/** No provider sends a single line near this size; without a bound a broken one could fill the memory. */
const MAX_LINE_CHARACTERS = 32 * 1024 * 1024;

const BYTE_ORDER_MARK = 0xfeff;

/**
 * Reads newline-delimited JSON (https://github.com/ndjson/ndjson-spec), lines ended by LF or CRLF, and yields the lines that
 * each network chunk completed, together. A last line without an end counts. The lines are not parsed.
 * @throws RangeError once a line is longer than any provider's
 */
export async function* jsonLines(
  body: Readable,
  maxCharacters = MAX_LINE_CHARACTERS,
): AsyncGenerator<readonly JsonLine[], void, undefined> {
  // A character may be cut by a chunk's border: the decoder holds its first bytes back.
  const decoder = new StringDecoder('utf8');
  // Leaving the loop must not destroy the body: its reader decides whether the connection is kept.
  const chunks: AsyncIterable<Buffer> = body.iterator({ destroyOnReturn: false });
  let rest = '';
  let started = false;
  for await (const chunk of chunks) {
    const text = decoder.write(chunk);
    const fresh = started || text.charCodeAt(0) !== BYTE_ORDER_MARK ? text : text.slice(1);
    started ||= text.length > 0;
    // Only what is new is searched, so that a long line in many chunks is not walked again and again.
    const end = fresh.lastIndexOf('\n');
    if (end < 0) {
      rest += fresh;
      if (rest.length > maxCharacters) throw new RangeError(`a line is longer than ${maxCharacters} characters`);
      continue;
    }
    const lines = linesOf(rest + fresh.slice(0, end));
    rest = fresh.slice(end + 1);
    if (lines.length > 0) yield lines;
  }
  const last = linesOf(rest + decoder.end());
  if (last.length > 0) yield last;
}

/** JSON never holds a bare line break, and white space around it means nothing. */
function linesOf(text: string): JsonLine[] {
  return text.split('\n').flatMap((line) => (line.trim() ? [{ data: line.trim() }] : []));
}
