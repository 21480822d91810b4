import type { FailureContext } from '../../wire/errors.js';
import { finishReason } from '../../wire/finish.js';
import type { FinishReason } from '../../spec/stream-part.js';
import type { ResponseFields } from './response-config.js';

/**
 * By the config entry, then by what many call it; nothing said is `stop`. @throws ProviderError for a word that says that the answer failed
 */
export function toFinishReason(
  raw: string | null,
  declared: ResponseFields['finishReasons'] = {},
  context: FailureContext,
): FinishReason {
  if (raw === null) return { unified: 'stop', raw };
  const known = new Map(Object.entries(declared));
  const unified = known.get(raw) ?? known.get(raw.toLowerCase());
  return unified ? { unified, raw } : finishReason(raw, context);
}
