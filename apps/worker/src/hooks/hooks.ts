import { authorFailure } from '../module-loader/author-frames.js';
import { type CallHooks, hookedModel, type LanguageModel, type ModelCaller, type Registry } from '#providers';
import type { Logger } from '#runtime';

/** The operator's own code around all model calls; absent, there is none. */
export class Hooks {
  constructor(
    private readonly hooks: CallHooks | undefined,
    private readonly logger: Pick<Logger, 'error'>,
  ) {}

  /** What resolves models with the hooks around them: for all that a turn, or an assistant call, asks models for. */
  over(registry: Pick<Registry, 'resolve'>, caller: ModelCaller): Pick<Registry, 'resolve'> {
    if (!this.hooks) return registry;
    return { resolve: (name) => this.around(registry.resolve(name), caller) };
  }

  around(model: LanguageModel, caller: ModelCaller): LanguageModel {
    if (!this.hooks) return model;
    return hookedModel(model, this.hooks, caller, (error) =>
      this.logger.error({ err: error, ...caller, ...authorFailure(error) }, 'the hook `after` failed'),
    );
  }
}
