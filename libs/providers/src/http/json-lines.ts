import { delimited, type Piece } from './delimited.js';

/**
 * Reads newline-delimited JSON (https://github.com/ndjson/ndjson-spec), lines ended by LF or CRLF, and yields the lines that
 * each network chunk completed, together. JSON never holds a bare line break, and white space around it means nothing. The
 * lines are not parsed. @throws RangeError once a line is longer than any provider's
 */
export function jsonLines(
  chunks: AsyncIterable<Buffer>,
  maxCharacters?: number,
): AsyncGenerator<readonly Piece[], void, undefined> {
  return delimited(chunks, '\n', { maxCharacters });
}
