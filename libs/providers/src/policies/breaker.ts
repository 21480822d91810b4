import type { ModelCaller } from '../spec/model-attempt.js';
import type { ModelRef } from '../spec/model-ref.js';
import { ProviderError, type ProviderErrorCode } from '../spec/provider-error.js';
import type { AttemptEnd } from './attempt.js';
import type { OnPolicyEvent } from './policy-event.js';
import type { BreakerRule, BreakerState, PolicyState } from './policy-state.js';
import { refusal } from './refusal.js';

/** What each failure says of the provider: it is down, it is up because it has answered, or nothing. */
const SAYS: Readonly<Record<ProviderErrorCode, 'down' | 'up' | 'nothing'>> = {
  bad_key: 'up',
  no_access: 'up',
  model_unknown: 'up',
  context_too_long: 'up',
  content_filtered: 'up',
  rate_limited: 'up',
  overloaded: 'down',
  unavailable: 'down',
  timeout: 'down',
  stream_truncated: 'down',
  malformed_response: 'down',
  empty_response: 'up',
  bad_request: 'up',
  module_failed: 'nothing',
  circuit_open: 'nothing',
  all_failed: 'nothing',
};

/** How long its state is assumed to be what the shared state was; so soon an operator's hand has its effect. */
const BELIEVED_MS = 1_000;

/** When to try again while another call is the probe; how long that takes is unknown. */
const PROBE_RETRY_MS = 1_000;

/**
 * How a call was let through. `probe`: the one that tries whether the provider answers again. `background`: one that nobody has
 * asked for, such as a title's: its failures are not counted, and it never is the probe.
 */
export type CallKind = 'usual' | 'probe' | 'background';

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

  /**
   * Lets a call through; seldom asks the shared state. Without a rule only an operator opens it.
   * @throws ProviderError `circuit_open` while it is open
   */
  async pass(rule: BreakerRule | undefined, isBackground: boolean): Promise<CallKind> {
    const state = this.#believed() ?? this.#keep(await this.deps.state.breaker(this.#key));
    if (state.isHeld) throw this.#held();
    if (!rule || state.opens === 0) return isBackground ? 'background' : 'usual';
    if (state.openForMs > 0) throw this.#open(state, state.openForMs);
    if (isBackground || !(await this.deps.state.takeProbe(this.#key, rule.maxOpenMs))) {
      throw this.#open(state, PROBE_RETRY_MS);
    }
    return 'probe';
  }

  /** The first piece of an answer is there: nobody has to wait for its end. */
  answers(kind: CallKind): void {
    if (kind === 'probe') void this.#close();
  }

  /** Records how a call has ended. Does not wait for the shared state. */
  note(
    kind: CallKind,
    { outcome, error }: Pick<AttemptEnd, 'outcome' | 'error'>,
    rule: BreakerRule | undefined,
    caller?: ModelCaller,
  ): void {
    if (!rule) return;
    const says = outcome === 'completed' ? 'up' : ((outcome === 'failed' && error && SAYS[error.code]) ?? 'nothing');
    if (says === 'up') {
      if ((this.#known?.state.failures ?? 0) > 0) void this.#close();
    } else if (says === 'down' && error && kind !== 'background') {
      void this.#countFailure(error, rule, { isProbe: kind === 'probe', caller });
    }
  }

  /** The call has ended without an answer: where it was the probe and has not opened it again, another one may be it at once. */
  leave(kind: CallKind): void {
    if (kind === 'probe') void this.deps.state.releaseProbe(this.#key);
  }

  async #countFailure(
    error: ProviderError,
    rule: BreakerRule,
    { isProbe, caller }: { readonly isProbe: boolean; readonly caller: ModelCaller | undefined },
  ): Promise<void> {
    const wasOpen = (this.#known?.state.openForMs ?? 0) > 0;
    const failure = { code: error.code, detail: error.detail, isProbe };
    const { openForMs } = this.#keep(await this.deps.state.countFailure(this.#key, rule, failure));
    if (openForMs > 0 && !wasOpen)
      this.deps.onEvent({ type: 'breaker_opened', ref: this.ref, openForMs, error, caller });
  }

  async #close(): Promise<void> {
    const wasOpen = (this.#known?.state.opens ?? 0) > 0;
    this.#keep({ failures: 0, openForMs: 0, opens: 0, isHeld: this.#known?.state.isHeld ?? false });
    await this.deps.state.closeBreaker(this.#key);
    if (wasOpen) this.deps.onEvent({ type: 'breaker_closed', ref: this.ref });
  }

  #keep(state: BreakerState): BreakerState {
    this.#known = { state, at: this.deps.now() };
    return state;
  }

  #believed(): BreakerState | undefined {
    if (!this.#known) return undefined;
    const { state, at } = this.#known;
    const age = this.deps.now() - at;
    if (age >= BELIEVED_MS || (state.openForMs > 0 && age >= state.openForMs)) return undefined;
    return state.openForMs > 0 ? { ...state, openForMs: state.openForMs - age } : state;
  }

  #open({ failures, openForMs, last }: BreakerState, retryAfterMs: number): ProviderError {
    const wait =
      openForMs > 0
        ? `for another ${Math.ceil(retryAfterMs / 1_000)} s`
        : 'and another request is trying whether the model answers again';
    const said = last ? `; the last failure was ${last.code}: ${last.detail}` : '';
    return refusal('circuit_open', {
      ref: this.ref,
      detail: `not asked: the circuit breaker is open after ${failures} failures in a row, ${wait}${said}`,
      retryAfterMs,
      ...(last && isCode(last.code) && { cause: new ProviderError(last.code, { ref: this.ref, detail: last.detail }) }),
    });
  }

  #held(): ProviderError {
    const detail = 'not asked: an operator has opened the circuit breaker of this model, until it is closed by hand';
    return refusal('circuit_open', { ref: this.ref, detail });
  }
}

const isCode = (code: string): code is ProviderErrorCode => Object.hasOwn(SAYS, code);
