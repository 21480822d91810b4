import { setImmediate as nextRound } from 'node:timers/promises';
import type { ModelCall } from '../spec/language-model.js';
import { countable } from './countable.js';

/** The models of OpenAI that read `o200k_base`, under whatever account: `gpt-5.4`, `o3-mini`, `openai/gpt-oss-120b`. */
const O200K_MODEL = /(?:^|\/)(?:gpt-(?:4o|4\.1|4\.5|[5-9]|oss)|chatgpt-4o|o[1-9](?:-|$))/;

/** A tokenizer's time grows with the square of a word's length, so a long one is cut, at white space where there is any. */
const SLICE = /[^]{1,1000}(?=\s)|[^]{1,1000}/g;
/** About this many characters a millisecond, ten times fewer at worst: nobody else is to wait longer than that. */
const SLICES_AT_ONCE = 16;

export const hasOpenAITokenizer = (model: string): boolean => O200K_MODEL.test(model);

/**
 * Input tokens by OpenAI's tokenizer, which is loaded when it is first needed. How OpenAI writes down tools, pictures and the
 * frames of messages is not public, so the sum is an estimate, and nearer than others. Lets others have the process in between.
 */
export async function countWithTokenizer(call: ModelCall): Promise<number> {
  const { countTokens } = await import('gpt-tokenizer/encoding/o200k_base');
  const { texts, otherTokens } = countable(call);
  let tokens = otherTokens;
  let slices = 0;
  for (const text of texts) {
    for (const [slice] of text.matchAll(SLICE)) {
      // Written in a message, the words of special tokens are text.
      tokens += countTokens(slice, { disallowedSpecial: new Set() });
      if (++slices % SLICES_AT_ONCE === 0) await nextRound();
    }
  }
  return tokens;
}
