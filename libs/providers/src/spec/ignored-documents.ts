import type { ModelCall } from './language-model.js';
import type { Warning } from './stream-part.js';

/** What a model without the `documents` capability has to say about a call's documents; nothing when there are none. */
export function ignoredDocuments({ documents = [] }: ModelCall): Warning[] {
  if (documents.length === 0) return [];
  return [{ code: 'unsupported_content', detail: 'this model takes no documents; tell it of them in the prompt' }];
}
