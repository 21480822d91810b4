import type { ThreadItem } from '#chatkit';
import type {
  AssistantCalls,
  Attachments,
  AuthContext,
  FeedbackStore,
  Logger,
  RunAdmission,
  ThreadStore,
} from '#runtime';

/** What it takes to answer the requests that do not stream. */
export interface JsonDeps {
  readonly store: ThreadStore;
  readonly lifecycle: RunAdmission;
  readonly feedback: FeedbackStore;
  readonly attachments: Attachments;
  readonly calls: AssistantCalls;
  /** What live runs of a thread have come to and is not stored yet. */
  readonly openItems: (auth: AuthContext, threadId: string) => Promise<ThreadItem[]>;
  readonly logger: Logger;
}
