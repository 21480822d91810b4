import { count, dropAbsent, type Json, list, object, text } from '../../../http/json.js';
import type { Source } from '../../../spec/stream-part.js';

/** The sources of a citation, each with the place that it supports. One of the thoughts or the plan has no place in the text. */
export function sourcesOf(value: unknown): Source[] {
  const citation = object(value) ?? {};
  const type = text(citation['type']);
  if (type && type !== 'TEXT_CONTENT') return [];
  return list(citation['sources']).flatMap((source) => toSource(object(source) ?? {}, citation));
}

/**
 * A document comes back as it was given to the model. A tool's output counts only where it names something that a person
 * could look up: its id means nothing to them [AN-3].
 */
function toSource(source: Json, citation: Json): Source[] {
  const id = text(source['id']) || undefined;
  const fields = object(source['document']) ?? object(source['tool_output']) ?? {};
  const title = text(fields['title']) || undefined;
  const url = text(fields['url']);
  const [startIndex, endIndex] = [count(citation['start']), count(citation['end'])];
  if (/^https?:\/\//i.test(url)) return [{ type: 'url', url, ...dropAbsent({ title, startIndex, endIndex }) }];
  const filename = title ?? (source['type'] === 'tool' ? undefined : id);
  return filename ? [{ type: 'file', filename, ...dropAbsent({ fileId: id, index: endIndex }) }] : [];
}
