import { withoutSecrets } from '../http/without-secrets.js';
import type { SseFrame } from '../http/sse-frames.js';
import type { ModelCall } from '../spec/language-model.js';
import type { ModelRef } from '../spec/model-ref.js';

/** Numbers the frames of one answer for the call's `onFrame`; undefined where nobody wants to see them. */
export function frameWatch(
  { onFrame }: ModelCall,
  ref: ModelRef,
  secrets: readonly string[],
): ((frame: SseFrame) => void) | undefined {
  if (!onFrame) return undefined;
  let number = 0;
  return ({ event, data }) => onFrame({ ref, number: ++number, event, data: withoutSecrets(data, secrets) });
}
