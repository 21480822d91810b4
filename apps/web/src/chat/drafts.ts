import type { Outgoing } from '../protocol/client.js';
import type { Conversation } from './conversation.js';
import { Draft, type DraftDeps } from './draft.js';
import type { DraftMemory, KeptDraft } from './draft-memory.js';

/** The place of the draft of a conversation that has no thread yet; of others it is the thread's id. */
const NEW = 'new';
const NOTHING: KeptDraft = { text: '', files: [] };

type Named = Pick<Conversation, 'key' | 'threadId'>;
type Sender = Named & Pick<Conversation, 'store' | 'takeBack'>;

/**
 * The drafts of this page, one for each conversation. A message that is being sent stays in the browser's memory until the
 * server has it, and comes back if the server does not take it.
 */
export class Drafts {
  readonly #drafts = new Map<string, Draft>();
  readonly #places = new Map<Draft, string>();
  /** Of conversations whose first message was sent: what is written after it is theirs, also before they have a thread. */
  readonly #begun = new Map<number, Draft>();
  #isNewOpened = false;

  constructor(
    private readonly memory: DraftMemory,
    private readonly deps: Omit<DraftDeps, 'onChange'>,
  ) {}

  of({ key, threadId }: Named): Draft {
    return this.#begun.get(key) ?? this.#at(threadId ?? NEW);
  }

  /** Sends the message that is written in a conversation, if it is complete. `send` shows it as `pending` at once. */
  send(conversation: Sender, send: (message: Outgoing) => void): void {
    const draft = this.of(conversation);
    const message = draft.message();
    // A message that waits to be sent again comes first.
    if (!message || conversation.store.latest.pending !== undefined) return undefined;
    const before = draft.store.latest;
    draft.clear();
    send(message);
    // Another answer is being written: it was not even begun.
    if (conversation.store.latest.pending === undefined) return draft.restore(before);
    if (conversation.threadId === undefined) this.#begin(conversation, draft);
    return onSettled(conversation, (isTaken) => {
      if (isTaken) return this.#finish(conversation, draft);
      // Another message is being written already: this one waits in the conversation, to be sent again from there.
      if (!draft.isEmpty) return undefined;
      conversation.takeBack();
      if (this.#drafts.get(NEW)?.isEmpty) this.#drafts.delete(NEW);
      if (conversation.threadId === undefined && !this.#drafts.has(NEW)) this.#drafts.set(NEW, draft);
      return draft.restore(before);
    });
  }

  /** The conversation was deleted. */
  forget(threadId: string): void {
    this.#at(threadId).discard();
    this.#drafts.delete(threadId);
  }

  #at(place: string): Draft {
    const known = this.#drafts.get(place);
    if (known) return known;
    // What is kept at that place later is the message of a conversation that has just begun.
    const kept = place === NEW && this.#isNewOpened ? undefined : this.memory.get(place);
    if (place === NEW) this.#isNewOpened = true;
    const draft: Draft = new Draft({ ...this.deps, onChange: (now) => this.#keep(draft, now) }, kept);
    this.#drafts.set(place, draft);
    this.#places.set(draft, place);
    return draft;
  }

  #keep(draft: Draft, now: KeptDraft): void {
    this.memory.set(this.#places.get(draft) ?? NEW, now);
  }

  #begin({ key }: Named, draft: Draft): void {
    this.#begun.set(key, draft);
    if (this.#drafts.get(NEW) === draft) this.#drafts.delete(NEW);
  }

  /** The server has the message: what is in the draft now was written after it. */
  #finish({ key, threadId }: Named, draft: Draft): void {
    if (this.#places.get(draft) === NEW) {
      this.memory.set(NEW, this.#drafts.get(NEW)?.kept ?? NOTHING);
      this.#begun.delete(key);
      this.#drafts.set(threadId ?? NEW, draft);
      this.#places.set(draft, threadId ?? NEW);
    }
    this.#keep(draft, draft.kept);
  }
}

/** Waits until the server has taken the message that is being sent, which may be sent several times, or has refused it. */
function onSettled({ store }: Sender, settle: (isTaken: boolean) => void): void {
  const check = (): void => {
    const { pending, phase, problem } = store.latest;
    const isRefused = phase === 'idle' && problem?.again?.type === 'send' && problem.again.isRefused === true;
    if (pending !== undefined && !isRefused) return;
    stop();
    settle(pending === undefined);
  };
  const stop = store.subscribe(check);
  check();
}
