import { applyEvent, type Entries } from '../../web/src/protocol/fold.js';
import type { ClientToolCall } from '../../web/src/protocol/items/client-tool-call.js';
import type { StructuredInput } from '../../web/src/protocol/items/structured-input.js';
import { textOf } from '../../web/src/protocol/items/text-of.js';
import { RequestError } from '../../web/src/protocol/request-error.js';
import type { ChatEvent, Item } from '../../web/src/protocol/types.js';

/** What a thread may wait for. */
export type Waiting = StructuredInput | ClientToolCall;

/** How a turn ended. `waiting`: for a form or a client tool. */
export type Outcome = 'completed' | 'failed' | 'stopped' | 'waiting';

/** How long a stop may take to reach the server. */
export const STOP_WITHIN_MS = 5_000;

export interface TurnResult {
  readonly outcome: Outcome;
  readonly threadId: string | undefined;
  readonly runId: string | undefined;
  /** All assistant messages. */
  readonly text: string;
  readonly items: readonly Item[];
  readonly waiting?: Waiting | undefined;
  /** What the server said of a failure. */
  readonly error?: string | undefined;
}

interface Progress {
  entries: Entries;
  /** Something that speaks the protocol has sent an event. */
  hasBegun: boolean;
  isAnswered: boolean;
  threadId: string | undefined;
  runId?: string | undefined;
  error?: string | undefined;
}

export interface TurnOptions {
  readonly threadId: string | undefined;
  readonly signal: AbortSignal;
  /** An action may do nothing that can be seen, and a run that is followed may be over. */
  readonly mayBeSilent?: boolean;
  readonly onEvent: (event: ChatEvent, entries: Entries) => void;
}

/** Reads a turn to its end. What goes wrong is a result. */
export async function readTurn(
  events: AsyncIterable<ChatEvent>,
  { threadId, signal, mayBeSilent = false, onEvent }: TurnOptions,
): Promise<TurnResult> {
  const progress: Progress = { entries: [], hasBegun: false, isAnswered: mayBeSilent, threadId };
  try {
    for await (const event of events) {
      take(progress, event);
      onEvent(event, progress.entries);
    }
  } catch (error) {
    if (signal.aborted) return result(progress, 'stopped');
    progress.error = requestFailure(error);
  }
  if (signal.aborted) return result(progress, 'stopped');
  progress.error ??= cut(progress.entries) ?? missingIn(progress);
  if (progress.error !== undefined) return result(progress, 'failed');
  return result(progress, waitingIn(progress.entries.map(({ item }) => item)) ? 'waiting' : 'completed');
}

function take(progress: Progress, event: ChatEvent): void {
  progress.hasBegun = true;
  progress.isAnswered ||= isAnswer(event);
  progress.entries = applyEvent(progress.entries, event);
  if (event.type === 'thread') progress.threadId = event.thread.id;
  if (event.type === 'run') progress.runId = event.id;
  if (event.type === 'error') progress.error = event.message ?? 'The answer failed.';
}

const LOST = 'The connection was lost before the answer was complete.';

/** A stream that ended within an item was cut. */
const cut = (entries: Entries): string | undefined =>
  entries.some(({ progress }) => progress === 'open') ? LOST : undefined;

/** What a turn consists of, other than the person's own message and what precedes an answer. */
function isAnswer(event: ChatEvent): boolean {
  if ('item' in event) return event.item.type !== 'user_message';
  return event.type === 'item.updated' || event.type === 'effect' || event.type === 'notice';
}

/** Why a stream that ended without an error is no answer. Every chat server names the conversation that it begins. */
function missingIn({ threadId, hasBegun, isAnswered }: Progress): string | undefined {
  if (threadId === undefined || !(hasBegun || isAnswered)) return NO_CHAT_SERVER;
  return isAnswered ? undefined : NO_ANSWER;
}

const ADDRESS = 'Is --url right? It names the endpoint, as in http://host:8000/chatkit.';
const noChatServer = (said: string): string => `What answers there is no chat server. ${said} ${ADDRESS}`;
const NO_CHAT_SERVER = noChatServer('It sent no conversation.');
const NO_ANSWER =
  'The stream ended without an answer: the connection was cut, or the assistant has said nothing. --retry asks again.';

/** The item that a thread waits for, if its newest one is such. */
export function waitingIn(items: readonly Item[]): Waiting | undefined {
  const newest = items.findLast(({ type }) => type !== 'end_of_turn');
  const mayWait = newest?.type === 'structured_input' || newest?.type === 'client_tool_call';
  return mayWait && newest.status === 'pending' ? newest : undefined;
}

function result({ entries, threadId, runId, error }: Progress, outcome: Outcome): TurnResult {
  const items = entries.map(({ item }) => item);
  const answers = items.filter(({ type }) => type === 'assistant_message');
  return { outcome, threadId, runId, items, text: answers.map(textOf).join('\n\n'), error, waiting: waitingIn(items) };
}

/** Why a request did not succeed, and what may help. */
export function requestFailure(error: unknown): string {
  if (!(error instanceof RequestError)) return wordsOf(error);
  const { status, message, code } = error;
  if (status === 0)
    return `The server cannot be reached${message && `: ${message}`}. Is it running, and is --url right?`;
  const said = [message || `HTTP ${status}`, code && `(${code})`].filter(Boolean).join(' ');
  if (status < 300) return noChatServer(message);
  if (status === 404 && !code) return `${said}\n${ADDRESS}`;
  return status === 401 ? `${said}\nGive credentials: --header 'Authorization: Bearer …'` : said;
}

/** `terminated` is what `fetch` says of a connection that was closed. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error instanceof TypeError && error.message === 'terminated' ? LOST : error.message;
}
