import type { TextCitation } from '@anthropic-ai/sdk/resources/messages';
import { dropAbsent, text } from '../../../http/json.js';
import type { Source } from '../../../spec/stream-part.js';
import type { Unchecked } from '../wire.js';

/** Where in its text block the words stand that a citation is about: from, and up to but not including. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A citation as a source; undefined for what is none of ours: other kinds, and a document without a title [AN-2] [AN-3]. */
export function toSource(citation: Unchecked<TextCitation>, { start, end }: Span): Source | undefined {
  const title = text(citation.title) || undefined;
  switch (citation.type) {
    case 'web_search_result_location':
      return urlSource(text(citation.url), title, { start, end });
    case 'search_result_location': {
      const source = text(citation.source);
      if (URL.canParse(source)) return urlSource(source, title, { start, end });
      return fileSource(title ?? source, undefined, end);
    }
    case 'char_location':
    case 'page_location':
    case 'content_block_location':
      return fileSource(text(citation.document_title), text(citation.file_id) || undefined, end);
    default:
      return undefined;
  }
}

function urlSource(url: string, title: string | undefined, { start, end }: Span): Source | undefined {
  return url ? { type: 'url', url, startIndex: start, endIndex: end, ...dropAbsent({ title }) } : undefined;
}

function fileSource(filename: string, fileId: string | undefined, index: number): Source | undefined {
  return filename ? { type: 'file', filename, index, ...dropAbsent({ fileId }) } : undefined;
}
