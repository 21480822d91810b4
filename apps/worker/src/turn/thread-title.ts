import { encodeEvent, type ThreadItem, type ThreadMetadata, toWireThread } from '#chatkit';
import type { Assistant } from '../assistants/assistant.js';
import { makeTitle, titleSignal } from '../titles/title-maker.js';
import { authOf, baseContext } from './prepare-turn.js';
import { messageOf } from './respond.js';
import type { RunTurnDeps, Turn } from './turn-attempt.js';

/** How long a stream whose answer is complete stays open for the title. */
const STREAM_WAITS_MS = 1_500;

/** Begins to make the title of a new thread, beside its first answer; undefined where there is none to make. */
export function startTitle(
  deps: RunTurnDeps,
  turn: Turn,
  assistant: Assistant,
  items: readonly ThreadItem[],
): Promise<string | undefined> | undefined {
  const { claim } = turn.run;
  const message = messageOf(turn, items);
  if (claim.trigger !== 'threads.create' || !message) return undefined;
  if (deps.titles === false && !assistant.definition.title) return undefined;
  const ctx = baseContext(deps, turn, assistant, titleSignal());
  const hasModel = (name: string | undefined): boolean => deps.registry.resolve(name).ref.provider !== 'demo';
  return makeTitle({ config: deps.titles, hasModel }, assistant, ctx, message);
}

/** Saves the title when it is there, and shows it if that is soon; what comes later is saved without a word. */
export async function showTitle(deps: RunTurnDeps, turn: Turn): Promise<void> {
  const saved = keepTitle(deps, turn);
  if (!saved) return;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), STREAM_WAITS_MS)));
  const thread = await Promise.race([saved, late]);
  clearTimeout(timer);
  if (thread) turn.writer.writeLast(encodeEvent({ type: 'thread.updated', thread: toWireThread(thread) }));
}

/** Saves the title whenever it comes, by its field and only while there is none [TH-4] [CC-4]. */
export function keepTitle(
  deps: RunTurnDeps,
  { run, title, logger }: Turn,
): Promise<ThreadMetadata | undefined> | undefined {
  const { claim } = run;
  return title
    ?.then((text) => (text === undefined ? undefined : deps.store.titleIfUntitled(authOf(claim), claim.threadId, text)))
    .catch((error: unknown) => {
      logger.warn({ err: error }, 'cannot save the title');
      return undefined;
    });
}
