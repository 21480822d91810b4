import { Injectable } from '@nestjs/common';
import { isHidden, type RequestOf } from '#chatkit';
import { AppError, Logger, PrismaThreadStore } from '#runtime';
import { AssistantCalls, FeedbackStore, RunAdmission } from '#runtime/api';
import { callerIds } from '../errors/log-ids.js';
import { assertFeature } from '../assistants/assistants.js';
import { CallSlots } from '../slots/call-slots.js';
import type { Caller } from './caller.js';

/** What an assistant's code does without a stream. */
@Injectable()
export class AssistantOperations {
  constructor(
    private readonly store: PrismaThreadStore,
    private readonly feedback: FeedbackStore,
    private readonly calls: AssistantCalls,
    private readonly runs: RunAdmission,
    private readonly slots: CallSlots,
    private readonly logger: Logger,
  ) {}

  /** A click that is answered with JSON, also while the thread is being answered [RQ-19] [GF-41]. */
  async syncCustomAction(
    { auth, assistant, context }: Caller,
    params: RequestOf<'threads.sync_custom_action'>['params'],
  ): Promise<object> {
    const { thread_id: threadId, item_id: itemId, action } = params;
    assertFeature(assistant, 'sync_action');
    await this.store.loadThread(auth, threadId);
    if (itemId !== undefined) {
      const sender = await this.store.loadItem(auth, threadId, itemId);
      if (sender.type !== 'widget') throw new AppError('item.wrong_kind', `The item ${itemId} is not a widget.`);
    }
    const payload = { threadId, itemId, action };
    const { updatedItem } = await this.slots.within(auth, () =>
      this.calls.call(auth, assistant.id, 'sync_action', payload, context),
    );
    return updatedItem && !isHidden(updatedItem) ? { updated_item: updatedItem } : {};
  }

  /**
   * Stored here, then passed on to the assistant if it has a callback for it [RQ-24]; that may ask models, so a quota refuses it. The user does not wait for that, and
   * does not see its failure.
   */
  async addFeedback(
    { auth, assistant, context }: Caller,
    params: RequestOf<'items.feedback'>['params'],
  ): Promise<object> {
    const given = { threadId: params.thread_id, itemIds: params.item_ids, kind: params.kind };
    const isPassedOn = assistant.features.includes('feedback');
    if (isPassedOn) await this.runs.assertWithinQuotas(auth);
    await this.feedback.add(auth, given);
    if (isPassedOn) {
      this.slots
        .within(auth, () => this.calls.call(auth, assistant.id, 'feedback', given, context))
        .catch((error: Error) =>
          this.logger.warn(
            { ...callerIds(auth), threadId: params.thread_id, err: error },
            'feedback was not passed on',
          ),
        );
    }
    return {};
  }

  /** Speech to text [RQ-25]. */
  async transcribe(
    { auth, assistant, context }: Caller,
    params: RequestOf<'input.transcribe'>['params'],
  ): Promise<object> {
    assertFeature(assistant, 'transcribe');
    const payload = { audioBase64: params.audio_base64, mimeType: params.mime_type };
    const { text } = await this.slots.within(auth, () =>
      this.calls.call(auth, assistant.id, 'transcribe', payload, context),
    );
    return { text };
  }
}
