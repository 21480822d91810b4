import { StringDecoder } from 'node:string_decoder';

/** The text between two delimiters; never empty. */
export interface Piece {
  readonly data: string;
}

export interface DelimitedOptions {
  readonly maxCharacters?: number | undefined;
  /** White space around a piece means nothing, as around JSON; by default. */
  readonly trims?: boolean;
}

/** No provider sends a single piece near this size; without a bound a broken one could fill the memory. */
const MAX_PIECE_CHARACTERS = 32 * 1024 * 1024;

const BYTE_ORDER_MARK = 0xfeff;

/**
 * Splits a body at the delimiter and yields the pieces that each network chunk completed, together. A last piece
 * without a delimiter counts. Network cuts, even within a character or a delimiter, do not change the pieces.
 * @throws RangeError once a piece is longer than any provider's
 */
export async function* delimited(
  chunks: AsyncIterable<Buffer>,
  delimiter: string,
  { maxCharacters = MAX_PIECE_CHARACTERS, trims = true }: DelimitedOptions = {},
): AsyncGenerator<readonly Piece[], void, undefined> {
  // A character may be cut by a chunk's border: the decoder holds its first bytes back.
  const decoder = new StringDecoder('utf8');
  let rest = '';
  /** The end of `rest`, which may be the beginning of a delimiter. */
  let tail = '';
  let started = false;
  for await (const chunk of chunks) {
    const text = decoder.write(chunk);
    const fresh = started || text.charCodeAt(0) !== BYTE_ORDER_MARK ? text : text.slice(1);
    started ||= text.length > 0;
    // Only what is new is searched, so that a long piece in many chunks is not walked again and again.
    const near = tail + fresh;
    rest += fresh;
    const pieces = near.includes(delimiter) ? rest.split(delimiter) : [];
    rest = pieces.pop() ?? rest;
    tail = endOf(pieces.length > 0 ? rest : near, delimiter.length - 1);
    if (rest.length > maxCharacters) throw new RangeError(`a piece is longer than ${maxCharacters} characters`);
    const filled = pieces.flatMap((piece) => pieceOf(piece, trims));
    if (filled.length > 0) yield filled;
  }
  const last = pieceOf(rest + decoder.end(), trims);
  if (last.length > 0) yield last;
}

function pieceOf(text: string, trims: boolean): Piece[] {
  const data = trims ? text.trim() : text;
  return data ? [{ data }] : [];
}

const endOf = (text: string, length: number): string => text.slice(Math.max(0, text.length - length));
