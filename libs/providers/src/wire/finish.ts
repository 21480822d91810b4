import { operatorDetail } from '../http/operator-detail.js';
import type { PartWriter } from '../parts/part-writer.js';
import { ProviderError } from '../spec/provider-error.js';
import type { FinishReason } from '../spec/stream-part.js';
import type { Usage } from '../spec/usage.js';
import type { FailureContext } from './errors.js';
import { meaningOf } from './finish-words.js';

/**
 * The reason of an answer that is over; `raw` is null when the server closed it without saying why.
 * @throws ProviderError for a word that says that the answer failed
 */
export function finishReason(raw: string | null, { ref, secrets }: FailureContext): FinishReason {
  const meaning = raw === null ? undefined : meaningOf(raw);
  if (typeof meaning !== 'object') return { unified: meaning ?? 'other', raw };
  const detail = operatorDetail(`the answer ended with the finish reason "${raw}"`, secrets);
  throw new ProviderError(meaning.failure, { ref, detail });
}

/** Writes the end of an answer, with a warning where nobody can say that it is whole. */
export function writeFinish(writer: PartWriter, reason: FinishReason, usage: Usage | undefined): void {
  if (reason.unified === 'other') writer.warning({ code: 'unclear_finish', raw: reason.raw, detail: unclear(reason) });
  writer.finish(reason, usage);
}

const unclear = ({ raw }: FinishReason): string =>
  raw === null
    ? 'the server ended the answer without a finish reason; the answer may be incomplete'
    : `the finish reason "${raw}" does not say whether the answer is complete`;

/**
 * Writes the end of an answer for this reason, or what it has cost.
 * @throws ProviderError for a word that says that the answer failed
 */
export function writeEnd(
  writer: PartWriter,
  raw: string | null,
  usage: Usage | undefined,
  context: FailureContext,
): void {
  let reason: FinishReason;
  try {
    reason = finishReason(raw, context);
  } catch (failure) {
    writer.usage(usage);
    throw failure;
  }
  writeFinish(writer, reason, usage);
}
