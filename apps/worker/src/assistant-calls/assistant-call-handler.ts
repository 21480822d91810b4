import type { AssistantCall, CallReply } from '#runtime';

/**
 * Answers what needs an assistant's code and no stream. The reply's shape follows the call's kind. An `AppError`
 * reaches the asker in its own words; everything else that is thrown reaches the log only.
 */
export abstract class AssistantCallHandler {
  abstract handle(call: AssistantCall): Promise<CallReply>;
}
