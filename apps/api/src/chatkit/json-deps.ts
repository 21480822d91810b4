import type { AssistantCalls, Attachments, FeedbackStore, Logger, RunLifecycle, ThreadStore } from '#runtime';

/** What it takes to answer the requests that do not stream. */
export interface JsonDeps {
  readonly store: ThreadStore;
  readonly lifecycle: RunLifecycle;
  readonly feedback: FeedbackStore;
  readonly attachments: Attachments;
  readonly calls: AssistantCalls;
  readonly logger: Logger;
}
