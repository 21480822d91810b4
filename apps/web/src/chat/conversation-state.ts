import type { Outgoing } from '../protocol/client.js';
import { applyEvent, closeOpen, type Entries, mergeStored, textOf } from '../protocol/fold.js';
import type { ChatEvent, Item, NoticeLevel } from '../protocol/types.js';
import { texts } from './texts.js';

/** A notice below the transcript. With `retry`, the message may be sent again. */
export interface Problem {
  readonly tone: 'error' | 'info';
  readonly text: string;
  readonly retry?: Outgoing | undefined;
}

export interface Notice {
  readonly level: NoticeLevel;
  readonly title?: string | undefined;
  readonly message: string;
}

/**
 * `waiting`: sent, nothing of an answer yet. `recovering`: the stream was cut, and the stored part of the answer is being
 * looked for.
 */
export type Phase = 'idle' | 'loading' | 'waiting' | 'answering' | 'recovering';

export interface ConversationState {
  readonly phase: Phase;
  readonly threadId?: string | undefined;
  readonly entries: Entries;
  /** Sent, and not yet accepted by the server. */
  readonly pending?: Outgoing | undefined;
  readonly allowCancel: boolean;
  /** The status line of the turn. */
  readonly progress?: string | undefined;
  readonly notices: readonly Notice[];
  readonly problem?: Problem | undefined;
  /** Why nothing can be written here any more. */
  readonly locked?: string | undefined;
  /** The cursor of the items before the shown ones. */
  readonly earlier?: string | undefined;
  /** Whether the turn has produced anything after its preamble. */
  readonly hasOutput: boolean;
}

export const newConversation: ConversationState = {
  phase: 'idle',
  entries: [],
  allowCancel: true,
  notices: [],
  hasOutput: false,
};

export const isBusy = ({ phase }: ConversationState): boolean => phase !== 'idle';
export const isAnswering = ({ phase }: ConversationState): boolean => phase === 'waiting' || phase === 'answering';

export function sending(message: Outgoing): Partial<ConversationState> {
  return { phase: 'waiting', pending: message, allowCancel: true, problem: undefined, notices: [], hasOutput: false };
}

/** An answer that had started before this conversation was opened. */
export const followed: Partial<ConversationState> = {
  phase: 'waiting',
  allowCancel: true,
  problem: undefined,
  notices: [],
  hasOutput: false,
};

/** The state after one more event of the turn. Pure. */
export function reduce(state: ConversationState, event: ChatEvent): ConversationState {
  switch (event.type) {
    case 'thread':
      return { ...state, threadId: event.thread.id, locked: lockOf(event.thread.status) };
    case 'options':
      return { ...state, allowCancel: event.allowCancel };
    case 'progress':
      return { ...state, progress: event.text, hasOutput: true };
    case 'notice':
      return { ...state, notices: [...state.notices, event], hasOutput: true };
    case 'error':
      return { ...state, problem: failure(state, event), hasOutput: true };
    case 'item.done':
      if (event.item.type === 'user_message') return accepted(state, event);
      return grown(state, event);
    case 'item.added':
    case 'item.updated':
    case 'item.replaced':
    case 'item.removed':
      return grown(state, event);
  }
}

function accepted(state: ConversationState, event: ChatEvent): ConversationState {
  return { ...state, entries: applyEvent(state.entries, event), pending: undefined };
}

function grown(state: ConversationState, event: ChatEvent): ConversationState {
  const phase = state.phase === 'waiting' ? 'answering' : state.phase;
  return { ...state, phase, entries: applyEvent(state.entries, event), progress: undefined, hasOutput: true };
}

function failure(state: ConversationState, event: Extract<ChatEvent, { type: 'error' }>): Problem {
  const retry = event.allowRetry ? lastQuestion(state) : undefined;
  return { tone: 'error', text: event.message ?? texts.failed, retry };
}

/** Whether the turn of an ended stream is complete, or was cut by a server that stops. */
export const isComplete = (state: ConversationState): boolean =>
  state.hasOutput && (state.problem !== undefined || state.entries.every(({ progress }) => progress !== 'open'));

/** After a turn that ended by itself. Items that failed halfway are not stored: they are shown, and marked as lost. */
export function ended(state: ConversationState): Partial<ConversationState> {
  return { phase: 'idle', progress: undefined, entries: closeOpen(state.entries, 'lost') };
}

/** After the user stopped the turn. */
export function stopped(state: ConversationState): Partial<ConversationState> {
  const idle = { phase: 'idle', progress: undefined, entries: closeOpen(state.entries, 'stopped') } as const;
  if (state.pending) return { ...idle, problem: { tone: 'info', text: texts.notSent, retry: state.pending } };
  if (state.hasOutput) return idle;
  return { ...idle, problem: { tone: 'info', text: texts.stoppedEarly, retry: lastQuestion(state) } };
}

/** After looking for the stored part of a cut answer: `kept` is undefined if nothing was found in time. */
export function recovered(state: ConversationState, kept: readonly Item[] | undefined): Partial<ConversationState> {
  const idle = { phase: 'idle', progress: undefined } as const;
  if (kept) {
    const problem: Problem = { tone: 'info', text: texts.connectionLost };
    return { ...idle, entries: mergeStored(state.entries, kept), problem };
  }
  const problem: Problem = { tone: 'info', text: texts.connectionLostEarly, retry: lastQuestion(state) };
  return { ...idle, entries: closeOpen(state.entries, 'lost'), problem };
}

/** The user's newest message, to be sent again. */
export function lastQuestion({ entries }: Pick<ConversationState, 'entries'>): Outgoing | undefined {
  const last = entries.findLast(({ item }) => item.type === 'user_message');
  return last && { text: textOf(last.item) };
}

export function lockOf(status: { readonly type: string; readonly reason?: string } | undefined): string | undefined {
  if (!status || status.type === 'active') return undefined;
  return status.reason || 'This conversation is closed.';
}
