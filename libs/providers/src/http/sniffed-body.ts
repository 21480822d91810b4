import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** What a body is by its first character that is no white space: servers and proxies label answers wrongly. */
export type BodyForm = 'json' | 'page' | 'other';

/** Enough to tell an operator what came instead of an answer. */
const MAX_BEGINNING = 200;

const FORMS: Readonly<Record<string, BodyForm>> = { '{': 'json', '[': 'json', '<': 'page' };

/**
 * A body whose beginning has been looked at. Its chunks come as they came, the first ones included; behind them the source's own
 * promises are passed on, so that a chunk has no extra cost. Leaving a loop over it does not destroy the body.
 */
export class SniffedBody implements AsyncIterable<Buffer>, AsyncIterator<Buffer, void> {
  form: BodyForm = 'other';
  /** The first characters, or all of a body that is shorter. */
  beginning = '';
  readonly #source: AsyncIterator<Buffer, void>;
  readonly #held: Buffer[] = [];

  private constructor(body: Readable) {
    this.#source = body.iterator({ destroyOnReturn: false });
  }

  /** Waits for the first character. @throws what the stream throws */
  static async of(body: Readable): Promise<SniffedBody> {
    const sniffed = new SniffedBody(body);
    await sniffed.#look();
    return sniffed;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Buffer, void>> {
    if (this.#held.length === 0) return this.#source.next();
    return Promise.resolve({ done: false, value: this.#held.shift() as Buffer });
  }

  async return(): Promise<IteratorResult<Buffer, void>> {
    await this.#source.return?.();
    return { done: true, value: undefined };
  }

  async #look(): Promise<void> {
    // A character may be cut by a chunk's border, the byte order mark as well: the decoder holds its first bytes back.
    const decoder = new StringDecoder('utf8');
    while (this.beginning === '') {
      const { done, value } = await this.#source.next();
      if (done) return;
      this.#held.push(value);
      // JavaScript counts a byte order mark as white space.
      this.beginning = decoder.write(value).trimStart();
    }
    this.form = FORMS[this.beginning.charAt(0)] ?? 'other';
    this.beginning = this.beginning.slice(0, MAX_BEGINNING);
  }
}
