import type { ModelRef } from '../spec/model-ref.js';
import { ProviderError, type ProviderErrorCode } from '../spec/provider-error.js';
import type { AttemptEnd } from './attempt.js';
import type { BreakerRule } from './call-rules.js';
import type { OnPolicyEvent } from './policy-event.js';
import type { BreakerState, PolicyState } from './policy-state.js';
import { refusal } from './refusal.js';

/** Errors of a provider that is down; any other error shows that it is up. */
const COUNTED: ReadonlySet<ProviderErrorCode> = new Set([
  'unavailable',
  'overloaded',
  'timeout',
  'stream_truncated',
  'malformed_response',
]);

/** How long a closed breaker is assumed to be closed without checking the shared state. */
const BELIEVED_MS = 1_000;

/** When to try again while another call is the probe; how long that takes is unknown. */
const PROBE_RETRY_MS = 1_000;

/** The breaker of one model at one provider, as this worker knows it. */
export class Breaker {
  readonly #key: string;
  #known: { readonly state: BreakerState; readonly at: number } | undefined;

  constructor(
    private readonly ref: ModelRef,
    private readonly deps: { readonly state: PolicyState; readonly onEvent: OnPolicyEvent; readonly now: () => number },
  ) {
    this.#key = `${ref.provider}/${ref.model}`;
  }

  /** Undefined where a call may be made at once, as nearly always. @throws ProviderError `unavailable` while it is open */
  pass(rule: BreakerRule): Promise<void> | undefined {
    const known = this.#believed();
    if (!known) return this.#ask(rule);
    if (known.openForMs > 0) throw this.#refusal(known.openForMs);
    return known.failures < rule.failures ? undefined : this.#ask(rule);
  }

  /** Records how a call has ended. Does not wait for the shared state. */
  note({ outcome, error }: Pick<AttemptEnd, 'outcome' | 'error'>, rule: BreakerRule): void {
    if (outcome === 'aborted') return;
    if (outcome === 'failed' && error && COUNTED.has(error.code)) void this.#countFailure(error, rule);
    else if ((this.#known?.state.failures ?? 0) > 0) void this.#close(rule);
  }

  async #ask(rule: BreakerRule): Promise<void> {
    const state = this.#keep(await this.deps.state.breaker(this.#key));
    if (state.openForMs > 0) throw this.#refusal(state.openForMs);
    if (state.failures < rule.failures) return;
    if (!(await this.deps.state.takeProbe(this.#key, rule.openMs))) throw this.#refusal(PROBE_RETRY_MS);
  }

  async #countFailure(error: ProviderError, rule: BreakerRule): Promise<void> {
    const wasOpen = (this.#known?.state.openForMs ?? 0) > 0;
    const { openForMs } = this.#keep(await this.deps.state.countFailure(this.#key, rule));
    if (openForMs > 0 && !wasOpen) this.deps.onEvent({ type: 'breaker_opened', ref: this.ref, openForMs, error });
  }

  async #close(rule: BreakerRule): Promise<void> {
    const wasOpen = (this.#known?.state.failures ?? 0) >= rule.failures;
    this.#keep({ failures: 0, openForMs: 0 });
    await this.deps.state.closeBreaker(this.#key);
    if (wasOpen) this.deps.onEvent({ type: 'breaker_closed', ref: this.ref });
  }

  #keep(state: BreakerState): BreakerState {
    this.#known = { state, at: this.deps.now() };
    return state;
  }

  /** What is known without asking the store: open until its time is over, closed for a moment. */
  #believed(): BreakerState | undefined {
    if (!this.#known) return undefined;
    const { state, at } = this.#known;
    const age = this.deps.now() - at;
    if (state.openForMs > 0) return age < state.openForMs ? { ...state, openForMs: state.openForMs - age } : undefined;
    return age < BELIEVED_MS ? state : undefined;
  }

  #refusal(retryAfterMs: number): ProviderError {
    const { failures = 0 } = this.#known?.state ?? {};
    const detail = `not asked: the circuit breaker is open after ${failures} failures in a row, for another ${Math.ceil(retryAfterMs)} ms`;
    return refusal('unavailable', { ref: this.ref, detail, retryAfterMs });
  }
}
