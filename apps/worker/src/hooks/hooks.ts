import { type CallHooks, hookedModel, type LanguageModel, type ModelCaller, type Registry } from '#providers';
import type { Logger } from '#runtime';
import { failureFrames } from '../module-loader/author-frames.js';
import { loggableText } from '../module-loader/loggable-text.js';

type FailureLog = Pick<Logger, 'error'>;

/** The operator's own code around all model calls; absent, there is none. */
export class Hooks {
  constructor(private readonly hooks: CallHooks | undefined) {}

  /** What resolves models with the hooks around them: for all that a turn, or an assistant call, asks models for. */
  over(registry: Pick<Registry, 'resolve'>, caller: ModelCaller, logger: FailureLog): Pick<Registry, 'resolve'> {
    if (!this.hooks) return registry;
    return { resolve: (name) => this.around(registry.resolve(name), caller, logger) };
  }

  /** `logger`: of the run or the assistant call, so that its lines have the ids. */
  around(model: LanguageModel, caller: ModelCaller, logger: FailureLog): LanguageModel {
    if (!this.hooks) return model;
    return hookedModel(model, this.hooks, caller, (error, said) =>
      logger.error({ error: loggableText(error, said), ...failureFrames(error) }, 'the hook `after` failed'),
    );
  }
}
