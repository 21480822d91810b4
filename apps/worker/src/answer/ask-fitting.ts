import type { AssistantLog } from '#chatkit';
import { type LanguageModel, type ModelCall, ProviderError } from '#providers';
import { fitWindow, halve, type Question } from './fit-window.js';

/** How often a call is halved for a model that finds it too long, and whose context window was not known before. */
const HALVINGS = 2;

/** One model call; `hasBegun` means that a part of the answer has arrived. */
export interface Asking {
  hasBegun: boolean;
}

export interface FittingOptions {
  readonly log: AssistantLog;
  readonly signal: AbortSignal;
  readonly question?: Question;
}

/**
 * Asks the model with as much of the call as it takes. A model that refuses the call as too long before its answer is asked
 * again with half of it. @returns what was asked in the end, and what came of it
 * @throws what `ask` throws, and what `fitWindow` throws
 */
export async function askFitting<Answer>(
  model: LanguageModel,
  whole: ModelCall,
  { log, signal, question }: FittingOptions,
  ask: (call: ModelCall, asking: Asking) => Promise<Answer>,
): Promise<{ readonly call: ModelCall; readonly answer: Answer }> {
  let { call, dropped } = await fitWindow(model, whole, signal, question);
  for (let halvings = 0; ; halvings++) {
    if (dropped > 0) log.info('the oldest messages were left out of the prompt', { dropped, kept: call.prompt.length });
    const asking: Asking = { hasBegun: false };
    try {
      return { call, answer: await ask(call, asking) };
    } catch (error) {
      const smaller = isTooLong(error) && !asking.hasBegun && halvings < HALVINGS ? halve(call, question) : undefined;
      if (!smaller) throw error;
      ({ call, dropped } = smaller);
    }
  }
}

const isTooLong = (error: unknown): boolean => error instanceof ProviderError && error.code === 'context_too_long';
