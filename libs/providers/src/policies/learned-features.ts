import type { OnPolicyEvent } from './policy-event.js';
import type { PolicyState } from './policy-state.js';
import type { CallSettings } from '../spec/call-settings.js';
import type { ModelCaller } from '../spec/model-attempt.js';
import type { ModelRef } from '../spec/model-ref.js';
import type { ProviderError } from '../spec/provider-error.js';
import { type Feature, FEATURES } from '../spec/feature.js';

type Effort = CallSettings['reasoningEffort'];

/** For how long a model is not asked again for what it has refused: it may be another one behind the name tomorrow. */
const REMEMBERED_MS = 24 * 60 * 60_000;

/** How long a worker relies on what it knows before it looks what others have learned. */
const BELIEVED_MS = 30_000;

/** `earlier_reasoning` is refused for what it says, and the next conversation says something else. */
const NEVER_LEARNED: ReadonlySet<Feature> = new Set(['earlier_reasoning']);

/** What one model at one provider is known to refuse. Shared by all workers, in the state of the policies. */
export class LearnedFeatures {
  #known: { readonly features: ReadonlyMap<string, number>; readonly at: number } | undefined;

  constructor(
    private readonly ref: ModelRef,
    private readonly deps: { readonly state: PolicyState; readonly onEvent: OnPolicyEvent; readonly now: () => number },
  ) {}

  /** What a call with this effort must do without. An effort is refused by its value: another one may be taken. */
  async known(effort: Effort): Promise<readonly Feature[]> {
    const now = this.deps.now();
    if (!this.#known || now - this.#known.at >= BELIEVED_MS) await this.#load(now);
    const features = this.#known?.features ?? new Map<string, number>();
    return FEATURES.filter((feature) => (features.get(nameOf(feature, effort)) ?? 0) > now);
  }

  /** Records what a request was refused for, once one without it was taken. Does not wait for the shared state. */
  learn(features: readonly Feature[], effort: Effort, error: ProviderError, caller?: ModelCaller): void {
    const learned = features.filter((feature) => !NEVER_LEARNED.has(feature));
    if (learned.length === 0) return;
    const until = this.deps.now() + REMEMBERED_MS;
    const known = new Map(this.#known?.features);
    for (const feature of learned) {
      known.set(nameOf(feature, effort), until);
      void this.deps.state.setAside(this.#keyOf(nameOf(feature, effort)), REMEMBERED_MS);
    }
    this.#known = { features: known, at: this.#known?.at ?? this.deps.now() };
    const { ref } = this;
    this.deps.onEvent({ type: 'features_refused', ref, features: learned, forMs: REMEMBERED_MS, error, caller });
  }

  async #load(now: number): Promise<void> {
    const rests = await this.deps.state.asideFor(NAMES.map((name) => this.#keyOf(name)));
    const features = new Map(
      NAMES.flatMap((name, index) => (rests[index] ? [[name, now + rests[index]] as const] : [])),
    );
    const before = this.#known?.features;
    this.#known = { features, at: now };
    const found = [...features].filter(([name]) => !before?.has(name));
    for (const [name, until] of found) {
      const [feature] = name.split(':') as [Feature];
      this.deps.onEvent({ type: 'features_refused', ref: this.ref, features: [feature], forMs: until - now });
    }
  }

  #keyOf(name: string): string {
    return `unsupported/${this.ref.provider}/${this.ref.model}/${name}`;
  }
}

const EFFORTS = ['default', 'none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;

const nameOf = (feature: Feature, effort: Effort): string =>
  feature === 'reasoning' ? `${feature}:${effort ?? 'default'}` : feature;

const NAMES: readonly string[] = FEATURES.filter((feature) => !NEVER_LEARNED.has(feature)).flatMap((feature) =>
  feature === 'reasoning' ? EFFORTS.map((effort) => `${feature}:${effort}`) : [feature],
);
