import type { ModelCall } from './language-model.js';
import type { Warning } from './stream-part.js';

/** The warning of a model without the `documents` capability about a call's documents; none when there are no documents. */
export function ignoredDocuments({ documents = [] }: ModelCall): Warning[] {
  if (documents.length === 0) return [];
  return [{ code: 'unsupported_content', detail: 'this model takes no documents; tell it of them in the prompt' }];
}
