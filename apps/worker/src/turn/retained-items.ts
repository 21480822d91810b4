import type { ThreadItem } from '#chatkit';
import { unlessAborted } from '#providers';
import type { AssistantContexts } from '../context/assistant-contexts.js';
import { partialAnswers } from './endings.js';
import { baseContext } from './prepare-turn.js';
import { authorFailure } from '../module-loader/author-frames.js';
import { loggableText } from '../module-loader/loggable-text.js';
import { saidIn } from '../module-loader/said-in.js';
import type { TurnAttempt } from './turn-attempt.js';

/** How long an assistant may take to decide what stays of a stopped turn. */
const DECIDE_WITHIN_MS = 2_000;

/** What stays of a stopped turn: the assistant may decide; where its code fails, the partial answer stays. */
export async function retainedItems(contexts: AssistantContexts, turn: TurnAttempt): Promise<readonly ThreadItem[]> {
  const { assistant, output, logger } = turn;
  const unfinished = output.open.unfinished();
  const decide = assistant?.definition.onCancelled;
  if (!decide) return partialAnswers(unfinished);
  try {
    const signal = AbortSignal.timeout(DECIDE_WITHIN_MS);
    return await unlessAborted(signal, decide(baseContext(contexts, turn, assistant, { signal }), unfinished));
  } catch (error) {
    const text = loggableText(error, saidIn([...(turn.items ?? []), ...unfinished]));
    logger.error({ error: text, ...authorFailure(error) }, 'onCancelled failed: the partial answer is stored');
    return partialAnswers(unfinished);
  }
}
