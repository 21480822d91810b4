import { ProviderError } from '../../spec/provider-error.js';
import type { FailureContext } from '../../wire/errors.js';
import type { ResponseFields } from './response-config.js';

/** A text that grows, given as what is new of it or as all of it so far. */
export class GrowingText {
  #said = '';

  /** All of it. */
  get said(): string {
    return this.#said;
  }

  /** @returns what is new. @throws ProviderError `malformed_response` for a text that does not go on from what was said */
  grow(text: string, textIs: ResponseFields['textIs'], { ref }: FailureContext): string {
    if (textIs === 'delta') {
      this.#said += text;
      return text;
    }
    // The last of them may do without the blanks at the end.
    if (this.#said.startsWith(text)) return '';
    if (!text.startsWith(this.#said)) {
      const detail = 'the text does not go on from what was said before; is it not cumulative?';
      throw new ProviderError('malformed_response', { ref, detail });
    }
    const fresh = text.slice(this.#said.length);
    this.#said = text;
    return fresh;
  }
}
