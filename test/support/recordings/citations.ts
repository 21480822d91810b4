import { type Json, list, object, text } from '../../../libs/providers/src/http/json.js';
import type { Format } from './expected.js';

/** The URLs, titles or file names by which a person knows what a citation is of; none for kinds that are no sources. */
export function citedNames(citation: unknown, format: Format): string[] {
  if (typeof citation === 'string') return [citation];
  const fields = object(citation) ?? {};
  if (format === 'cohere-v2-chat') return namesOfCohere(fields);
  const name = format === 'anthropic-messages' ? nameOfAnthropic(fields) : nameOfOpenAI(fields);
  return name ? [name] : [];
}

function nameOfOpenAI({ type, url, filename, url_citation: inner }: Json): string {
  if (type === 'url_citation') return text(object(inner)?.['url']) || text(url);
  return type === 'file_citation' || type === 'container_file_citation' ? text(filename) : '';
}

function nameOfAnthropic({ type, url, title, source, document_title: document }: Json): string {
  if (type === 'web_search_result_location') return text(url);
  if (type === 'search_result_location') return URL.canParse(text(source)) ? text(source) : text(title) || text(source);
  return text(document);
}

/** Each source by its URL, its title, or the id of a document; the id of a tool's output means nothing to a person. */
function namesOfCohere({ type, sources }: Json): string[] {
  if (type && type !== 'TEXT_CONTENT') return [];
  return list(sources).flatMap((value) => {
    const source = object(value) ?? {};
    const fields = object(source['document']) ?? object(source['tool_output']) ?? {};
    const url = /^https?:/.test(text(fields['url'])) ? text(fields['url']) : '';
    const name = url || text(fields['title']) || (source['type'] === 'document' && text(source['id']));
    return name ? [name] : [];
  });
}
