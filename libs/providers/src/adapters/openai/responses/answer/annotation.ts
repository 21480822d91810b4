import { count, dropAbsent, object, text } from '../../../../http/json.js';
import { urlSource } from '../../../../wire/url-source.js';
import type { Source } from '../../../../spec/stream-part.js';
import type { AnnotationType } from '../wire.js';

/** A citation as a source; undefined for what is none of ours: other kinds, and a file without a name [AN-2] [AN-3]. */
export function toSource(annotation: unknown): Source | undefined {
  const citation = object(annotation) ?? {};
  const filename = text(citation['filename']);
  const url = text(citation['url']);
  const fileId = text(citation['file_id']) || undefined;
  switch (citation['type'] as AnnotationType) {
    case 'url_citation':
      return url ? urlSource(url, citation) : undefined;
    case 'file_citation':
      return filename ? fileSource(filename, fileId, count(citation['index'])) : undefined;
    case 'container_file_citation':
      return filename ? fileSource(filename, fileId, count(citation['end_index'])) : undefined;
    default:
      return undefined;
  }
}

function fileSource(filename: string, fileId: string | undefined, index: number | undefined): Source {
  return { type: 'file', filename, ...dropAbsent({ fileId, index }) };
}
