import type { ModelCaller } from '../spec/model-attempt.js';
import type { KeyedProvider, Provider } from '../spec/provider.js';
import { ProviderError } from '../spec/provider-error.js';
import { POLICY_DEFAULTS } from '../spec/policy-config.js';
import type { OnPolicyEvent } from './policy-event.js';
import type { PolicyState } from './policy-state.js';

/** The keys of a provider, used in turn. A refused key is set aside for all workers, and the next one is used. */
export class KeyRing {
  readonly #keys: readonly KeyedProvider[];
  readonly #stateKeys: readonly string[];
  readonly #lastErrors = new Map<string, ProviderError>();
  #turn = 0;

  constructor(
    private readonly provider: Provider,
    private readonly deps: { readonly state: PolicyState; readonly onEvent: OnPolicyEvent },
  ) {
    this.#keys = provider.byKey ?? [];
    this.#stateKeys = this.#keys.map(({ key }) => `${provider.id}/${key}`);
  }

  /** Tries one key after the other until one is not refused. @throws the error of the last one */
  async use<T>(ask: (provider: Provider) => Promise<T>, caller?: ModelCaller): Promise<T> {
    if (this.#keys.length === 0) return ask(this.provider);
    const rests = await this.deps.state.asideFor(this.#stateKeys);
    let last: ProviderError | undefined;
    for (const index of this.#inTurn()) {
      const { provider } = this.#keys[index] as KeyedProvider;
      if ((rests[index] ?? 0) > 0) continue;
      try {
        return await ask(provider);
      } catch (error) {
        const restMs = restOf(error);
        if (restMs === undefined) throw error;
        last = error as ProviderError;
        await this.#setAside(index, restMs, last, caller);
      }
    }
    throw last ?? this.#allRest(rests);
  }

  /** Each call begins with another key. */
  #inTurn(): number[] {
    const { length } = this.#keys;
    const first = this.#turn++ % length;
    return Array.from({ length }, (_, index) => (first + index) % length);
  }

  async #setAside(index: number, forMs: number, error: ProviderError, caller: ModelCaller | undefined): Promise<void> {
    const { key } = this.#keys[index] as KeyedProvider;
    this.#lastErrors.set(key, error);
    this.deps.onEvent({ type: 'key_set_aside', provider: this.provider.id, key, forMs, error, caller });
    await this.deps.state.setAside(this.#stateKeys[index] as string, forMs);
  }

  /** No request was made: the error of the key that is available first, with the time until then. */
  #allRest(rests: readonly number[]): ProviderError {
    const retryAfterMs = Math.ceil(Math.min(...rests));
    const { key = '' } = this.#keys[rests.indexOf(Math.min(...rests))] ?? {};
    const error = this.#lastErrors.get(key);
    const ref = error?.ref ?? { provider: this.provider.id };
    const detail = `all ${rests.length} keys are set aside, the first one for another ${retryAfterMs} ms`;
    return new ProviderError(error?.code ?? 'rate_limited', {
      ref,
      detail: error ? `${detail}; it was refused with: ${error.detail}` : detail,
      retryAfterMs,
      ...(error?.status !== undefined && { status: error.status }),
      cause: error,
    });
  }
}

/** How long a key is set aside after this error; undefined when the error says nothing about the key. */
function restOf(error: unknown): number | undefined {
  if (!(error instanceof ProviderError)) return undefined;
  const { badKeyMs, rateLimitedMs, longestMs } = POLICY_DEFAULTS.keys;
  if (error.code === 'bad_key') return badKeyMs;
  return error.code === 'rate_limited' ? Math.min(longestMs, error.retryAfterMs ?? rateLimitedMs) : undefined;
}
