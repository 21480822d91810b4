import type { StreamPart } from '../../../libs/providers/src/spec/stream-part.js';
import type { ExpectedImage } from './expected.js';

/** The images of an answer, in the words of its expectation. */
export function imagesOf(parts: readonly StreamPart[]): ExpectedImage[] {
  return parts.flatMap((start) => {
    if (start.type !== 'image-start') return [];
    const previews = parts.filter((part) => part.type === 'image-preview' && part.id === start.id).length;
    const end = parts.find((part) => part.type === 'image-end' && part.id === start.id);
    const bytes = end?.type === 'image-end' ? { media_type: end.mediaType, data: end.data } : {};
    return [{ call_id: start.callId, ...bytes, previews }];
  });
}
