import { z } from 'zod';
import { Action, ThreadItem } from '#chatkit';
import type { RunContext } from '../runs/run.js';

/**
 * What needs an assistant's code and no stream: what each kind of call says, and what is answered. Payloads are data
 * of users, not to be trusted.
 */
export const calls = {
  /** A click that is answered with JSON [RQ-19]; the handler stores what is meant to last. */
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
  /** Speech to text [RQ-25]; the media type has no parameters. */
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

/** A call as the worker gets it: `kind` tells which payload it has. */
export type AssistantCall = {
  readonly [Kind in CallKind]: CallFields & { readonly kind: Kind; readonly payload: CallPayload<Kind> };
}[CallKind];

/** What stands on an answered row: the reply, or an error that the asker may read. */
export const StoredReply = z.union([
  z.object({ error: z.object({ code: z.string(), message: z.string() }) }),
  z.object({ value: z.unknown() }),
]);
export type StoredReply = z.output<typeof StoredReply>;

export const isCallKind = (kind: string): kind is CallKind => Object.hasOwn(calls, kind);
