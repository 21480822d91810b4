import type { LanguageModel, ModelCall } from '../spec/language-model.js';
import type { Provider } from '../spec/provider.js';
import { ProviderError, type ProviderErrorCode, type ProviderErrorInit } from '../spec/provider-error.js';
import type { StreamPart } from '../spec/stream-part.js';
import { sleep } from '../timing/sleep.js';

/** A part, an error to throw, or milliseconds to wait. */
export type Step = StreamPart | Error | number;

/** Longer than any test. */
export const FOREVER = 2 ** 31 - 1;

export interface ScriptedProvider extends Provider {
  /** Every call so far, oldest first. */
  readonly calls: readonly { readonly call: ModelCall; readonly model: string; readonly signal: AbortSignal }[];
  /** What the calls after those so far do, one after the other; the last one for all others. */
  script(...scripts: readonly (readonly Step[])[]): void;
}

/** A provider that follows a script. */
export function scriptedProvider(id: string, more: Partial<Provider> = {}): ScriptedProvider {
  const calls: { call: ModelCall; model: string; signal: AbortSignal }[] = [];
  let scripts: (readonly Step[])[] = [];
  const capabilities = new Set(['chat', 'generate', 'stream'] as const);
  const model = (name: string): LanguageModel => ({
    ref: { provider: id, model: name },
    capabilities,
    async *stream(call, signal) {
      calls.push({ call, model: name, signal });
      for (const step of (scripts.length > 1 ? scripts.shift() : scripts[0]) ?? []) {
        signal.throwIfAborted();
        if (step instanceof Error) throw step;
        if (typeof step === 'number') await sleep(step, signal);
        else yield step;
      }
    },
  });
  return {
    id,
    name: id,
    capabilities,
    defaultModel: 'm',
    keyConfig: { required: false, label: 'No key', where: 'Nothing to get.' },
    listModels: async () => [{ id: 'm' }],
    healthCheck: async () => ({ ok: true, latencyMs: 0 }),
    ...more,
    model,
    calls,
    script: (...next) => void (scripts = [...next]),
  };
}

/** An answer in these pieces. */
export function answering(...pieces: readonly string[]): StreamPart[] {
  return [
    { type: 'text-start', id: 't' },
    ...pieces.map((text) => ({ type: 'text-delta', id: 't', text }) as const),
    { type: 'text-end', id: 't' },
    { type: 'finish', reason: { unified: 'stop', raw: null } },
  ];
}

/** As {@link answering}, without an end. */
export const beginning = (...pieces: readonly string[]): StreamPart[] =>
  answering(...pieces).slice(0, 1 + pieces.length);

export const failing = (code: ProviderErrorCode, more: Partial<ProviderErrorInit> = {}): ProviderError =>
  new ProviderError(code, { ref: { provider: 'p', model: 'm' }, detail: `${code} it is`, ...more });
