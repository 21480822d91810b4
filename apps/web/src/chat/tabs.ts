import type { Thread } from '../protocol/types.js';

/** What the tabs of one browser tell each other. */
export type TabMessage =
  /** It is new, or has another title or state. `question`: its first message. */
  | { readonly type: 'thread'; readonly thread: Thread; readonly question?: string | undefined }
  | { readonly type: 'deleted'; readonly threadId: string }
  /** An answer is being written there. */
  | { readonly type: 'turn'; readonly threadId: string };

export interface Tabs {
  /** To the others, not to this one. */
  tell(message: TabMessage): void;
}
