import { createHash } from 'node:crypto';

/** A token is the time at which it was sent, in microseconds, and a filler (fake-provider.mjs, LOAD). */
const STAMP_LENGTH = 16;
const FILLER = 'xxx ';
export const TOKEN_LENGTH = STAMP_LENGTH + FILLER.length;

export const modelOf = (load: { readonly tokens: number; readonly delayMs: number }): string =>
  `fake;tokens=${load.tokens};delay=${load.delayMs};size=${FILLER.length}`;

/** Epoch time, comparable between processes of one machine. */
export const micros = (): number => (performance.timeOrigin + performance.now()) * 1_000;

export const digestOf = (text: string): string => createHash('sha1').update(text).digest('base64url');

const stampAt = (text: string, offset: number): number => Number(text.slice(offset, offset + STAMP_LENGTH));

/** Reads a text as it grows; tells of every token that is complete. */
export class TokenReader {
  private rest = '';

  constructor(private readonly onToken: (sentAtMicros: number) => void) {}

  push(delta: string): void {
    const text = this.rest === '' ? delta : this.rest + delta;
    let offset = 0;
    for (; offset + TOKEN_LENGTH <= text.length; offset += TOKEN_LENGTH) this.onToken(stampAt(text, offset));
    this.rest = text.slice(offset);
  }
}

/** What is wrong with a whole text: the number of its tokens, their shape, their order. */
export function faultOfText(text: string, tokens: number): string | undefined {
  if (text.length !== tokens * TOKEN_LENGTH) return `${text.length / TOKEN_LENGTH} tokens instead of ${tokens}`;
  for (let offset = 0, last = 0; offset < text.length; offset += TOKEN_LENGTH) {
    const stamp = stampAt(text, offset);
    if (!Number.isInteger(stamp) || !text.startsWith(FILLER, offset + STAMP_LENGTH)) return `no token at ${offset}`;
    if (stamp < last) return `out of order at ${offset}`;
    last = stamp;
  }
  return undefined;
}
