import { type CallHooks, hookedModel, type LanguageModel, type Registry } from '#providers';
import type { Claim, Logger } from '#runtime';
import { callerOf } from '../answer/caller-of.js';

/** The operator's own code around the calls of models that runs make; absent, there is none. */
export class Hooks {
  constructor(
    private readonly hooks: CallHooks | undefined,
    private readonly logger: Pick<Logger, 'error'>,
  ) {}

  /** A registry whose models have them: for all that a turn asks models for, titles and an assistant's own calls included. */
  over(registry: Registry, claim: Claim): Registry {
    if (!this.hooks) return registry;
    return { ...registry, resolve: (name) => this.around(registry.resolve(name), claim) };
  }

  around(model: LanguageModel, claim: Claim): LanguageModel {
    if (!this.hooks) return model;
    return hookedModel(model, this.hooks, callerOf(claim), (error) =>
      this.logger.error({ err: error, runId: claim.runId }, 'the hook `after` failed'),
    );
  }
}
