import { Injectable } from '@nestjs/common';
import { encodeEvent, type ThreadItem, type ThreadMetadata, toWireThread } from '#chatkit';
import { PrismaThreadStore } from '#runtime';
import type { Assistant } from '../assistants/assistant.js';
import { authOf } from '../attempt/caller-of.js';
import { AssistantContexts } from '../context/assistant-contexts.js';
import { makeTitle, titleSignal } from '../titles/title-maker.js';
import { baseContext } from './prepare-turn.js';
import { messageOf } from './respond.js';
import type { TurnAttempt } from './turn-attempt.js';
import { TurnSettings } from './turn-settings.js';

/** How long a stream whose answer is complete stays open for the title. */
const STREAM_WAITS_MS = 1_500;

/** Titles of new threads, made beside their first answer [TH-4]. */
@Injectable()
export class ThreadTitles {
  constructor(
    private readonly contexts: AssistantContexts,
    private readonly store: PrismaThreadStore,
    private readonly settings: TurnSettings,
  ) {}

  /** Returns undefined when no title is to be made. */
  start(
    turn: TurnAttempt,
    assistant: Assistant,
    items: readonly ThreadItem[],
  ): Promise<string | undefined> | undefined {
    const { titles } = this.settings;
    const message = messageOf(turn, items);
    if (turn.run.claim.trigger !== 'threads.create' || !message) return undefined;
    if (titles === false && !assistant.definition.title) return undefined;
    const ctx = baseContext(this.contexts, turn, assistant, { signal: titleSignal(), isBackground: true });
    const hasModel = (name: string | undefined): boolean => turn.models.resolve(name).ref.provider !== 'demo';
    return makeTitle({ config: titles, hasModel }, assistant, ctx, message);
  }

  /** Saves the title when it is there, and shows it if that is soon; a later one is saved and not shown. */
  async show(turn: TurnAttempt): Promise<void> {
    const saved = this.save(turn);
    if (!saved) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), STREAM_WAITS_MS)));
    const thread = await Promise.race([saved, late]);
    clearTimeout(timer);
    if (thread) turn.writer.writeLast(encodeEvent({ type: 'thread.updated', thread: toWireThread(thread) }));
  }

  /** Saves the title whenever it comes: this field alone, and only while the thread has none [TH-4] [CC-4]. */
  save({ run, title, logger }: TurnAttempt): Promise<ThreadMetadata | undefined> | undefined {
    const { claim } = run;
    return title
      ?.then((text) =>
        text === undefined ? undefined : this.store.titleIfUntitled(authOf(claim), claim.threadId, text),
      )
      .catch((error: unknown) => {
        logger.warn({ err: error }, 'cannot save the title');
        return undefined;
      });
  }
}
