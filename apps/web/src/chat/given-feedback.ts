import type { ChatClient } from '../protocol/client.js';
import { withFeedback } from '../protocol/fold.js';
import type { FeedbackKind } from '../protocol/types.js';
import type { ConversationState } from './conversation-state.js';
import type { Store } from './store.js';

/** What the person has said about items of a thread, shown or not yet loaded. */
export class GivenFeedback {
  #given: ReadonlyMap<string, FeedbackKind> = new Map();

  constructor(
    private readonly client: ChatClient,
    private readonly store: Store<ConversationState>,
  ) {}

  readonly given = (): ReadonlyMap<string, FeedbackKind> => this.#given;

  /** Those of the server; what is known already where it does not answer. */
  async load(threadId: string): Promise<ReadonlyMap<string, FeedbackKind>> {
    return this.client.listFeedback(threadId).catch(() => this.#given);
  }

  keep(given: ReadonlyMap<string, FeedbackKind>): void {
    this.#given = new Map(given);
  }

  /** Shown at once, and taken back if the server does not take it. */
  async give(threadId: string, itemIds: readonly string[], kind: FeedbackKind): Promise<void> {
    const before = itemIds.map((id) => [id, this.#given.get(id)] as const);
    this.#change(itemIds.map((id) => [id, kind] as const));
    try {
      await this.client.feedback(threadId, itemIds, kind);
    } catch (error) {
      this.#change(before);
      throw error;
    }
  }

  #change(changes: readonly (readonly [id: string, kind: FeedbackKind | undefined])[]): void {
    const given = new Map(this.#given);
    for (const [id, kind] of changes) {
      if (kind) given.set(id, kind);
      else given.delete(id);
    }
    this.#given = given;
    this.store.set({ entries: withFeedback(this.store.latest.entries, new Map(changes)) });
  }
}
