import { jsonLines } from './json-lines.js';
import type { Piece } from './delimited.js';

/** The whole body, or the JSON lines that one network chunk completed. */
export type JsonPiece = { readonly whole: string } | { readonly lines: readonly Piece[] };

/** A whole answer in one JSON body, from servers that do not stream. Nothing larger is a chat answer. */
const MAX_CHARACTERS = 32 * 1024 * 1024;

/**
 * A body that begins like JSON: either one value, on one line or many, or a value on each line. The first line decides, and is
 * held back until another follows it. @throws RangeError once it is longer than any answer
 */
export async function* jsonBody(chunks: AsyncIterable<Buffer>): AsyncGenerator<JsonPiece, void, undefined> {
  let held: Piece[] = [];
  let isLines: boolean | undefined;
  let size = 0;
  for await (const lines of jsonLines(chunks)) {
    if (isLines) {
      yield { lines };
      continue;
    }
    held.push(...lines);
    size += lines.reduce((sum, { data }) => sum + data.length, 0);
    if (size > MAX_CHARACTERS) throw new RangeError(`a body is longer than ${MAX_CHARACTERS} characters`);
    if (held.length < 2) continue;
    isLines ??= isJson(held[0]?.data ?? '');
    if (!isLines) continue;
    yield { lines: held };
    held = [];
  }
  if (!isLines) yield { whole: held.map(({ data }) => data).join('\n') };
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line);
    return true;
  } catch {
    // The first line of a value that is written on several.
    return false;
  }
}
