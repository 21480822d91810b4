import { object, text } from '../../../../http/json.js';
import { isFinishWord, meaningOf } from '../../../../wire/finish-words.js';

/** Why the answer ended, from all the chunks that say so. */
export class FinishWord {
  #raw: string | null = null;

  /** Null as long as none has come. */
  get raw(): string | null {
    return this.#raw;
  }

  /** It has come, and says nothing of a failure. */
  get isGood(): boolean {
    return this.#raw !== null && typeof meaningOf(this.#raw) !== 'object';
  }

  /** A later `stop` does not take back that the answer was cut. SGLang's own format has an object with the type. */
  add(value: unknown): void {
    const word = text(value) || text(object(value)?.['type']);
    if (!isFinishWord(word)) return;
    if (this.#raw === null || meaningOf(word) !== 'stop') this.#raw = word;
  }
}
