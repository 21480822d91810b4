import { z } from 'zod';
import { Action, ThreadItem } from '#chatkit';
import type { RunContext } from '../runs/run.js';

/**
 * Requests that need an assistant's code and no stream: the payload and the reply of each kind of call. Payloads are user
 * input, not to be trusted.
 */
export const calls = {
  /** A click that is answered with JSON [RQ-19]; the handler stores what is to be retained. */
  sync_action: {
    payload: z.object({ threadId: z.string(), itemId: z.string().optional(), action: Action }),
    reply: z.object({ updatedItem: ThreadItem.optional() }),
  },
  /** Thumbs up or down, stored already [RQ-24]. */
  feedback: {
    payload: z.object({
      threadId: z.string(),
      itemIds: z.array(z.string()),
      kind: z.enum(['positive', 'negative']),
    }),
    reply: z.object({}),
  },
  /** Speech to text [RQ-25]; the MIME type as the client sent it, with its parameters. */
  transcribe: {
    payload: z.object({ audioBase64: z.string(), mimeType: z.string() }),
    reply: z.object({ text: z.string() }),
  },
} as const;

export type CallKind = keyof typeof calls;
export type CallPayload<Kind extends CallKind = CallKind> = z.output<(typeof calls)[Kind]['payload']>;
export type CallReply<Kind extends CallKind = CallKind> = z.output<(typeof calls)[Kind]['reply']>;

interface CallFields {
  readonly callId: string;
  readonly tenantId: string;
  readonly ownerId: string;
  readonly assistantId: string;
  readonly context: RunContext;
}

/** A call as the worker receives it: `kind` determines its payload. */
export type AssistantCall = {
  readonly [Kind in CallKind]: CallFields & { readonly kind: Kind; readonly payload: CallPayload<Kind> };
}[CallKind];

/** The content of an answered row: the reply, or an error that the caller may read. */
export const StoredReply = z.union([
  z.object({ error: z.object({ code: z.string(), message: z.string() }) }),
  z.object({ value: z.unknown() }),
]);
export type StoredReply = z.output<typeof StoredReply>;

export const isCallKind = (kind: string): kind is CallKind => Object.hasOwn(calls, kind);
