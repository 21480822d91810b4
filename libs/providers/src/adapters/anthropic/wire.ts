import * as z from 'zod';
import type { Json } from '../../http/json.js';

// Shapes of https://docs.anthropic.com/en/api/messages, as far as we use them.

/** Request body of `POST /messages`. */
export interface MessagesRequest extends Readonly<Record<string, unknown>> {
  readonly model: string;
  readonly system: string | undefined;
  readonly messages: readonly WireMessage[];
  readonly stream: true;
}

export interface WireMessage {
  readonly role: 'user' | 'assistant';
  readonly content: readonly WireBlock[];
}

export interface TextBlock {
  readonly type: 'text';
  readonly text: string;
}

export interface ImageBlock {
  readonly type: 'image';
  readonly source: BytesSource | UrlSource;
}

export interface DocumentBlock {
  readonly type: 'document';
  readonly source: BytesSource | UrlSource | TextSource;
  readonly title?: string;
  readonly citations?: { readonly enabled: true };
}

interface BytesSource {
  readonly type: 'base64';
  readonly media_type: string;
  readonly data: string;
}

interface UrlSource {
  readonly type: 'url';
  readonly url: string;
}

interface TextSource {
  readonly type: 'text';
  readonly media_type: 'text/plain';
  readonly data: string;
}

export interface ToolUseBlock {
  readonly type: 'tool_use';
  readonly id: string;
  readonly name: string;
  readonly input: Json;
}

export interface ToolResultBlock {
  readonly type: 'tool_result';
  readonly tool_use_id: string;
  readonly content?: string;
}

/** The last one: a block of an earlier answer that goes back exactly as it came. */
export type WireBlock = TextBlock | ImageBlock | DocumentBlock | ToolUseBlock | ToolResultBlock | Json;

/** `GET /models`, see https://docs.anthropic.com/en/api/models-list. */
export const ModelPage = z.object({ data: z.array(z.object({ id: z.string() })) });

/** `POST /messages/count_tokens`, see https://docs.anthropic.com/en/api/messages-count-tokens. */
export const TokenCount = z.object({ input_tokens: z.int().min(0) });
