import { randomUUID } from 'node:crypto';

/** What the load client asks for, as far as the servers of the bench read it. */
export interface ChatBody {
  readonly params: {
    readonly input: {
      readonly content: readonly { readonly text: string }[];
      readonly inference_options: { readonly model: string };
    };
  };
}

export const SSE_HEAD = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' };

/** The person's text, and the model as its provider knows it. */
export function askedIn({ params: { input } }: ChatBody): { readonly text: string; readonly model: string } {
  const text = input.content.map((part) => part.text).join('');
  return { text, model: input.inference_options.model.slice('openai/'.length) };
}

export const newThreadId = (): string => `thr_${randomUUID()}`;

/** The events before an answer: the thread, and the person's message. */
export const preamble = (threadId: string, text: string): readonly object[] => [
  {
    type: 'thread.created',
    thread: { id: threadId, created_at: new Date().toISOString(), status: { type: 'active' } },
  },
  { type: 'thread.item.done', item: newItem(threadId, 'user_message', text) },
];

export const newItem = (threadId: string, type: string, text?: string) => ({
  id: `msg_${randomUUID()}`,
  thread_id: threadId,
  created_at: new Date().toISOString(),
  type,
  content: text === undefined ? [] : [{ type: 'input_text', text }],
});

export const outputText = (text: string) => ({ type: 'output_text', text, annotations: [] });
