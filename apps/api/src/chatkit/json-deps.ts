import type { ThreadItem } from '#chatkit';
import type {
  AssistantCalls,
  Attachments,
  AuthContext,
  FeedbackStore,
  Logger,
  RunLifecycle,
  ThreadStore,
} from '#runtime';

/** What it takes to answer the requests that do not stream. */
export interface JsonDeps {
  readonly store: ThreadStore;
  readonly lifecycle: RunLifecycle;
  readonly feedback: FeedbackStore;
  readonly attachments: Attachments;
  readonly calls: AssistantCalls;
  /** What live runs of a thread have come to and is not stored yet. */
  readonly openItems: (auth: AuthContext, threadId: string) => Promise<ThreadItem[]>;
  readonly logger: Logger;
}
