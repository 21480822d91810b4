import type { BetaRawContentBlockDelta } from '@anthropic-ai/sdk/resources/beta/messages';
import type {
  ContentBlock,
  ContentBlockParam,
  DocumentBlockParam,
  ImageBlockParam,
  MessageCountTokensParams,
  MessageCreateParamsStreaming,
  RawMessageStreamEvent,
  TextBlockParam,
  ToolResultBlockParam,
  ToolUseBlockParam,
} from '@anthropic-ai/sdk/resources/messages';
import * as z from 'zod';

// The vendor's own types of https://platform.claude.com/docs/en/api/messages, by our names.

/** Request body of `POST /v1/messages`. */
export type MessagesRequest = Omit<MessageCreateParamsStreaming, 'messages'> & Sampling & { messages: WireMessage[] };

/** Fields of API version 2023-06-01, which the vendor's types no longer have. Models up to 4.6 and look-alikes take them. */
export interface Sampling {
  temperature?: number | undefined;
  top_p?: number | undefined;
  top_k?: number | undefined;
}

/** Request body of `POST /v1/messages/count_tokens`. */
export type CountRequest = MessageCountTokensParams;

/** Always with blocks, never with a mere string; a system prompt is a field of its own. */
export interface WireMessage {
  role: 'user' | 'assistant';
  content: WireBlock[];
}

/** Possibly a block of an earlier answer, which goes back exactly as it came. */
export type WireBlock = ContentBlockParam;

export type TextBlock = TextBlockParam;

export type ImageBlock = ImageBlockParam;

export type DocumentBlock = DocumentBlockParam;

export type ToolUseBlock = ToolUseBlockParam;

export type ToolResultBlock = ToolResultBlockParam;

/**
 * What came as a `T`, or should have: its fields have the vendor's names and its `type` is one of the vendor's, so that a
 * misspelt one does not compile. The values are unchecked, and another `type` ends in the `default` of a switch.
 */
export type Unchecked<T> = { readonly [Field in FieldOf<T>]?: Field extends 'type' ? TypeOf<T> : unknown };

type FieldOf<T> = T extends unknown ? keyof T : never;
type TypeOf<T> = T extends { type: infer Type } ? Type : never;

/** An event of the stream. `ping` and `error` are in the documents, not in the types. */
export type MessageEvent = Unchecked<RawMessageStreamEvent | { type: 'ping' } | { type: 'error'; error: unknown }>;

export type Delta = Unchecked<BetaRawContentBlockDelta>;
export type DeltaType = BetaRawContentBlockDelta['type'];
export type BlockType = ContentBlock['type'];

/** `GET /v1/models`, see https://platform.claude.com/docs/en/api/models-list. */
export const ModelPage = z.object({ data: z.array(z.unknown()) });

/** `POST /v1/messages/count_tokens`, see https://platform.claude.com/docs/en/api/messages-count-tokens. */
export const TokenCount = z.object({ input_tokens: z.int().min(0) });
