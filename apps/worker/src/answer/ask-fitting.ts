import type { AssistantLog } from '#chatkit';
import { type FitCall, type ModelCall, ProviderError } from '#providers';
import { fitWindow, halve, type Question } from './fit-window.js';

/** How often a call is halved for a model that finds it too long, and whose context window was not known before. */
const HALVINGS = 2;

/** One model call; `hasBegun` means that a part of the answer has arrived. */
export interface Asking {
  hasBegun: boolean;
}

export interface FittingOptions {
  readonly log: AssistantLog;
  readonly question?: Question;
}

/**
 * Asks with as much of the call as each model that is asked takes. When the models refuse it as too long before an answer, they are
 * asked again with half of it. @returns the call that was answered, before it was made to fit, and what came of it
 * @throws what `ask` throws
 */
export async function askFitting<Answer>(
  whole: ModelCall,
  { log, question }: FittingOptions,
  ask: (call: ModelCall, asking: Asking) => Promise<Answer>,
): Promise<{ readonly call: ModelCall; readonly answer: Answer }> {
  const tell = (dropped: number, { prompt }: ModelCall) => {
    if (dropped > 0) log.info('the oldest messages were left out of the prompt', { dropped, kept: prompt.length });
  };
  const fit: FitCall = async (model, given, signal) => {
    const { call, dropped } = await fitWindow(model, given, signal, question);
    tell(dropped, call);
    return call;
  };
  let call = whole;
  for (let halvings = 0; ; halvings++) {
    const asking: Asking = { hasBegun: false };
    try {
      return { call, answer: await ask({ ...call, fit }, asking) };
    } catch (error) {
      const smaller = isTooLong(error) && !asking.hasBegun && halvings < HALVINGS ? halve(call, question) : undefined;
      if (!smaller) throw error;
      ({ call } = smaller);
      tell(smaller.dropped, call);
    }
  }
}

/** Refused as too long by the model, or by one of a chain of which none has answered. */
function isTooLong(error: unknown): boolean {
  if (!(error instanceof ProviderError)) return false;
  return (
    error.code === 'context_too_long' || (error.cause instanceof AggregateError && error.cause.errors.some(isTooLong))
  );
}
