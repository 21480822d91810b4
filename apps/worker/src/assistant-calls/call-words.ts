import type { AssistantContext, GenerateResult } from '#chatkit';
import { ProviderError, unlessAborted } from '#providers';
import { AppError, type AssistantCall } from '#runtime';
import { failureFrames } from '../module-loader/author-frames.js';
import { loggableText } from '../module-loader/loggable-text.js';
import { saidIn } from '../module-loader/said-in.js';

/** The newest items of the conversation, which an error may quote, and how long the log waits for them. */
const ITEMS = 100;
const ITEMS_WITHIN_MS = 2_000;

/** What is said during one assistant call, so that the log does not quote it where the call fails. */
export class CallWords {
  private readonly said: unknown[] = [];
  private store: AssistantContext['store'] | undefined;

  /** The context for the assistant's code. */
  heardBy(ctx: AssistantContext): AssistantContext {
    this.store = ctx.store;
    return { ...ctx, generate: (request) => this.heard(request.prompt, ctx.generate(request)) };
  }

  /** What the log may hold of a failure: its words, and where it was. */
  async failure(error: unknown, call: AssistantCall): Promise<Readonly<Record<string, unknown>>> {
    return { error: await this.words(error, call), ...failureFrames(error) };
  }

  private async words(error: unknown, call: AssistantCall): Promise<string> {
    if (error instanceof ProviderError || error instanceof AppError) return loggableText(error, []);
    // Only the assistant knows what the person has dictated.
    if (call.kind === 'transcribe') return error instanceof Error ? error.name : 'no error, but something else';
    const asked = call.kind === 'sync_action' ? [call.payload.action] : [];
    return loggableText(error, saidIn([...asked, ...this.said, ...(await this.items(call.payload.threadId))]));
  }

  private async items(threadId: string): Promise<readonly unknown[]> {
    if (!this.store) return [];
    const loading = this.store.loadItems(threadId, { limit: ITEMS, order: 'desc' }).then(({ data }) => data);
    return unlessAborted(AbortSignal.timeout(ITEMS_WITHIN_MS), loading, 0).catch(() => []);
  }

  private async heard(prompt: unknown, answer: Promise<GenerateResult>): Promise<GenerateResult> {
    this.said.push(prompt);
    const result = await answer;
    this.said.push(result);
    return result;
  }
}
