import { texts } from '../i18n/texts.js';
import type { Outgoing } from '../protocol/client.js';
import { applyEvent, closeOpen, type Ending, type Entries, mergeStored } from '../protocol/fold.js';
import type { OpenBreaker } from '../protocol/thread-requests.js';
import { type ClientEffect, effectCall } from './client-tools.js';
import type { ItemAction } from './item-actions.js';
import type { ChatEvent, Item, NoticeLevel } from '../protocol/types.js';

/** How to go on: a message that the server does not have is sent again, a question that it has is answered again. */
export type Again =
  | {
      readonly type: 'send';
      readonly message: Outgoing;
      /** The server has looked at it and does not take it as it is. */
      readonly isRefused?: boolean;
    }
  | { readonly type: 'edit'; readonly itemId: string; readonly text: string }
  | { readonly type: 'retry'; readonly itemId: string }
  /** The thread could not be loaded. */
  | { readonly type: 'open' }
  | Click;

/** What a click in a widget has sent. */
interface Click {
  readonly type: 'action';
  readonly itemId: string | undefined;
  readonly action: ItemAction;
}

/** What a turn answers. The server deletes all that comes after a message that it answers again. */
export type Trigger =
  /** `itemId`: of one that may not be loaded. */
  | { readonly type: 'message'; readonly itemId?: string | undefined }
  | Click
  /** What was put into a form, or what a tool of the page returned: the server has it, and takes it once. */
  | { readonly type: 'answer' };

/** What went wrong, shown below the transcript. */
export interface Problem {
  readonly tone: 'error' | 'info';
  readonly text: string;
  readonly again?: Again | undefined;
  /** How the newest turn has ended, if that is what it tells of. */
  readonly ending?: Ending | undefined;
  readonly runId?: string | undefined;
  /** For the operator: why it failed, what can be done about it, and the models that are not asked for a while. */
  readonly cause?: string | undefined;
  readonly fix?: string | undefined;
  readonly breakers?: readonly OpenBreaker[] | undefined;
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
  /** The newest turn's run, for reports. */
  readonly runId?: string | undefined;
  /** Sent, and not yet accepted by the server. */
  readonly pending?: Outgoing | undefined;
  /** The message whose place the pending one takes. */
  readonly editing?: string | undefined;
  /** What the newest turn answers. */
  readonly trigger: Trigger;
  readonly allowCancel: boolean;
  /** The status line of the turn. */
  readonly progress?: string | undefined;
  /** The name of its icon. */
  readonly progressIcon?: string | undefined;
  readonly notices: readonly Notice[];
  /** What the turn has told the page. */
  readonly effects: readonly ClientEffect[];
  readonly problem?: Problem | undefined;
  /** Why nothing can be written here any more. */
  readonly locked?: string | undefined;
  /** The cursor of the items before the shown ones. */
  readonly earlier?: string | undefined;
  /** Whether the turn has produced anything after its preamble. */
  readonly hasOutput: boolean;
  /** Whether the turn may end without output: what a click in a widget does need not be an answer. */
  readonly mayBeSilent: boolean;
}

export const newConversation: ConversationState = {
  phase: 'idle',
  entries: [],
  trigger: { type: 'message' },
  allowCancel: true,
  notices: [],
  effects: [],
  hasOutput: false,
  mayBeSilent: false,
};

export const isBusy = ({ phase }: ConversationState): boolean => phase !== 'idle';
/** Nothing is being done, and no message waits to be sent again. */
export const isFree = (state: ConversationState): boolean => !isBusy(state) && !state.pending;
export const isAnswering = ({ phase }: ConversationState): boolean => phase === 'waiting' || phase === 'answering';

/** The state when a turn begins. That the one before has not ended well stays visible. */
export function beginning(state: ConversationState, change: Partial<ConversationState>): Partial<ConversationState> {
  const { entries, problem } = state;
  const last = entries.at(-1);
  const marked =
    last && problem?.ending ? entries.with(entries.length - 1, { ...last, ending: problem.ending }) : entries;
  return { ...begun, entries: marked, ...change };
}

/** A turn begins: one that this page has asked for, or one that had started before the conversation was opened. */
export const begun: Partial<ConversationState> = {
  phase: 'waiting',
  runId: undefined,
  editing: undefined,
  trigger: { type: 'message' },
  allowCancel: true,
  problem: undefined,
  notices: [],
  effects: [],
  hasOutput: false,
  mayBeSilent: false,
};

/** The state after a request that the server did not take: what the request had hidden is back. */
export function refused(
  state: ConversationState,
  before: ConversationState,
  why: Pick<Problem, 'text' | 'cause'>,
  isRefused: boolean,
): Partial<ConversationState> {
  const { entries, notices } = before;
  const again = sendAgain(state, isRefused);
  return {
    phase: 'idle',
    ...keptPending(state),
    progress: undefined,
    entries,
    notices,
    problem: { tone: 'error', ...why, again },
  };
}

/** The state after one more event of the turn. Pure. */
export function reduce(state: ConversationState, event: ChatEvent): ConversationState {
  switch (event.type) {
    case 'run':
      return { ...state, runId: event.id };
    case 'thread':
      return { ...state, threadId: event.thread.id, locked: lockOf(event.thread.status) };
    case 'options':
      return { ...state, allowCancel: event.allowCancel };
    case 'progress':
      return { ...state, progress: event.text, progressIcon: event.icon, hasOutput: true };
    case 'effect':
      return affected(state, { name: event.name, data: event.data });
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

/** An effect that is meant for another page is not passed over in silence. */
function affected(state: ConversationState, effect: ClientEffect): ConversationState {
  const effects = [...state.effects, effect];
  if (effectCall(effect)) return { ...state, effects, hasOutput: true };
  const notice: Notice = { level: 'info', message: texts.widgets.effectUnknown(effect.name) };
  const isKnown = state.notices.some(({ message }) => message === notice.message);
  return { ...state, effects, notices: isKnown ? state.notices : [...state.notices, notice], hasOutput: true };
}

function accepted(state: ConversationState, event: ChatEvent): ConversationState {
  return { ...state, entries: applyEvent(state.entries, event), pending: undefined, editing: undefined };
}

function grown(state: ConversationState, event: ChatEvent): ConversationState {
  const phase = state.phase === 'waiting' ? 'answering' : state.phase;
  return { ...state, phase, entries: applyEvent(state.entries, event), progress: undefined, hasOutput: true };
}

function failure(state: ConversationState, event: Extract<ChatEvent, { type: 'error' }>): Problem {
  const again = event.allowRetry ? againOf(state) : undefined;
  return { tone: 'error', text: event.message ?? texts.core.failed, again, ending: 'failed', runId: state.runId };
}

/** Whether the turn of an ended stream is complete, or was cut by a server that stops. */
export const isComplete = (state: ConversationState): boolean =>
  (state.hasOutput || state.mayBeSilent) &&
  (state.problem !== undefined || state.entries.every(({ progress }) => progress !== 'open'));

/** After a turn that ended by itself. Items that failed halfway are not stored: they are shown, and marked as lost. */
export function ended(state: ConversationState): Partial<ConversationState> {
  return { phase: 'idle', progress: undefined, entries: closeOpen(state.entries, 'lost') };
}

/** After the user stopped the turn. */
export function stopped(state: ConversationState, before?: ConversationState): Partial<ConversationState> {
  const idle = { phase: 'idle', progress: undefined, entries: closeOpen(state.entries, 'stopped') } as const;
  if (state.pending)
    return {
      ...idle,
      ...keptPending(state),
      ...(before && { entries: before.entries }),
      problem: { tone: 'info', text: texts.core.notSent, again: sendAgain(state) },
    };
  if (state.hasOutput) return idle;
  return {
    ...idle,
    problem: { tone: 'info', text: texts.core.stoppedEarly, again: againOf(state), ending: 'stopped' },
  };
}

/** After looking for the stored part of a cut answer: `kept` is undefined if nothing was found in time. */
export function recovered(state: ConversationState, kept: readonly Item[] | undefined): Partial<ConversationState> {
  const idle = { phase: 'idle', progress: undefined } as const;
  if (kept) {
    const problem: Problem = { tone: 'info', text: texts.core.connectionLost };
    return { ...idle, entries: mergeStored(state.entries, kept), problem };
  }
  const problem: Problem = { tone: 'info', text: texts.core.connectionLostEarly, again: againOf(state) };
  return { ...idle, entries: closeOpen(state.entries, 'lost'), problem };
}

/** For a message that the server does not have. */
function sendAgain({ pending, editing }: ConversationState, isRefused?: boolean): Again | undefined {
  if (!pending) return undefined;
  return editing
    ? { type: 'edit', itemId: editing, text: pending.text }
    : { type: 'send', message: pending, ...(isRefused !== undefined && { isRefused }) };
}

/** A new message stays visible if it was not sent; a changed one gives way to what it was. */
const keptPending = ({ pending, editing }: ConversationState): Partial<ConversationState> => ({
  pending: editing ? undefined : pending,
  editing: undefined,
});

/** How the newest turn is asked for once more. Undefined if that would remove what the person has done since their message. */
function againOf({ entries, trigger }: Pick<ConversationState, 'entries' | 'trigger'>): Again | undefined {
  switch (trigger.type) {
    case 'message': {
      const last = entries.findLast(({ item }) => item.type === 'user_message');
      const itemId = last?.item.id ?? trigger.itemId;
      return itemId === undefined ? undefined : { type: 'retry', itemId };
    }
    case 'action':
      return trigger;
    case 'answer':
      return undefined;
  }
}

export function lockOf(status: { readonly type: string; readonly reason?: string } | undefined): string | undefined {
  if (!status || status.type === 'active') return undefined;
  return status.reason || (status.type === 'locked' ? texts.core.locked : texts.core.closed);
}
