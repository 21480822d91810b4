import { type ModelRef, ProviderError } from '#providers';
import type { Answer } from './answer.js';

/** A complete stream without any text is no answer: the user must not be left with an empty message. */
export function assertAnswered(answer: Answer, ref: ModelRef): void {
  if (answer.item) return;
  const reason = answer.finish;
  const detail = `the model finished (${reason?.raw ?? reason?.unified ?? 'no reason given'}) without any text`;
  throw new ProviderError(reason?.unified === 'content_filter' ? 'content_filtered' : 'empty_response', {
    ref,
    detail,
  });
}
