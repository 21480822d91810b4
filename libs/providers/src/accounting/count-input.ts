import type { InputCount } from '../spec/input-count.js';
import { decorated } from '../spec/decorated-model.js';
import type { LanguageModel, ModelCall } from '../spec/language-model.js';
import type { Provider } from '../spec/provider.js';
import { estimateInputTokens } from './estimate-tokens.js';
import { countWithTokenizer, hasOpenAITokenizer } from './openai-tokenizer.js';

/** How long a provider has to count; after that we estimate. */
const LIMIT_MS = 5_000;

/**
 * Input tokens of a call: by the provider's own count where it has one and answers in time, else by OpenAI's tokenizer for
 * its models, else by a rule of thumb. Never rejects: an abort, too, gives an estimate.
 */
export async function countInput(
  provider: Pick<Provider, 'countTokens'>,
  model: string,
  call: ModelCall,
  signal: AbortSignal,
  limitMs = LIMIT_MS,
): Promise<InputCount> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(new Error(`no count within ${limitMs} ms`)), limitMs);
  const exact = await ask(provider, model, call, AbortSignal.any([signal, limit.signal]));
  clearTimeout(timer);
  if (exact !== undefined) return { tokens: exact, is: 'exact' };
  return { tokens: await estimate(model, call), is: 'estimate' };
}

/** The model, able to count by {@link countInput}. */
export function withTokenCount(provider: Provider, model: LanguageModel): LanguageModel {
  return decorated(model, {
    stream: (call, signal) => model.stream(call, signal),
    countInput: (call, signal) => countInput(provider, model.ref.model, call, signal),
  });
}

async function ask(
  provider: Pick<Provider, 'countTokens'>,
  model: string,
  call: ModelCall,
  limited: AbortSignal,
): Promise<number | undefined> {
  try {
    limited.throwIfAborted();
    // A provider that does not heed the signal is left alone with its answer.
    const tokens = await Promise.race([provider.countTokens?.(model, call, limited), rejected(limited)]);
    return tokens !== undefined && Number.isFinite(tokens) && tokens >= 0 ? Math.ceil(tokens) : undefined;
  } catch {
    return undefined;
  }
}

function rejected(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

async function estimate(model: string, call: ModelCall): Promise<number> {
  try {
    if (hasOpenAITokenizer(model)) return await countWithTokenizer(call);
  } catch {
    // A tokenizer that does not load, or trips over a text, is no reason to have no number.
  }
  return estimateInputTokens(call);
}
