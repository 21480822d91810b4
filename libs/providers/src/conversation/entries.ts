import type {
  AssistantMessage,
  Message,
  SystemMessage,
  ToolCallPart,
  ToolResultPart,
  UserMessage,
} from '../spec/prompt.js';

export type AnswerPart = AssistantMessage['content'][number];

/** A message of the assistant, with the results of its calls in the order of the calls. */
export interface Answer {
  readonly role: 'assistant';
  readonly content: readonly AnswerPart[];
  readonly results: readonly ToolResultPart[];
}

/** A prompt in which every call has its result. */
export type Entry = SystemMessage | UserMessage | Answer;

const isCall = (part: AnswerPart): part is ToolCallPart => part.type === 'tool-call';
export const callsOf = ({ content }: Answer): ToolCallPart[] => content.filter(isCall);
export const isVisible = (text: string): boolean => text.trim() !== '';
export const said = (text: string): UserMessage => ({ role: 'user', content: [{ type: 'text', text }] });

/**
 * Whether the model was interrupted in it, at work with tools of its provider: it goes back as it is, and is no prefill
 * (https://docs.anthropic.com/en/api/handling-stop-reasons, `pause_turn`).
 */
export const isInterrupted = ({ content }: Answer): boolean =>
  content.some((part) => part.type === 'reasoning' && /_tool_(use|result)$/.test(String(part.data['type'])));

/** The messages of entries: results are right behind their calls. */
export function toMessages(entries: readonly Entry[]): Message[] {
  return entries.flatMap((entry): Message[] => {
    if (entry.role !== 'assistant') return [entry];
    const { role, content, results } = entry;
    return [{ role, content }, ...(results.length > 0 ? [{ role: 'tool' as const, content: results }] : [])];
  });
}
