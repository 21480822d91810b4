import { count, dropAbsent, type Json, text } from '../http/json.js';
import type { UrlSource } from '../spec/stream-part.js';

/** The fields that a `url_citation` has in both of OpenAI's formats. */
export function urlSource(url: string, citation: Json): UrlSource {
  const title = text(citation['title']) || undefined;
  const indices = { startIndex: count(citation['start_index']), endIndex: count(citation['end_index']) };
  return { type: 'url', url, ...dropAbsent({ title, ...indices }) };
}
