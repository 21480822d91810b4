const LINE_FEED = 0x0a;
const COLON = 0x3a;
const ID_FIELD = new TextEncoder().encode('id:');
const END = 'end';

/**
 * Splits a stream into frames and marks, whatever chunks the network delivers. The server sends an `id:` line, the mark,
 * after each group of frames. Frames are returned once their mark has arrived, so that what a broken connection has left
 * unfinished can be dropped and requested again. Marks and comments (heartbeats) are not returned. Works on bytes: in
 * UTF-8 a line feed is never part of another character.
 */
export class MarkedFrames {
  /** The newest mark, `<fence>-<seq>`: what follows it has not been returned. Undefined before the first one. */
  cursor: string | undefined;
  /** The run's last frame has been returned. */
  ended = false;
  /** Complete blocks that wait for their mark, and the pieces of the block after them. */
  #held: Uint8Array[] = [];
  #begun: Uint8Array[] = [];

  /** Takes a chunk; returns the frames that it completes, often none. */
  push(chunk: Uint8Array): Uint8Array {
    const complete: Uint8Array[] = [];
    let start = 0;
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, at + 1)) {
      const before = at > start ? chunk[at - 1] : this.#begun.at(-1)?.at(-1);
      if (before !== LINE_FEED) continue;
      complete.push(...this.#take(joined([...this.#begun, chunk.subarray(start, at + 1)])));
      this.#begun = [];
      start = at + 1;
    }
    if (start < chunk.length) this.#begun.push(chunk.subarray(start));
    return joined(complete);
  }

  /** A new connection continues after the cursor. */
  reconnected(): void {
    this.#held = [];
    this.#begun = [];
  }

  #take(block: Uint8Array): Uint8Array[] {
    if (block[0] === COLON) return [];
    if (!startsWith(block, ID_FIELD)) {
      this.#held.push(block);
      return [];
    }
    const id = new TextDecoder().decode(block.subarray(ID_FIELD.length)).trim();
    if (id === END) this.ended = true;
    else this.cursor = id;
    const complete = this.#held;
    this.#held = [];
    return complete;
  }
}

function startsWith(bytes: Uint8Array, prefix: Uint8Array): boolean {
  return prefix.every((byte, index) => bytes[index] === byte);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const [only] = pieces;
  if (only && pieces.length === 1) return only;
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
