import type { UrlSource } from '../../../../spec/stream-part.js';
import { urlSource } from '../../../../wire/url-source.js';
import { type Json, list, object, text } from '../../../../http/json.js';

/**
 * Reasoning is no part of OpenAI's own format. DeepSeek, vLLM and others send `reasoning_content`; Groq, OpenRouter and newer
 * vLLM `reasoning`; OpenRouter `reasoning_details` besides, sometimes alone. The first with text counts: they repeat each other.
 */
export function reasoningOf(message: Json): string {
  return (
    text(message['reasoning_content']) || text(message['reasoning']) || reasoningDetails(message['reasoning_details'])
  );
}

function reasoningDetails(details: unknown): string {
  if (!details) return '';
  return list(details)
    .map((detail) => text(object(detail)?.['text']) || text(object(detail)?.['summary']))
    .join('');
}

/** A content part: text, a picture, or (Mistral) thinking with text parts inside; anything else reads as empty text. */
export function contentOf(part: unknown): { kind: 'text' | 'reasoning' | 'image'; text: string } {
  if (typeof part === 'string') return { kind: 'text', text: part };
  if (object(part)?.['image_url']) return { kind: 'image', text: '' };
  const thinking = object(part)?.['thinking'];
  if (!thinking) return { kind: 'text', text: text(object(part)?.['text']) };
  const inner = list(thinking).map((piece) => text(object(piece)?.['text']));
  return { kind: 'reasoning', text: text(thinking) || inner.join('') };
}

/** https://platform.openai.com/docs/api-reference/chat/object: annotations of type `url_citation`. */
export function sourcesOf(annotations: unknown): UrlSource[] {
  return list(annotations).flatMap((annotation) => {
    const citation = object(object(annotation)?.['url_citation']);
    const url = text(citation?.['url']);
    if (!citation || !url) return [];
    return [urlSource(url, citation)];
  });
}
